"""The content of a sealing list, as it is frozen and signed by both sides (医疗纠纷条例 25)."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.files import Attachment, File
from portal.domain.documents.models import Revision
from portal.domain.documents.rendering import Figure
from portal.domain.holds.models import EvidenceHold, Ground
from portal.domain.servicing.facts import at_second, both

WORDS = {ground.value: ground.label for ground in Ground}
"""What to say for each code in the payload."""

PHOTOS = "seal"
"""The purpose of pictures of what was sealed."""


def payload(hold: EvidenceHold) -> dict[str, Any]:
    """The list as plain values: texts as typed, times as ISO text in UTC."""
    own, device, site = hold.company, hold.device, hold.site
    return {
        "company": {"code": own.code, "name": both(own.name), "address": both(own.address), "phone": own.phone},
        "customer": {
            "name": both(hold.organisation.name),
            "site": both(site.name),
            "department": both(device.department.name) if device.department else None,
            "address": site.address or hold.organisation.address,
        },
        "device": {
            "number": device.number,
            "asset_number": device.asset_number,
            "name": both(device.product.name),
            "model": device.product.model,
            "registrant": device.product.registrant,
            "registration_number": device.product.registration_number,
            "serial": device.serial,
            "lot": device.lot,
        },
        "hold": {
            "number": hold.number,
            "ground": hold.ground.value,
            "reason": hold.reason,
            "reference": hold.reference,
            "held_at": at_second(hold.held_at),
            "held_by": hold.held_by.name if hold.held_by else None,
            "sealed_where": hold.sealed_where,
        },
        "items": hold.items,
    }


def figures(session: Session, revision: Revision) -> Sequence[Figure]:
    """The pictures of what was sealed that were there when the list was frozen."""
    document, at = revision.document, Attachment
    mine = sa.and_(at.root_kind == document.root_kind, at.root_id == document.root_id, at.purpose == PHOTOS)
    known = sa.select(at, File).join(File, File.id == at.file_id).where(mine, at.created_at <= revision.frozen_at)
    rows = session.execute(known.order_by(at.id))
    return [Figure(file, Message("As sealed"), attachment.created_at) for attachment, file in rows]
