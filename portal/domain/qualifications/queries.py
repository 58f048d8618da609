"""Certificates, and whether somebody may service a model on a day (R6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import Message
from portal.core.figures import declare
from portal.domain.accounts.models import Account, State
from portal.domain.catalog.models import Product
from portal.domain.qualifications.models import Certificate

C = Certificate.__table__


@dataclass(frozen=True)
class Fitness:
    """Whether somebody may service a model: the certificate that says so, else why not."""

    certificate: Certificate | None = None
    refusal: Message | None = None


def of_person(session: Session, account_id: int) -> list[Certificate]:
    """All certificates of one person, the one that holds longest first."""
    statement = sa.select(Certificate).where(C.c.account_id == account_id).options(joinedload(Certificate.product))
    return list(session.execute(statement.order_by(C.c.valid_until.desc(), C.c.id.desc())).scalars())


def covering(product: Product) -> sa.ColumnElement[bool]:
    """Certificates for this model or for its class."""
    return sa.or_(C.c.product_id == product.id, C.c.risk_class == product.risk_class)


def fitness_of(session: Session, account_id: int, product: Product, day: date) -> Fitness:
    """Whether this person may service `product` on `day`."""
    held = sa.select(Certificate).where(C.c.account_id == account_id, covering(product))
    return fitness(session.execute(held).scalars(), product, day)


def fitness(held: Iterable[Certificate], product: Product, day: date) -> Fitness:
    """The same from the certificates `held` for this model or its class, the one that holds longest first."""
    newest = sorted(held, key=lambda each: (each.valid_until, each.id), reverse=True)
    for certificate in newest:
        if certificate.holds_on(day):
            return Fitness(certificate)
    if not newest:
        return Fitness(refusal=Message("no certificate for %(model)s or its class", model=product.model))
    return Fitness(refusal=_why(newest[0], day))


def _why(certificate: Certificate, day: date) -> Message:
    if certificate.withdrawn_on is not None and certificate.withdrawn_on <= day:
        return Message(
            "certificate for %(subject)s withdrawn on %(day)s",
            subject=certificate.subject,
            day=certificate.withdrawn_on,
        )
    if day < certificate.valid_from:
        return Message(
            "certificate for %(subject)s holds only from %(day)s",
            subject=certificate.subject,
            day=certificate.valid_from,
        )
    return Message(
        "certificate for %(subject)s ended on %(day)s", subject=certificate.subject, day=certificate.valid_until
    )


def ending(session: Session, until: date, limit: int = 200) -> list[Certificate]:
    """Certificates of people who are here that end by `until`, or have ended, the soonest first.

    Left out are those that were withdrawn, and those for which the same person holds a newer one for the same.
    """
    newer = sa.orm.aliased(Certificate)
    renewed = sa.select(newer.account_id).where(
        newer.account_id == Certificate.account_id,
        newer.valid_until > Certificate.valid_until,
        newer.withdrawn_on.is_(None),
        sa.or_(newer.product_id == Certificate.product_id, newer.risk_class == Certificate.risk_class),
    )
    found = sa.select(Certificate).join(Account, Account.id == Certificate.account_id)
    found = found.where(Account.state == State.ACTIVE, C.c.valid_until <= until, C.c.withdrawn_on.is_(None))
    found = found.where(~renewed.exists()).options(joinedload(Certificate.account), joinedload(Certificate.product))
    return list(session.scalars(found.order_by(C.c.valid_until, C.c.id).limit(limit)))


declare(
    "certificate_warning_days",
    30,
    "days",
    "operating decision: a course must be booked a month ahead",
)
