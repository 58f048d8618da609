"""Who is told of questions to second line and to manufacturers."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.notices import Addressee, Notice, NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.escalations.models import Escalation
from portal.domain.permissions import P, Role

ASKED = frozenset({Role.TECHNICIAN, Role.DEALER_DESK, Role.DESK, Role.QUALITY, Role.MANAGER})


def _content(session: Session, notice: Notice) -> Mapping[str, Any]:
    """The question as it stands, for a reader who has no account here."""
    record = session.get_one(Escalation, notice.root_id)
    device = record.order.request.device
    return {
        "question": record.question,
        "product": device.product,
        "serial": device.identity,
        "company": record.company,
        "asker": record.asked_by_name,
    }


QUESTION_ASKED = declare(
    NoticeKind(
        "question_asked",
        label=Message("A colleague asks you for help"),
        title=Message("Question %(number)s waits for your answer"),
        concerns=ASKED,
    )
)
QUESTION_TO_MAKER = declare(
    NoticeKind(
        "question_to_maker",
        label=Message("A question to a manufacturer"),
        title=Message("Question %(number)s about a device of yours"),
        mandatory=True,
        inbox=False,
        context=_content,
    )
)
QUESTION_ANSWERED = declare(
    NoticeKind(
        "question_answered",
        label=Message("Your question was answered"),
        title=Message("Question %(number)s was answered"),
        concerns=ASKED,
    )
)
QUESTION_WITHDRAWN = declare(
    NoticeKind(
        "question_withdrawn",
        label=Message("A question to you was withdrawn"),
        title=Message("Question %(number)s was withdrawn"),
        concerns=ASKED,
    )
)
QUESTION_WAITS = declare(
    NoticeKind(
        "question_waits",
        label=Message("A question still waits for its answer"),
        title=Message("Question %(number)s still waits for its answer"),
        concerns=ASKED,
    )
)


def _tell(act: Act, kind: NoticeKind, people: Iterable[Account | Addressee | None]) -> None:
    """Tell `people`, except whoever did it."""
    record = act.record
    others = [who for who in people if who is not None and (who.id is None or who.id != act.actor.id)]
    params = {"number": record.number or "", "order": record.order.number or ""}
    notify(act.session, kind, others, root=record, params=params, cause_id=act.entry.id)


def asked(act: Act) -> None:
    """To the colleague, or by mail to the manufacturer in the language of the question."""
    record: Escalation = act.record
    if record.expert is not None:
        _tell(act, QUESTION_ASKED, [record.expert])
    elif record.supplier_email:
        zone = record.company.zone
        _tell(act, QUESTION_TO_MAKER, [Addressee(record.supplier_email, record.language, zone)])


def answered(act: Act) -> None:
    """To whoever asked, and to the technician of the order."""
    _tell(act, QUESTION_ANSWERED, _askers(act))


def withdrawn(act: Act) -> None:
    _tell(act, QUESTION_WITHDRAWN, [act.record.expert])


def still_waits(act: Act, *, too_long: bool) -> None:
    """To the colleague; for a manufacturer to those who asked, who must chase it; in the end to the manager too."""
    record: Escalation = act.record
    people = [record.expert] if record.expert is not None else _askers(act)
    above = holders(act.session, P.ESCALATION_SEE, record, (Role.MANAGER,)) if too_long else []
    _tell(act, QUESTION_WAITS, [*people, *above])


def _askers(act: Act) -> list[Account | None]:
    record: Escalation = act.record
    asker = act.session.get(Account, record.asked_by_id) if record.asked_by_id else None
    return [asker, act.session.get(Account, record.technician_id)]
