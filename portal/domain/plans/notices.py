"""Who is told of what about repair plans. Texts stand in templates/notices."""

from collections.abc import Iterable

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

DESKS = (Role.DESK, Role.DEALER_DESK)
HEADS = (Role.MANAGER,)

PLAN_OFFERED = declare(
    NoticeKind(
        "plan_offered",
        label=Message("A repair plan waits for your consent"),
        title=Message("The repair plan for %(request)s waits for your consent"),
        concerns=frozenset({Role.CUSTOMER}),
    )
)
PLAN_ANSWERED = declare(
    NoticeKind(
        "plan_answered",
        label=Message("A customer answered a repair plan"),
        title=Message("The repair plan of %(number)s was answered"),
        concerns=frozenset({Role.TECHNICIAN, *DESKS}),
    )
)
PLAN_DISPUTED = declare(
    NoticeKind(
        "plan_disputed",
        label=Message("A customer disputes who pays"),
        title=Message("The hospital disputes who pays for %(number)s"),
        concerns=frozenset({*DESKS, *HEADS}),
    )
)


def plan_offered(act: Act) -> None:
    _tell(act, PLAN_OFFERED, holders(act.session, P.PLAN_ANSWER, act.record))


def plan_consented(act: Act) -> None:
    _answered(act, "consented")


def plan_refused(act: Act) -> None:
    _answered(act, "refused")


def plan_expired(act: Act) -> None:
    _answered(act, "expired")


def plan_disputed(act: Act) -> None:
    _tell(act, PLAN_DISPUTED, holders(act.session, P.PLAN_CONFIRM, act.record), reason=act.reason)


def _answered(act: Act, answer: str) -> None:
    desks = holders(act.session, P.PLAN_DRAW_UP, act.record, DESKS)
    _tell(act, PLAN_ANSWERED, [act.record.order.technician, *desks], answer=answer, reason=act.reason)


def _tell(act: Act, kind: NoticeKind, people: Iterable[Account], **params: str) -> None:
    """Tell `people`, except whoever did it. The notice opens the request, where everybody has a page of the plan."""
    plan = act.record
    others = [account for account in people if account.id != act.actor.id]
    params = {"number": plan.order.number, "request": plan.order.request.number} | params
    notify(act.session, kind, others, root=plan.order.request, params=params, cause_id=act.entry.id)
