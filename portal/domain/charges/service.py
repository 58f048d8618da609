"""Opening charges for finished work, invoicing them, and taking in the money."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, Effect
from portal.domain.charges import lifecycle, queries
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import OWED, PaidBy
from portal.domain.plans.models import PlanLine
from portal.domain.plans.money import net_and_tax
from portal.domain.plans.service import latest
from portal.domain.plans.words import LineKind
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState

figures.declare("charge_due_days", 30, "days", "operating decision: an invoice is due thirty days after its date")
figures.declare("charge_chase_days", 7, "days", "operating decision: an open invoice is reminded of weekly")

OF_THE_ORDER = ("organisation_id", "dealer_id", "centre_id", "technician_id")


def open_for_order(cause: Act) -> None:
    """Reaction to a finished order: what the customer consented to pay is owed from now on (RPR-6).

    An order that is finished again after a correction keeps its charge.
    """
    order: WorkOrder = cause.record
    if not order.fee or queries.of_order(cause.session, order) is not None:
        return
    charge = _charge(order, *_consented(cause.session, order))
    charge.opened_at = cause.at
    react(cause, lifecycle.OPEN, charge)


def open_late(session: Session, order: WorkOrder, person: Person) -> Charge:
    """Charge finished work that has no charge, at the price that the customer consented to. Raises NotNow."""
    _require_uncharged(session, order)
    if not order.fee:
        raise NotNow(Message("The customer consented to no price for this work: type the amount, with the reason."))
    charge = _charge(order, *_consented(session, order))
    return perform(session, lifecycle.OPEN_LATE, charge, person, _opened(charge)).record


def open_by_hand(
    session: Session, order: WorkOrder, person: Person, reason: str, *, name: str, net: int, tax_rate: int
) -> Charge:
    """Charge finished work that has no charge, at an amount that was typed: of work done before prices were consented
    to here, or less than was consented to. `net` in minor units before tax, `tax_rate` in basis points.

    Raises NotValid for more than the customer consented to (RPR-3), NotNow.
    """
    _require_uncharged(session, order)
    _, tax = net_and_tax(Decimal(1), net, tax_rate)
    line = {"kind": LineKind.OTHER.value, "code": "", "name": name.strip(), "unit": "", "quantity": "1", "share": 0}
    line |= {"unit_price": net, "tax_rate": tax_rate, "net": net, "tax": tax}
    charge = _charge(order, [line], net, tax)

    def change(act: Act) -> None:
        if net <= 0:
            raise NotValid(amount=Message("The amount is more than nothing."))
        if order.plan_agreed and charge.gross > (order.fee or 0):
            raise NotValid(amount=Message("With tax this is more than the customer consented to."))
        _opened(charge)(act)

    return perform(session, lifecycle.OPEN_BY_HAND, charge, person, change, reason=reason).record


def _require_uncharged(session: Session, order: WorkOrder) -> None:
    """Lock the order, and refuse what is not finished or is charged already. Raises NotNow."""
    lock(session, order)
    if order.state is not OrderState.DONE:
        raise NotNow(Message("The work is not finished yet: its charge opens by itself when it is."))
    if charge := queries.of_order(session, order):
        raise NotNow(Message("This work is charged already, by %(number)s.", number=charge.number))


def _consented(session: Session, order: WorkOrder) -> tuple[list[dict[str, Any]], int, int]:
    """The lines, the net amount and the tax of the option that the customer consented to."""
    plan = latest(session, order)
    option = plan.option(plan.chosen)
    return [_line(line) for line in option.lines if line.gross], option.net, option.tax


def _charge(order: WorkOrder, lines: list[dict[str, Any]], net: int, tax: int) -> Charge:
    scope = {name: getattr(order, name) for name in OF_THE_ORDER}
    return Charge(company=order.company, order=order, lines=lines, net=net, tax=tax, gross=net + tax, **scope)


def _opened(charge: Charge) -> Effect:
    def change(act: Act) -> None:
        charge.opened_at = act.at

    return change


def _line(line: PlanLine) -> dict[str, Any]:
    names = ("code", "name", "unit", "unit_price", "tax_rate", "share", "net", "tax")
    kept = {name: getattr(line, name) for name in names}
    return kept | {"kind": line.kind.value, "quantity": f"{line.quantity.normalize():f}"}


def today(charge: Charge, at: datetime) -> date:
    """The day of `at` in the company's zone."""
    return at.astimezone(ZoneInfo(charge.company.zone)).date()


