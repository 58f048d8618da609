"""Giving out bytes: with their headers, and only after it is written down who takes them."""

import os
from typing import BinaryIO

from flask import Response, current_app, g, request
from werkzeug.wsgi import wrap_file

from portal.core import access
from portal.core.db import writing


def give(key: str, headers: dict[str, str], *, kind: str, record: str) -> Response:
    """The blob `key`; the row that says so is committed before its first byte. Raises Busy: then nothing is given.

    Take what you need of ORM objects before: the row's transaction expires them.
    """
    blob = _open(key)
    try:
        with writing("access") as session:
            access.note(session, g.person.id, kind, record, request.remote_addr or "")
    except BaseException:
        blob.close()
        raise
    return _answer(blob, headers)


def show(key: str, headers: dict[str, str]) -> Response:
    """The blob `key` as part of a page that the person has opened: a small picture leaves no row of its own."""
    return _answer(_open(key), headers)


def _open(key: str) -> BinaryIO:
    return current_app.extensions["room"].blobs.open(key)


def _answer(blob: BinaryIO, headers: dict[str, str]) -> Response:
    response = Response(wrap_file(request.environ, blob), headers=headers, direct_passthrough=True)
    response.content_length = os.fstat(blob.fileno()).st_size
    return response
