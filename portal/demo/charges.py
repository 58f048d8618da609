"""Money of the demonstration: charges in each state, cash on its way, invoice data of the hospitals."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.permissions import Person
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.charges import service
from portal.domain.charges.models import Charge
from portal.domain.charges.words import PaidBy
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import InvoiceKind
from portal.domain.statements import queries as statement_queries
from portal.domain.statements import service as statements

HOSPITALS = {
    "jiangnan": ("江南大学附属医院", "12310000425006117P", InvoiceKind.SPECIAL),
    "binjiang": ("滨江区人民医院", "12330108470113658T", InvoiceKind.GENERAL),
    "taihu": ("太湖国际医院有限公司", "91320200MA1XKQ4T7B", InvoiceKind.SPECIAL),
}
STATEMENTS_AT_ONCE = 5


def tell(session: Session, cast: Cast) -> None:
    """After all tales: the oldest charge is paid, one is overdue, one was paid in part in cash, the rest waits."""
    finance = _person(cast, "finance")
    for key, (title, number, kind) in HOSPITALS.items():
        organisation = cast.organisations[key]
        values = {"invoice_title": title, "tax_number": number, "invoice_kind": kind}
        values |= {"invoice_address": f"{organisation.address} {organisation.phone}".strip() or "本市"}
        values |= {"invoice_bank": "中国工商银行 1001 2000 0912 3456 789"}
        organisations.edit_invoicing(session, organisation, finance, organisation.invoicing_version, **values)
    owed = list(session.scalars(sa.select(Charge).order_by(Charge.opened_at)))
    for charge, act in zip(owed, (_paid, _overdue, _in_cash), strict=False):
        act(session, charge, cast)
    _state_accounts(session, finance, owed[0])


def _state_accounts(session: Session, finance: Person, oldest: Charge) -> None:
    """The statement of the month before last is issued; those of last month are drafts."""
    last, before = statement_queries.months(clock.now().date(), 2)
    statements.issue(
        session, statements.draw_up(session, finance, oldest.company, oldest.organisation, before), finance
    )
    run = statements.ask_for_all(session, finance, last)
    while statements.go_on(session, run, STATEMENTS_AT_ONCE):
        pass


def _paid(session: Session, charge: Charge, cast: Cast) -> None:
    finance, today = _person(cast, "finance"), clock.now().date()
    service.discount(session, charge, _person(cast, "manager"), charge.gross // 10, "老客户，同意九折")
    service.invoice(session, charge, finance, "25312000000123456789", today - timedelta(days=2))
    paid = (charge.left, today - timedelta(days=1), PaidBy.TRANSFER, "工行回单 0912-7781")
    service.record_payment(session, charge, finance, *paid)


def _overdue(session: Session, charge: Charge, cast: Cast) -> None:
    written = clock.now().date() - timedelta(days=45)
    service.invoice(session, charge, _person(cast, "finance"), "25312000000123450021", written)


def _in_cash(session: Session, charge: Charge, cast: Cast) -> None:
    taker = person_of(charge.technician)
    service.take_cash(session, charge, taker, min(charge.left, 20_000), clock.now().date())


def _person(cast: Cast, key: str) -> Person:
    return person_of(cast.people[key])
