"""Waiting reasons: who is chased, how often, when it goes up, and whether clocks stand still."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.blueprints.office.policy_forms import SHORT_NAME
from portal.blueprints.office.promise_tabs import tabs
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import registers, waiting
from portal.domain.policies.models import Chased, WaitingReason
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import submit
from portal.web.stale import conflict

LONGEST_DAYS, MOST_REMINDERS = 60, 20


class ReasonForm(NamedForm):
    """What a waiting reason means."""

    chases = SelectField(_l("Who is reminded"), [InputRequired()], choices=choices(Chased))
    every_days = IntegerField(_l("Every so many working days"), [InputRequired(), NumberRange(1, LONGEST_DAYS)])
    reminders = IntegerField(_l("Reminders before it goes up"), [InputRequired(), NumberRange(0, MOST_REMINDERS)])
    goes_up_to = SelectField(_l("Then it goes up to"), [InputRequired()], choices=choices(Chased))
    stops_clocks = BooleanField(_l("Promised times stand still meanwhile"))
    in_use = BooleanField(_l("Can be chosen"), default=True)

    def facts(self) -> dict[str, Any]:
        """As a reason keeps them."""
        found = super().facts() | {"chases": Chased(self.chases.data), "goes_up_to": Chased(self.goes_up_to.data)}
        return {name: value for name, value in found.items() if name != "short_name"}


class NewReasonForm(ReasonForm):
    """The same, with the name that stands in records."""

    short_name = StringField(
        _l("Short name"),
        [InputRequired(), Length(max=40), Regexp(SHORT_NAME, message=_l("Only letters, digits and hyphens."))],
    )


@door.page("/waiting-reasons", access=P.POLICY_SEE, endpoint="waiting_reasons")
def reasons():
    """All waiting reasons."""
    return render("office/waiting_reasons.html", tabs=tabs(), reasons=registers.reasons(db.session()))


@door.form("/waiting-reasons/new", access=P.POLICY_EDIT, endpoint="new_waiting_reason")
def new():
    """Add a waiting reason."""
    form = NewReasonForm()
    page = lambda status: render("office/waiting_reason.html", "reason", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        waiting.add_reason(session, g.person, key=form.short_name.data, **form.facts())
        return url_for("office.waiting_reasons")

    return submit(form, act, page, done=_("The waiting reason is added."))


@door.form("/waiting-reasons/<key>", access=P.POLICY_EDIT, endpoint="waiting_reason")
def reason(key: str):
    """Change a waiting reason. Cases that wait already keep their next reminder."""
    record = _load(key)
    if not ReasonForm().is_submitted():
        form = ReasonForm(obj=record, name_zh=record.name.zh, name_en=record.name.en)
        form.base_version.data = str(record.rule_version)
        return _page(record, form)
    record_id, form = record.id, ReasonForm()

    def act(session):
        waiting.edit_reason(session, session.get_one(WaitingReason, record_id), g.person, form.version, **form.facts())
        return url_for("office.waiting_reasons")

    again = lambda status: _page(_load(key), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The waiting reason is saved."))


def _load(key: str) -> WaitingReason:
    return find(db.session, WaitingReason, g.person, P.POLICY_EDIT, key=key)


def _page(record: WaitingReason, form: ReasonForm, status: int = 200) -> Any:
    stale = conflict(form, record, "rule")
    return render("office/waiting_reason.html", "reason", status, record=record, form=form, stale=stale)