def discount(session: Session, charge: Charge, person: Person, amount: int, reason: str) -> Act:
    """Let off `amount` minor units of what is owed, before the invoice; who grants it and why is kept."""

    def change(act: Act) -> None:
        if not 0 < amount <= charge.gross:
            raise NotValid(amount=Message("The discount is more than nothing and no more than the charge."))
        if charge.left + charge.discount < amount:
            raise NotValid(amount=Message("More than this was paid already."))
        charge.discount, charge.discount_reason, charge.discount_by_id = amount, act.reason, person.id

    return perform(session, lifecycle.DISCOUNT, charge, person, change, reason=reason)


def invoice(session: Session, charge: Charge, person: Person, invoice_number: str, invoiced_on: date) -> Act:
    """Record the invoice that was written outside the portal; what it says of the hospital is kept with it."""

    def change(act: Act) -> None:
        if invoiced_on > today(charge, act.at):
            raise NotValid(invoiced_on=Message("This day lies in the future."))
        customer = charge.organisation
        charge.invoice_number, charge.invoiced_on = invoice_number.strip(), invoiced_on
        charge.invoice_kind, charge.invoice_title = customer.invoice_kind, customer.invoice_title
        charge.tax_number = customer.tax_number
        charge.due_on = invoiced_on + timedelta(days=figures.integer(session, "charge_due_days"))
        charge.chase_on = charge.due_on + timedelta(days=1)

    return perform(session, lifecycle.INVOICE, charge, person, change)


def cancel(session: Session, charge: Charge, person: Person, reason: str) -> Act:
    """Give up a charge for which no money has come."""

    def change(act: Act) -> None:
        charge.why_cancelled, charge.chase_on = act.reason, None

    return perform(session, lifecycle.CANCEL, charge, person, change, reason=reason)


def record_payment(
    session: Session, charge: Charge, person: Person, amount: int, paid_on: date, paid_by: PaidBy, reference: str = ""
) -> ChargePayment:
    """Finance has the money: `amount` minor units that came on `paid_on`. Raises NotValid."""
    received = {"received_by_id": person.id}
    payment = _payment(charge, amount, paid_on, paid_by, reference=reference.strip(), **received)
    return perform(session, lifecycle.RECORD, payment, person, _checked(session, charge, payment)).record


def take_cash(session: Session, charge: Charge, person: Person, amount: int, paid_on: date) -> ChargePayment:
    """The technician takes cash against a numbered receipt, to be handed to finance at once. Raises NotValid."""
    payment = _payment(charge, amount, paid_on, PaidBy.CASH, taken_by_id=person.id)
    return perform(session, lifecycle.TAKE, payment, person, _checked(session, charge, payment)).record


def _payment(charge: Charge, amount: int, paid_on: date, paid_by: PaidBy, **values: Any) -> ChargePayment:
    scope = {name: getattr(charge, name) for name in OF_THE_ORDER}
    return ChargePayment(company=charge.company, amount=amount, paid_on=paid_on, paid_by=paid_by, **scope, **values)


def _checked(session: Session, charge: Charge, payment: ChargePayment):
    """A change that adds the payment to its charge, if so much is still owed."""
    lock(session, charge)

    def change(act: Act) -> None:
        if charge.state not in OWED:
            raise NotValid(amount=Message("Nothing is owed for this charge any more."))
        if not 0 < payment.amount <= charge.left:
            raise NotValid(amount=Message("The amount is more than nothing and no more than what is left to pay."))
        if payment.paid_on > today(charge, act.at):
            raise NotValid(paid_on=Message("This day lies in the future."))
        charge.payments.append(payment)

    return change


def hand_over(session: Session, payment: ChargePayment, person: Person) -> Act:
    """Finance receives the cash that a technician took: the receipt names both."""

    def change(act: Act) -> None:
        payment.received_by_id, payment.handed_over_at = person.id, act.at

    return perform(session, lifecycle.HAND_OVER, payment, person, change)


def settle(cause: Act) -> None:
    """Reaction to money that finance has, and to an invoice: paid is what is invoiced and lacks nothing."""
    charge = cause.record if isinstance(cause.record, Charge) else cause.record.charge
    if charge.state in lifecycle.SETTLE.on and charge.missing <= 0:
        react(cause, lifecycle.SETTLE, charge, _at_rest(charge))


def _at_rest(charge: Charge):
    def change(act: Act) -> None:
        charge.chase_on = None

    return change


def chase(session: Session, at: datetime, limit: int = 20) -> int:
    """Remind of invoices that are not paid in time, some at once. Returns how many."""
    found = queries.to_chase(session, at.date(), limit)
    for charge in found:
        again = today(charge, at) + timedelta(days=figures.integer(session, "charge_chase_days"))
        perform(session, lifecycle.CHASE, charge, SYSTEM, _chased(charge, again))
    return len(found)


def _chased(charge: Charge, again: date):
    def change(act: Act) -> None:
        charge.chase_on = again

    return change
