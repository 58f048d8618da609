"""Lists of questions, and who can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.accounts.models import Account, RoleGrant
from portal.domain.accounts.models import State as AccountState
from portal.domain.catalog.models import Product
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.escalations.models import Escalation, State
from portal.domain.organisations.models import Contact, Organisation, OrganisationKind
from portal.domain.permissions import RULES, P
from portal.domain.qualifications.models import Certificate
from portal.domain.qualifications.queries import covering
from portal.domain.servicing.models import ServiceRequest, WorkOrder

E, W, R, D, PR = (m.__table__ for m in (Escalation, WorkOrder, ServiceRequest, Device, Product))

QUESTIONS = Listing(
    columns=(E.c.uid, E.c.number, E.c.state, E.c.question, E.c.asked_at, E.c.asked_by_name, PR.c.name, IDENTITY),
    source=E.join(W, W.c.id == E.c.order_id)
    .join(R, R.c.id == W.c.request_id)
    .join(D, D.c.id == R.c.device_id)
    .join(PR, PR.c.id == D.c.product_id),
    key=E.c.asked_at,
    id=E.c.id,
)
"""uid, number, state, question, asked at, asker's name, product name, serial or lot."""


@dataclass(frozen=True)
class Expert:
    """A colleague who may answer. `certified`: holds a certificate for the model, or its class, today."""

    account: Account
    certified: bool


def put_to(session: Session, person: Person, states: Sequence[State] = (), cursor: str | None = None) -> Page:
    """The questions put to `person`, newest first; rows as QUESTIONS says."""
    conditions = [E.c.state.in_(list(states))] if states else []
    return page(session, QUESTIONS, arms(person, Escalation, P.ESCALATION_ANSWER), conditions, cursor)


def of_order(session: Session, order: WorkOrder) -> list[Escalation]:
    """The questions asked from a work order, newest first."""
    mine = sa.select(Escalation).where(Escalation.order_id == order.id).order_by(Escalation.id.desc())
    return list(session.scalars(mine.options(joinedload(Escalation.expert), joinedload(Escalation.supplier))))


def whole() -> list:
    """Loader options for a question's page."""
    device = joinedload(WorkOrder.request).joinedload(ServiceRequest.device).joinedload(Device.product)
    return [
        joinedload(Escalation.order).options(device, joinedload(WorkOrder.technician)),
        joinedload(Escalation.expert),
        joinedload(Escalation.supplier),
    ]


def experts(session: Session, product: Product, day: date, asker_id: int | None) -> list[Expert]:
    """Everybody who may answer, the asker aside: first who holds a certificate for `product` on `day`."""
    roles = list(RULES[P.ESCALATION_ANSWER])
    in_role = sa.select(RoleGrant.account_id).where(RoleGrant.ended_at.is_(None), RoleGrant.role.in_(roles))
    statement = (
        sa.select(Account, Certificate)
        .outerjoin(Certificate, sa.and_(Certificate.account_id == Account.id, covering(product)))
        .where(Account.state == AccountState.ACTIVE, Account.id.in_(in_role), Account.id != (asker_id or 0))
    )
    held: dict[int, Expert] = {}
    for account, certificate in session.execute(statement):
        certified = certificate is not None and certificate.holds_on(day)
        before = held.get(account.id)
        held[account.id] = Expert(account, certified or (before is not None and before.certified))
    return sorted(held.values(), key=lambda each: (not each.certified, each.account.sort_key, each.account.id))


def makers(session: Session) -> list[tuple[Organisation, Contact | None]]:
    """Every supplier with each of its contacts that has a mail address; a supplier without one alone."""
    mailed = sa.and_(Contact.organisation_id == Organisation.id, Contact.email != "")
    found = sa.select(Organisation, Contact).outerjoin(Contact, mailed)
    found = found.where(Organisation.kind == OrganisationKind.SUPPLIER)
    return [tuple(row) for row in session.execute(found.order_by(Organisation.sort_key, Contact.id))]
