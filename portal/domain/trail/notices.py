"""The daily mail of the trail's seal. Its text stands in templates/notices."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.audit import AuditSeal
from portal.core.errors import Message
from portal.core.notices import Addressee, NoticeKind, declare, notify
from portal.domain.organisations.models import Company

TRAIL_SEALED = declare(
    NoticeKind(
        "trail_sealed",
        label=Message("The seal of the trail"),
        title=Message("Seal %(number)s of the audit trail"),
        mandatory=True,
        inbox=False,
    )
)


def seal_of_the_day(session: Session, seal: AuditSeal, addresses: Iterable[str]) -> int:
    """Mail the seal's number and hash to addresses outside, which have no account; returns to how many.

    In Chinese, and in the zone of the operator's first company: more is not known of who reads it.
    """
    zone = session.scalar(sa.select(Company.zone).order_by(Company.id).limit(1)) or "UTC"
    people = [Addressee(email=address, language="zh", zone=zone) for address in addresses]
    params = {"number": seal.id, "hash": seal.hash, "entry": seal.last_entry_id}
    return notify(session, TRAIL_SEALED, people, root=seal, params=params)
