"""The hospital's approval of a quotation: that it is under way, and the papers that come of it (RPR-16)."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, RadioField
from wtforms.validators import DataRequired, Optional

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import Message, NotValid
from portal.core.permissions import find
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.permissions import P
from portal.domain.plans import queries, service
from portal.domain.plans.models import RepairPlan
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.navigation import audience


class PaperForm(PortalForm):
    """A paper of the hospital."""

    kind = RadioField(
        _l("What is it?"),
        choices=lambda: [(key, say(label)) for key, label in queries.PAPERS.items()],
        validators=[DataRequired()],
    )
    files = MultipleFileField(_l("Photos or files"))


class ApprovalForm(PortalForm):
    """When the approval is expected."""

    expected_on = DateField(_l("When is the approval expected?"), validators=[Optional()])


@door.form("/plans/<uid>/papers", access=P.PLAN_FILE, uploads=True)
def plan_papers(uid: str):
    """File the approval or the purchase order."""
    plan, form = _load(uid), PaperForm()
    if not form.is_submitted():
        return _shown("plan_papers", plan, form)
    plan_id, back = plan.id, _way_to(plan)

    def act(session):
        files = form.received.get("files", ())
        if not files:
            raise NotValid(files=Message("Choose a photo or a file."))
        service.file_papers(session, session.get_one(RepairPlan, plan_id), g.person, form.kind.data, files)
        return back

    again = lambda status: _shown("plan_papers", _load(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("It is filed with the plan."))


@door.form("/plans/<uid>/approval", access=P.PLAN_FILE)
def plan_approval(uid: str):
    """The quotation goes through the hospital's approval."""
    plan, form = _load(uid), ApprovalForm()
    if not form.is_submitted():
        return _shown("plan_approval", plan, form)
    plan_id, back = plan.id, _way_to(plan)

    def act(session):
        service.note_approval(session, session.get_one(RepairPlan, plan_id), g.person, form.expected_on.data)
        return back

    again = lambda status: _shown("plan_approval", _load(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("Noted. Nobody is reminded before the day you named."))


def _load(uid: str) -> RepairPlan:
    return find(db.session, RepairPlan, g.person, P.PLAN_FILE, uid=uid)


def _way_to(plan: RepairPlan) -> str:
    """The reader's own page of the plan."""
    match audience(g.person):
        case "customer":
            return url_for("customers.document", uid=documents.of(db.session, REPAIR_PLAN, plan.order).uid)
        case "technician":
            return url_for("technicians.plan", number=plan.order.number)
        case _:
            return url_for("desk.plan", number=plan.order.number)


def _shown(name: str, plan: RepairPlan, form: PortalForm, status: int = 200) -> Any:
    for field in form:  # it is fetched into a page that has forms of its own
        field.id = f"{name}-{field.name}"
    values = {"plan": plan, "form": form, "frame": audience(g.person)}
    values["back"] = url_for("records.open", number=plan.order.request.number)
    return render(f"records/{name}.html", name, status, **values)
