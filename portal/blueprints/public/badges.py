"""Whether a service badge is valid: for anyone at the door to whom a technician shows it (STF-3).

Nobody finds a badge by trying, as with labels (`labels`). A valid one shows name, photo, number and company, nothing
else; of one that is not valid nothing is said of its person.
"""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug import Response
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from portal.blueprints.public import door
from portal.blueprints.public.labels import among_known, unlisted
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.files import headers, served_key
from portal.domain.accounts import badges
from portal.domain.accounts.models import BADGE_SIGNS, Account
from portal.domain.accounts.throttle import Gate
from portal.web.answers import render
from portal.web.badges import badge_of
from portal.web.giving import show
from portal.web.pages import PUBLIC


class CodeForm(Form):
    """What stands under the square code. Nothing is changed by asking, so it is sent by GET."""

    code = StringField(_l("Code of the badge"), validators=[InputRequired()])


@door.page("/badge", access=PUBLIC)
def badge_form() -> Any:
    """Ask for the code; when it is given, lead to its page."""
    form = CodeForm(request.args)
    if code := (form.code.data or "").strip():
        return redirect(url_for("public.badge", code=code), 303)
    return render("public/badge_form.html", form=form)


@door.page("/badge/<code>", access=PUBLIC)
def badge(code: str) -> Response:
    """Valid, with whom it shows; or not, whether it never was or is so no more."""
    account = _known(code)
    shown = badge_of(account) if account is not None else None
    valid = shown is not None and shown["is_valid"]
    status = 404 if account is None else 200
    values = {"badge": shown if valid else None, "form": CodeForm()}
    return unlisted(render("public/badge.html", status=status, **values))


@door.page("/badge/<code>/photo", access=PUBLIC)
def badge_photo(code: str) -> Response:
    """The photo of a valid badge. Raises NotYours."""
    account = _known(code)
    found = badges.of(db.session, account) if account is not None else None
    key = served_key(found.file, thumbnail=True) if found and found.is_valid and found.file else None
    if key is None:
        raise NotYours()
    return unlisted(show(key, headers(found.file, thumbnail=True)))


def _known(code: str) -> Account | None:
    """Whose badge this is. Raises TooManyTries."""
    return among_known(code, BADGE_SIGNS, badges.by_code, Gate.BADGE)
