"""What a statement says, as it is frozen: amounts in minor units, days as ISO text in the company's zone."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import PaidBy
from portal.domain.plans.money import capitals
from portal.domain.servicing.facts import both, company, day
from portal.domain.statements.models import Statement
from portal.domain.statements.queries import Ledger

CHINESE_CURRENCY = "CNY"
"""Only its amounts are said in capitals."""

WORDS = {way.value: way.label for way in PaidBy}
"""What to say for each code in the payload."""


def payload(session: Session, statement: Statement, made_by: str) -> dict[str, Any]:
    """The statement as it stands now. Where the balance carried over differs from the one stated the month before
    (a discount, a payment that was entered late), the difference is a line of its own.
    """
    ledger, zone = Ledger(session, statement), ZoneInfo(statement.company.zone)
    charges, cancelled, payments = ledger.charges(), ledger.cancelled(), ledger.payments()
    opening, stated = ledger.opening(), ledger.stated_before()
    sums = {
        "charged": sum(charge.owed for charge in charges),
        "cancelled": sum(charge.owed for charge in cancelled),
        "paid": sum(payment.amount for payment in payments),
    }
    closing = opening + sums["charged"] - sums["cancelled"] - sums["paid"]
    unpaid = [_open(charge, paid, statement.until, zone) for charge, paid in ledger.open_charges()]
    return {
        "company": company(statement),
        "customer": _customer(statement),
        "statement": {
            "month": f"{statement.month:%Y-%m}",
            "first_day": day(statement.month),
            "last_day": day(statement.until),
            "currency": statement.company.currency,
            "made_by": made_by,
            "opening": opening if stated is None else stated,
            "corrected": 0 if stated is None else opening - stated,
            "charges": [_charge(charge, charge.opened_at, zone) for charge in charges],
            "cancelled_charges": [_charge(charge, charge.last_event_at, zone) for charge in cancelled],
            "payments": [_payment(payment) for payment in payments],
            **sums,
            "closing": closing,
            "in_capitals": capitals(closing) if statement.company.currency == CHINESE_CURRENCY and closing >= 0 else "",
            "open": unpaid,
            "overdue": sum(row["left"] for row in unpaid if row["days_overdue"] > 0),
        },
    }


def dealer_of(session: Session, statement: Statement) -> int | None:
    """The dealer that served all of it; None where there was more than one, or our own centres served some."""
    ledger = Ledger(session, statement)
    served = {charge.dealer_id for charge in ledger.charges()}
    served |= {charge.dealer_id for charge in ledger.cancelled()}
    served |= {payment.dealer_id for payment in ledger.payments()}
    served |= {charge.dealer_id for charge, _ in ledger.open_charges()}
    return served.pop() if len(served) == 1 else None


def _customer(statement: Statement) -> dict[str, Any]:
    own = statement.organisation
    return {
        "name": both(own.name),
        "address": own.address,
        "invoice_title": own.invoice_title,
        "tax_number": own.tax_number,
    }


def _charge(charge: Charge, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "number": charge.number,
        "order": charge.order.number,
        "request": charge.order.request.number,
        "on": day(at.astimezone(zone).date()),
        "invoice": charge.invoice_number,
        "amount": charge.owed,
    }


def _payment(payment: ChargePayment) -> dict[str, Any]:
    return {
        "on": day(payment.paid_on),
        "way": payment.paid_by.value,
        "receipt": payment.number or payment.reference,
        "charge": payment.charge.number,
        "amount": payment.amount,
    }


def _open(charge: Charge, paid: int, until: date, zone: ZoneInfo) -> dict[str, Any]:
    """An open sum at the month's end. Nothing is overdue before its invoice is."""
    invoiced = charge.invoiced_on is not None and charge.invoiced_on <= until
    late = max((until - charge.due_on).days, 0) if invoiced else 0
    line = _charge(charge, charge.opened_at, zone)
    line |= {"invoice": charge.invoice_number if invoiced else "", "due_on": day(charge.due_on) if invoiced else None}
    return line | {"paid": paid, "left": charge.owed - paid, "days_overdue": late}
