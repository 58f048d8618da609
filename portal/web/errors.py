"""Refusals and failures as pages: plain words, a number to quote, a way on."""

import logging
import secrets
from typing import Any

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.core.db import db, is_busy
from portal.core.errors import Busy, PortalError
from portal.web.answers import is_htmx, render
from portal.web.languages import say

log = logging.getLogger("portal.refusals")


def install(app: Flask) -> None:
    """Answer every failure with the same kind of page."""
    app.register_error_handler(PortalError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _failed)


def page(status: int, message: str = "", reference: str = "") -> Any:
    """The error page. Inside htmx it must not land in a fragment, so a toast carries it instead."""
    body, _ = render("errors/error.html", code=status, message=message, reference=reference)
    headers = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"} if is_htmx() and status in (404, 403) else {}
    if is_htmx() and not headers:
        body, _ = render("errors/toast.html", code=status, message=message, reference=reference)
        headers = {"HX-Reswap": "none"}
    return body, status, headers


def _route() -> str:
    """The route as it is written: an address may hold a secret, such as the token of a mailed link."""
    return request.url_rule.rule if request.url_rule else "no route"


def _refused(error: PortalError) -> Any:
    log.info("%s %s: %s %s", request.method, _route(), error.status, error.message)
    return page(error.status, say(error.message))


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return page(error.code)


def _expired_form(error: CSRFError) -> Any:
    return page(400)


def _database(error: OperationalError) -> Any:
    db.session.rollback()
    g.person = None  # the frame that a signed-in person gets asks the database too
    if is_busy(error):
        log.warning("database busy: %s", error.orig)
        return page(503, say(Busy().message))
    return _failed(error)


def _failed(error: Exception) -> Any:
    reference = secrets.token_hex(4)
    db.session.rollback()
    logging.getLogger("portal").exception("failure %s at %s %s", reference, request.method, _route())
    return page(500, reference=reference)
