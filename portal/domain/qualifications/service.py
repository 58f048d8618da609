"""Keeping the certificates of technicians."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.qualifications import lifecycle
from portal.domain.qualifications.models import Certificate


def record(
    session: Session,
    account: Account,
    person: Person,
    subject: Product | RiskClass,
    *,
    certificate_number: str,
    valid_from: date,
    valid_until: date,
) -> Certificate:
    """Record that `account` may service a model or a class, both days included. Raises NotNow, NotValid."""
    if refusal := lifecycle.own_certificates(person.id, account.id):
        raise NotNow(refusal)
    if valid_until < valid_from:
        raise NotValid(valid_until=Message("This day lies before the first."))
    certificate = Certificate(
        account=account,
        account_id=account.id,
        product_id=subject.id if isinstance(subject, Product) else None,
        risk_class=subject if isinstance(subject, RiskClass) else None,
        certificate_number=certificate_number,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return perform(session, lifecycle.RECORD, certificate, person).record


def withdraw(session: Session, certificate: Certificate, person: Person, reason: str) -> Act:
    """It no longer holds, from today on; orders that are under way stay with their technician."""

    def change(act: Act) -> None:
        certificate.withdrawn_on = act.at.astimezone(ZoneInfo(certificate.account.zone)).date()

    return perform(session, lifecycle.WITHDRAW, certificate, person, change, reason=reason)
