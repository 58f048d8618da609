"""What can be done to charges and payments."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.charges import notices
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import OWED, ChargeState, PaymentState
from portal.domain.permissions import P

S = ChargeState


def invoice_data_known(act: Act) -> Message | None:
    """An invoice needs its title and the tax number of the hospital (抬头、税号)."""
    customer = act.record.organisation
    if customer.invoice_title and customer.tax_number:
        return None
    return Message("The hospital's invoice title and tax number are missing: enter them with the customer first.")


def nothing_paid(act: Act) -> Message | None:
    return Message("Money has come for it already.") if act.record.payments else None


def not_who_took_it(act: Act) -> Message | None:
    """A receipt names two people."""
    if act.actor.id == act.record.taken_by_id:
        return Message("Whoever took the money cannot receive it for finance: it needs a second person.")
    return None


OPEN = Verb(
    "open",
    on=NEW,
    to=S.OPEN,
    permission=P.CHARGE_KEEP,
    label=Message("Open charge"),
    numbered="CH",
    effects=(notices.charge_opened,),
)
OPEN_LATE = Verb(
    "open_late",
    on=NEW,
    to=S.OPEN,
    permission=P.CHARGE_EDIT,
    label=Message("Charge it at the price consented to"),
    numbered="CH",
)
OPEN_BY_HAND = Verb(
    "open_by_hand",
    on=NEW,
    to=S.OPEN,
    permission=P.CHARGE_EDIT,
    label=Message("Charge another amount"),
    asks_reason=True,
    numbered="CH",
)
DISCOUNT = Verb(
    "discount",
    on=(S.OPEN,),
    permission=P.CHARGE_DISCOUNT,
    label=Message("Grant a discount"),
    asks_reason=True,
)
INVOICE = Verb(
    "invoice",
    on=(S.OPEN,),
    to=S.INVOICED,
    permission=P.CHARGE_EDIT,
    label=Message("Record the invoice"),
    needs=(invoice_data_known,),
    effects=(notices.charge_invoiced,),
)
SETTLE = Verb("settle", on=(S.INVOICED,), to=S.PAID, permission=P.CHARGE_KEEP, label=Message("Paid in full"))
CANCEL = Verb(
    "cancel",
    on=OWED,
    to=S.CANCELLED,
    permission=P.CHARGE_EDIT,
    label=Message("Cancel the charge"),
    asks_reason=True,
    needs=(nothing_paid,),
)
CHASE = Verb(
    "chase",
    on=(S.INVOICED,),
    permission=P.CHARGE_KEEP,
    label=Message("Remind of an open sum"),
    effects=(notices.charge_overdue,),
)
CHARGE_LIFECYCLE = Lifecycle(
    Charge, ChargeState, [OPEN, OPEN_LATE, OPEN_BY_HAND, DISCOUNT, INVOICE, SETTLE, CANCEL, CHASE]
)


def _its_charge(payment: ChargePayment) -> list:
    return [payment.charge]


RECORD = Verb(
    "record",
    on=NEW,
    to=PaymentState.RECEIVED,
    permission=P.PAYMENT_RECORD,
    label=Message("Record a payment"),
)
TAKE = Verb(
    "take",
    on=NEW,
    to=PaymentState.TAKEN,
    permission=P.PAYMENT_TAKE,
    label=Message("Take cash"),
    numbered="RC",
    effects=(notices.cash_taken,),
)
HAND_OVER = Verb(
    "hand_over",
    on=(PaymentState.TAKEN,),
    to=PaymentState.RECEIVED,
    permission=P.PAYMENT_RECORD,
    label=Message("Receive the cash"),
    needs=(not_who_took_it,),
    also_locks=_its_charge,
)
PAYMENT_LIFECYCLE = Lifecycle(ChargePayment, PaymentState, [RECORD, TAKE, HAND_OVER])
