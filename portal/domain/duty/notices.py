"""Who is told of calls to the people on duty. Texts stand in templates/notices."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.notices import Notice, NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.duty.models import DutyCall
from portal.domain.permissions import Role

CALLED = frozenset({Role.TECHNICIAN, Role.DEALER_DESK, Role.DESK, Role.MANAGER})


def _case(session: Session, notice: Notice) -> Mapping[str, Any]:
    """What it is about, for somebody who has only the mail at hand in the night."""
    call = session.get_one(DutyCall, notice.root_id)
    asked = call.request
    return {
        "call": call.uid,
        "device": asked.device.product.name,
        "serial": asked.device.identity,
        "hospital": asked.organisation.name,
        "site": asked.site.name,
        "symptom": asked.symptom,
        "contact": asked.contact_name,
        "phone": asked.contact_phone,
    }


DUTY_CALL = declare(
    NoticeKind(
        "duty_call",
        label=Message("An urgent request came in while you were on duty"),
        title=Message("Please answer: urgent request %(request)s"),
        mandatory=True,
        context=_case,
        concerns=CALLED,
    )
)
DUTY_CALL_ANSWERED = declare(
    NoticeKind(
        "duty_call_answered",
        label=Message("Somebody else answered a call to the people on duty"),
        title=Message("%(name)s takes care of %(request)s"),
        context=_case,
        concerns=CALLED,
    )
)


def rung(act: Act) -> None:
    """Tell those who were called in this act."""
    call: DutyCall = act.record
    people = [ring.account for ring in call.rings if ring.rung_at == act.at]
    _tell(act, DUTY_CALL, people)


def answered(act: Act) -> None:
    """Tell the others who were called that they need not."""
    call: DutyCall = act.record
    _tell(act, DUTY_CALL_ANSWERED, [r.account for r in call.rings if r.account_id != act.actor.id], name=act.actor.name)


def _tell(act: Act, kind: NoticeKind, people: list, **params: str) -> None:
    call: DutyCall = act.record
    params = {"number": call.number, "request": call.request.number} | params
    notify(act.session, kind, people, root=call, params=params, cause_id=act.entry.id)
