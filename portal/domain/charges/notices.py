"""Who is told of charges. Texts stand in templates/notices."""

from collections.abc import Iterable

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

CHARGE_OPENED = declare(
    NoticeKind(
        "charge_opened",
        label=Message("A charge waits for its invoice"),
        title=Message("Charge %(number)s waits for its invoice"),
        concerns=frozenset({Role.FINANCE}),
    )
)
CHARGE_INVOICED = declare(
    NoticeKind(
        "charge_invoiced",
        label=Message("An invoice was written"),
        title=Message("The invoice for %(order)s was written"),
        concerns=frozenset({Role.CUSTOMER}),
    )
)
CHARGE_OVERDUE = declare(
    NoticeKind(
        "charge_overdue",
        label=Message("An invoice is not paid yet"),
        title=Message("The invoice of charge %(number)s is not paid yet"),
        concerns=frozenset({Role.CUSTOMER, Role.FINANCE}),
    )
)
CASH_TAKEN = declare(
    NoticeKind(
        "cash_taken",
        label=Message("A technician took cash"),
        title=Message("Cash for charge %(number)s is to be handed over"),
        concerns=frozenset({Role.FINANCE}),
    )
)


def charge_opened(act: Act) -> None:
    _tell(act, CHARGE_OPENED, _finance(act))


def charge_invoiced(act: Act) -> None:
    params = {"invoice": act.record.invoice_number, "due": act.record.due_on.isoformat()}
    _tell(act, CHARGE_INVOICED, _customers(act), **params)


def charge_overdue(act: Act) -> None:
    params = {"invoice": act.record.invoice_number, "due": act.record.due_on.isoformat()}
    _tell(act, CHARGE_OVERDUE, [*_customers(act), *_finance(act)], **params)


def cash_taken(act: Act) -> None:
    people = holders(act.session, P.PAYMENT_RECORD, act.record, (Role.FINANCE,))
    params = {"number": act.record.charge.number, "receipt": act.record.number, "name": act.actor.name}
    notify(act.session, CASH_TAKEN, people, root=act.record.charge, params=params, cause_id=act.entry.id)


def _finance(act: Act) -> list[Account]:
    return holders(act.session, P.CHARGE_EDIT, act.record, (Role.FINANCE,))


def _customers(act: Act) -> list[Account]:
    return holders(act.session, P.CHARGE_SEE, act.record, (Role.CUSTOMER,))


def _tell(act: Act, kind: NoticeKind, people: Iterable[Account], **params: str) -> None:
    params = {"number": act.record.number, "order": act.record.order.number} | params
    notify(act.session, kind, people, root=act.record, params=params, cause_id=act.entry.id)
