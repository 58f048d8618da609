"""One promised time: why it is due when it is, why it was broken, and whether it counts.

Whoever sees a case sees what was promised about it; reasons and proofs are for the people of the house.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.records import door
from portal.blueprints.records.numbers import way_to
from portal.blueprints.records.promise_forms import CauseForm, PleaForm, UpholdForm
from portal.core.db import db
from portal.core.deadlines import Clock
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.accounts.models import Account
from portal.domain.complaints.models import Complaint
from portal.domain.permissions import P
from portal.domain.policies import promises
from portal.domain.policies.promises import ANNUL, CLOCK_LIFECYCLE, EXPLAIN, PLEAD
from portal.domain.policies.vocabulary import CAUSES, CODES, label
from portal.domain.servicing.models import EarlyRelease, ServiceRequest
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.navigation import audience
from portal.web.promises import face, why

SEEN_BY = ((ServiceRequest, P.REQUEST_SEE), (Complaint, P.COMPLAINT_SEE), (EarlyRelease, P.ORDER_SEE))
CASES = {model.__tablename__: (model, see) for model, see in SEEN_BY}
"""What has clocks, by table, and who may see it."""


@door.page("/clocks/<uid>", access=P.REQUEST_SEE, endpoint="promise")
def show(uid: str):
    """The rule with its source and version, the arithmetic, and what was said about it."""
    return _page(_load(uid))


def _load(uid: str) -> Clock:
    """The clock, for whoever may see its case. Raises NotYours."""
    mine = sa.select(Clock).where(Clock.uid == uid, Clock.root_kind.in_(CASES))
    one = db.session.scalars(mine.options(joinedload(Clock.calendar))).one_or_none()
    if one is None:
        raise NotYours()
    model, permission = CASES[one.root_kind]
    find(db.session, model, g.person, permission, id=one.root_id)
    return one


def _page(one: Clock, status: int = 200, **sent: PortalForm) -> Any:
    inside = g.person.can(P.CLOCK_SEE, one)
    verbs = {verb.name for verb in CLOCK_LIFECYCLE.possible(one, g.person)}
    return render(
        "records/promise.html",
        "why",
        status,
        frame=audience(g.person),
        clock=one,
        back=way_to(one.root_number),
        face=face(one, {}, inside=inside),
        why=why(db.session, one, inside=inside),
        said=_said(one) if inside else [],
        may=_may(one, verbs),
        **_forms(one, sent),
    )


def _may(one: Clock, verbs: set[str]) -> set[str]:
    """What this person may do about it now: cause, plead, decide; "wait" where they asked themselves."""
    pending = one.plea_at is not None and one.plea_decided_at is None
    found = set()
    if EXPLAIN.name in verbs:
        found.add("cause")
    if PLEAD.name in verbs and not one.regulatory and not pending:
        found.add("plead")
    if pending and ANNUL.name in verbs:
        found.add("wait" if one.plea_by_id == g.person.id else "decide")
    return found


def _said(one: Clock) -> list[tuple[str, Any]]:
    """What people put on record about it: the cause of the breach, the plea, the decision."""
    found: list[tuple[str, Any]] = []
    if one.breach_code:
        found.append((_("Cause"), (label(CAUSES, one.breach_code), one.breach_reason, "", None)))
    if one.plea_at is not None:
        names = _names(one.plea_by_id, one.plea_decided_by_id)
        asked = (label(CODES, one.plea_code), one.plea_reason, names.get(one.plea_by_id, ""), one.plea_at)
        found.append((_("Asked that it does not count"), asked))
        if one.plea_decided_at is not None:
            decided = promises.decision(one)
            found.append((_("Decided"), (decided, "", names.get(one.plea_decided_by_id, ""), one.plea_decided_at)))
    return found


def _names(*ids: int | None) -> dict[int, str]:
    known = sa.select(Account.id, Account.name).where(Account.id.in_([each for each in ids if each is not None]))
    return {row.id: row.name for row in db.session.execute(known)}


def _forms(one: Clock, sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    """Every form of the page, its fields with ids of their own: several promises may lie open on one page."""
    fresh = {"cause": CauseForm, "plea": PleaForm, "uphold": UpholdForm, "annul": PortalForm}
    forms = {name: sent.get(name) or form(formdata=None) for name, form in fresh.items()}
    if "cause" not in sent and one.breach_code:
        forms["cause"].code.data, forms["cause"].reason.data = one.breach_code, one.breach_reason
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}-{one.uid}"
    return {f"{name}_form": form for name, form in forms.items()}


@door.verb("/clocks/<uid>/explain", access=P.CLOCK_ACCOUNT)
def explain(uid: str):
    """Put the cause of a breach on record."""
    form = CauseForm()
    act = lambda s, one: promises.explain(s, one, g.person, form.code.data, form.reason.data)  # noqa: E731
    return _do(uid, "cause", form, act, _("The cause is on record."))


@door.verb("/clocks/<uid>/plead", access=P.CLOCK_ACCOUNT)
def plead(uid: str):
    """Ask that it does not count."""
    form = PleaForm()
    act = lambda s, one: promises.plead(s, one, g.person, form.code.data, form.reason.data)  # noqa: E731
    return _do(uid, "plea", form, act, _("Somebody else decides now. They have been told."))


@door.verb("/clocks/<uid>/annul", access=P.CLOCK_ANNUL)
def annul(uid: str):
    """Decide that it does not count."""
    act = lambda s, one: promises.annul(s, one, g.person)  # noqa: E731
    return _do(uid, "annul", PortalForm(), act, _("Decided: it does not count."))


@door.verb("/clocks/<uid>/uphold", access=P.CLOCK_ANNUL)
def uphold(uid: str):
    """Decide that it counts all the same."""
    form = UpholdForm()
    act = lambda s, one: promises.uphold(s, one, g.person, form.reason.data)  # noqa: E731
    return _do(uid, "uphold", form, act, _("Decided: it counts."))


def _do(uid: str, name: str, form: PortalForm, carry_out: Callable[[Any, Clock], Any], done: str) -> Any:
    one = _load(uid)
    clock_id, back = one.id, way_to(one.root_number)

    def act(session):
        carry_out(session, session.get_one(Clock, clock_id))
        return back

    return submit(form, act, lambda status: _page(_load(uid), status, **{name: form}), done=done)
