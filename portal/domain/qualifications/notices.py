"""Who is told of certificates that end. Texts stand in templates/notices."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.notices import Notice, NoticeKind, declare, notify
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role
from portal.domain.qualifications.models import Certificate


def _subject(session: Session, notice: Notice) -> Mapping[str, Any]:
    """What the certificate is for."""
    return {"subject": session.get_one(Certificate, notice.root_id).subject}


CERTIFICATE_ENDS = declare(
    NoticeKind(
        "certificate_ends",
        label=Message("A certificate is about to end"),
        title=Message("The certificate %(certificate)s of %(name)s ends on %(day)s"),
        context=_subject,
        concerns=frozenset({Role.TECHNICIAN, Role.MANAGER}),
    )
)


def certificate_ends(session: Session, certificate: Certificate) -> bool:
    """Tell whose it is and the managers, once for each certificate (STF-1). Returns whether it did."""
    told = sa.select(Notice.id).where(
        Notice.root_kind == certificate.__tablename__,
        Notice.root_id == certificate.id,
        Notice.kind == CERTIFICATE_ENDS.name,
    )
    if session.execute(told.limit(1)).first() is not None:
        return False
    people = [certificate.account, *holders(session, P.CERTIFICATE_EDIT, certificate, (Role.MANAGER,))]
    params = {"certificate": certificate.certificate_number, "name": certificate.account.name}
    params["day"] = str(certificate.valid_until)
    notify(session, CERTIFICATE_ENDS, people, root=certificate, params=params)
    return True
