"""Forms: parsed, checked, sent once, and given back with everything that was typed.

`submit` is the one way from a form to a verb: it validates, takes in files before the transaction, answers a
repeated form with its first answer, carries out the act in `writing()`, and turns a refusal into the same
form with its messages (422), or with what stands now beside what was typed (409).
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import current_app, flash, g, request
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, StringField

from portal.core import idempotency
from portal.core.db import db, new_uid, writing
from portal.core.errors import Busy, NotNow, NotValid, PortalError, Stale
from portal.core.files import Incoming, discard, limits_in_force, receive
from portal.web.answers import go
from portal.web.languages import say

Effect = Callable[[Session], str]
"""Carries out the act inside `writing()` and returns where the browser goes next."""


class PortalForm(FlaskForm):
    """Base of all forms: carries the idempotency key and the version that was edited."""

    idempotency_key = HiddenField()
    base_version = HiddenField()

    quiet = ("idempotency_key", "base_version", "csrf_token")
    secret: tuple[str, ...] = ()

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field.data, str):
                field.data = field.data.replace("\r\n", "\n")  # browsers send every line end as two characters
        if not self.idempotency_key.data:
            self.idempotency_key.data = new_uid()
        if version is not None and not self.is_submitted():
            self.base_version.data = str(version)
        self.received: dict[str, list[Incoming]] = {}
        self.stale: Stale | None = None
        self.refusal: str | None = None

    @property
    def key(self) -> str:
        return self.idempotency_key.data

    @property
    def version(self) -> int:
        """The version of the edited group that the person saw; 0 where the form did not say."""
        text = self.base_version.data or ""
        return int(text) if text.isdigit() and len(text) < 10 else 0

    def values(self, *leave_out: str) -> dict[str, Any]:
        """What was typed, by field name, without the form's own fields and without files.

        A text field that was not sent at all counts as left empty.
        """
        skip = {*self.quiet, *leave_out}
        return {f.name: _plain(f) for f in self if f.name not in skip and not _is_file(f.data)}

    def spoil(self, error: NotValid) -> None:
        """Put the messages of a refusal at their fields."""
        for name, messages in error.fields.items():
            field = self._fields.get(name)
            if field is None:
                self.refusal = say(messages[0])
            else:
                field.errors = [*field.errors, *map(say, messages)]
        if not error.fields:
            self.refusal = say(error.message)

    def digest(self) -> str:
        """Hash of what was asked, files by their content."""
        fields = self.values(*self.secret)
        fields |= {name: [file.sha256 for file in files] for name, files in self.received.items()}
        fields["base"] = self.base_version.data
        return idempotency.fields_hash(request.path, fields)


def _plain(field: Field) -> Any:
    return "" if field.data is None and isinstance(field, StringField) else field.data


def _is_file(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_is_file(v) for v in value)
    return isinstance(value, FileStorage)


def submit(
    form: PortalForm,
    act: Effect,
    again: Callable[[int], Any],
    *,
    done: str = "",
    before: Callable[[], None] | None = None,
) -> Any:
    """Carry out a posted form. `again(status)` shows the same page once more; `done` is the toast after success.

    `before` does what is slow and needs no lock, such as checking a password; it refuses by raising NotValid.
    """
    if not form.validate():
        return again(422)
    try:
        if before:
            before()
        _receive_files(form)
        location = _once(form, act)
    except PortalError as error:
        _give_back(form)
        return _refuse(form, error, again)
    if done:
        flash(done, "good")
    return go(location)


def _refuse(form: PortalForm, error: PortalError, again: Callable[[int], Any]) -> Any:
    """The same form once more, with why; what is not about the form goes on to the error page."""
    match error:
        case NotValid():
            form.spoil(error)
        case Stale():
            form.stale, form.refusal = error, say(error.message)
        case NotNow() | Busy():
            form.refusal = say(error.message)
        case _:
            raise error
    return again(error.status)


def _give_back(form: PortalForm) -> None:
    """Remove files that no record came of."""
    room = current_app.extensions["room"]
    for files in form.received.values():
        for incoming in files:
            discard(incoming, room)


def _once(form: PortalForm, act: Effect) -> str:
    subject, digest = _subject(), form.digest()
    with writing(request.endpoint or "form") as session:
        answer = idempotency.answered(session, subject, form.key, digest)
        if answer is not None:
            return answer.location
        location = act(session)
        idempotency.keep(session, subject, form.key, digest, idempotency.Answer(303, location))
    return location


def _subject() -> str:
    """The signed-in person, or else the address: who a key belongs to."""
    if g.person is not None:
        return g.person.subject
    address = hashlib.sha256((request.remote_addr or "").encode()).hexdigest()[:16]
    return f"address:{address}"


def _receive_files(form: PortalForm) -> None:
    for field in form:
        for upload in _uploads(field.data):
            if upload.filename or upload.content_length:
                form.received.setdefault(field.name, []).append(_receive(field.name, upload))


def _uploads(data: Any) -> list[FileStorage]:
    values = data if isinstance(data, list | tuple) else [data]
    return [value for value in values if isinstance(value, FileStorage)]


def _receive(name: str, upload: FileStorage) -> Incoming:
    room, limits = current_app.extensions["room"], limits_in_force(db.session())
    try:
        return receive(upload.stream, upload.filename, upload.mimetype, limits=limits, room=room)
    except NotValid as error:
        raise NotValid(**{name: error.message}) from error
