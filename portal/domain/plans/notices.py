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
PLAN_BY_CONTRACT = declare(
    NoticeKind(
        "plan_by_contract",
        label=Message("A contract consented to a repair plan"),
        title=Message("The repair plan for %(request)s goes ahead under your contract"),
        concerns=frozenset({Role.CUSTOMER}),
    )
)
DISPUTE_DECIDED = declare(
    NoticeKind(
        "dispute_decided",
        label=Message("An objection to who pays was decided"),
        title=Message("Your objection to the plan for %(request)s was decided"),
        concerns=frozenset({Role.CUSTOMER, Role.TECHNICIAN}),
    )
)


def plan_offered(act: Act) -> None:
    """To who may consent; or, where their contract did, that it goes ahead under it."""
    plan, customers = act.record, holders(act.session, P.PLAN_ANSWER, act.record)
    if plan.consent_contract is None:
        _tell(act, PLAN_OFFERED, customers)
    else:
        _tell(act, PLAN_BY_CONTRACT, customers, contract=plan.consent_contract.number)


def dispute_decided(act: Act) -> None:
    """To the hospital and the technician, with the reason."""
    people = [*holders(act.session, P.PLAN_ANSWER, act.record), act.record.order.technician]
    stands = "yes" if act.verb.to is None else ""
    _tell(act, DISPUTE_DECIDED, people, stands=stands, reason=act.reason)


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
