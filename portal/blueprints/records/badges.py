"""A technician's service badge: kept by the person and by the office, shown at the door, printed as a card (STF-3)."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.documents import qr
from portal.core.permissions import find
from portal.domain.accounts import badges
from portal.domain.accounts.lifecycle import EDIT_BADGE
from portal.domain.accounts.models import Account
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.badges import badge_of
from portal.web.day_tabs import day_tabs
from portal.web.forms import PortalForm, submit
from portal.web.navigation import audience
from portal.web.signing import picture
from portal.web.stale import conflict


class BadgeForm(PortalForm):
    """What the badge shows beside the name."""

    staff_number = StringField(_l("Staff number"), validators=[Length(max=20)])
    photo = FileField(_l("Photo"))


def _load(uid: str) -> Account:
    return find(db.session, Account, g.person, P.BADGE_EDIT, uid=uid)


@door.form("/people/<uid>/badge", access=P.BADGE_EDIT, uploads=True)
def badge(uid: str) -> Any:
    """See and print it; a POST changes number and photo."""
    record = _load(uid)
    form = BadgeForm(obj=record, version=record.badge_version)
    if not form.is_submitted():
        return _page(record, form)
    account_id = record.id

    def act(session):
        account, values = session.get_one(Account, account_id), form.values("photo")
        badges.edit(session, account, g.person, form.version, photo=picture(form, "photo"), **values)
        return url_for("records.badge", uid=uid)

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The badge is saved."))


class LostForm(PortalForm):
    """What became of the card."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.verb("/people/<uid>/badge/renew", access=P.BADGE_EDIT)
def renew_badge(uid: str) -> Any:
    """A lost or copied card: a new code, and the old one is void at once."""
    account_id, form = _load(uid).id, LostForm()

    def act(session):
        badges.renew(session, session.get_one(Account, account_id), g.person, form.reason.data)
        return url_for("records.badge", uid=uid)

    def again(status: int) -> Any:
        record = _load(uid)
        return _page(record, BadgeForm(formdata=None, obj=record, version=record.badge_version), status, lost=form)

    return submit(form, act, again, done=_("The old code is void. Print the new card."))


def _page(record: Account, form: BadgeForm, status: int = 200, lost: LostForm | None = None) -> Any:
    shown = badge_of(record, for_staff=True)
    return render(
        "records/badge.html",
        "badge",
        status,
        frame=audience(g.person),
        record=record,
        badge=shown,
        code=qr(url_for("public.badge", code=record.badge_code, _external=True)),
        is_own=record.id == g.person.id,
        may_edit=EDIT_BADGE.possible_in(record.state) and bool(badges.repairing(record)),
        tabs=day_tabs(),
        form=form,
        lost=lost or LostForm(formdata=None),
        conflict=conflict(form, record, "badge", "edit_badge"),
    )
