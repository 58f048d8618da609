"""Lists of charges, and what belongs to one."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, visible_to
from portal.core.permissions import arms as reach_of
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import ChargeState, PaymentState
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState

C, O, W = (model.__table__ for model in (Charge, Organisation, WorkOrder))  # noqa: E741

CHARGES = Listing(
    columns=(
        C.c.uid,
        C.c.number,
        C.c.state,
        W.c.number,
        O.c.name,
        C.c.gross,
        C.c.discount,
        C.c.invoice_number,
        C.c.due_on,
        C.c.opened_at,
    ),
    source=C.join(O, O.c.id == C.c.organisation_id).join(W, W.c.id == C.c.order_id),
    key=C.c.opened_at,
    id=C.c.id,
)
"""uid, number, state, order number, organisation name, gross, discount, invoice number, due on, opened at."""


def charges(
    session: Session,
    person: Person,
    *,
    states: Sequence[ChargeState] = (),
    overdue_on: date | None = None,
    organisation_id: int | None = None,
    cursor: str | None = None,
) -> Page:
    """Charges that `person` may see, newest first; rows as CHARGES says. `overdue_on`: those due before that day."""
    conditions = [C.c.state.in_(list(states))] if states else []
    if overdue_on is not None:
        conditions += [C.c.state == ChargeState.INVOICED, C.c.due_on < overdue_on]
    if organisation_id is not None:
        conditions.append(C.c.organisation_id == organisation_id)
    return page(session, CHARGES, reach_of(person, Charge, P.CHARGE_SEE), conditions, cursor)


FINISHED = Listing(
    columns=(W.c.number, O.c.name, W.c.fee, W.c.finished_at, W.c.last_event_at),
    source=W.join(O, O.c.id == W.c.organisation_id),
    key=W.c.last_event_at,
    id=W.c.id,
)
"""order number, organisation name, fee, finished at, last event."""


def uncharged(session: Session, person: Person, cursor: str | None = None) -> Page:
    """Finished work that the customer pays for and that was never charged, as far as `person` may charge it, newest
    first; rows as FINISHED says. Work whose charge was cancelled is not among it.
    """
    never = ~sa.exists().where(C.c.order_id == W.c.id)
    conditions = [W.c.state == OrderState.DONE, W.c.fee > 0, never]
    return page(session, FINISHED, reach_of(person, WorkOrder, P.CHARGE_EDIT), conditions, cursor)


def of_order(session: Session, order: WorkOrder) -> Charge | None:
    """The charge of a work order that was not cancelled."""
    mine = sa.select(Charge).where(Charge.order_id == order.id, Charge.state != ChargeState.CANCELLED)
    return session.scalars(mine.order_by(Charge.id.desc()).limit(1)).first()


def in_hands(session: Session, person: Person) -> list[ChargePayment]:
    """Cash that technicians took and finance does not have yet, oldest first; as far as `person` may receive it."""
    taken = sa.select(ChargePayment).where(ChargePayment.state == PaymentState.TAKEN)
    taken = taken.where(visible_to(person, ChargePayment, P.PAYMENT_RECORD))
    whole = (joinedload(ChargePayment.charge), joinedload(ChargePayment.taken_by), joinedload(ChargePayment.company))
    return list(session.scalars(taken.options(*whole).order_by(ChargePayment.id).limit(50)))


def to_chase(session: Session, on: date, limit: int) -> list[Charge]:
    """Invoiced charges whose reminder has come on the day `on`."""
    came = sa.select(Charge).where(Charge.state == ChargeState.INVOICED, Charge.chase_on <= on)
    return list(session.scalars(came.order_by(Charge.chase_on, Charge.id).limit(limit)))


def whole() -> list:
    """Loader options for a charge's page."""
    payments = selectinload(Charge.payments)
    return [
        joinedload(Charge.order).joinedload(WorkOrder.request),
        joinedload(Charge.organisation),
        joinedload(Charge.company),
        joinedload(Charge.technician),
        joinedload(Charge.discount_by),
        payments.joinedload(ChargePayment.taken_by),
        payments.joinedload(ChargePayment.received_by),
    ]
