"""Files, given out through the record that they are attached to: whoever may see it may see them."""

from typing import Any

import sqlalchemy as sa
from flask import Response, g

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import Message, NotYours
from portal.core.files import Attachment, File, headers, served_key
from portal.core.permissions import visible_to
from portal.domain.accounts.models import Account
from portal.domain.documents.models import Document
from portal.domain.escalations.models import Escalation
from portal.domain.holds.models import EvidenceHold
from portal.domain.permissions import P
from portal.domain.plans.models import RepairPlan
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.wards.models import WardReport
from portal.web.giving import give, show
from portal.web.pages import SIGNED_IN

ROOTS: dict[str, tuple[Any, tuple[P, ...]]] = {
    model.__tablename__: (model, permissions)
    for model, *permissions in (
        (ServiceRequest, P.REQUEST_SEE),
        (WorkOrder, P.ORDER_SEE),
        (Document, P.DOCUMENT_SEE),
        (EvidenceHold, P.HOLD_SEE),
        (Escalation, P.ESCALATION_SEE, P.ESCALATION_ANSWER),
        (RepairPlan, P.PLAN_SEE),
        (WardReport, P.WARD_REPORT_SEE),
        (Account, P.ACCOUNT_SEE, P.ACCOUNT_SELF),
    )
}
"""The records that carry files, and who may see them: whoever holds one of these permissions."""


@door.page("/files/<uid>", access=SIGNED_IN)
def file(uid: str) -> Response:
    """A file: pictures open in the browser, everything else is saved."""
    found = _find(uid)
    return give(_key(found), headers(found, inline=True), kind="attachment", record=uid)


@door.page("/files/<uid>/thumbnail", access=SIGNED_IN)
def thumbnail(uid: str) -> Response:
    """The small picture of a picture."""
    found = _find(uid)
    if not found.is_picture:
        raise NotYours()
    return show(_key(found, thumbnail=True), headers(found, thumbnail=True))


def _find(uid: str) -> File:
    """The attached file, if this person may see the record; internal ones are for staff. Raises NotYours."""
    statement = sa.select(Attachment, File).join(File, File.id == Attachment.file_id).where(Attachment.uid == uid)
    row = db.session.execute(statement).one_or_none()
    if row is None or row.Attachment.root_kind not in ROOTS:
        raise NotYours()
    model, permissions = ROOTS[row.Attachment.root_kind]
    reach = sa.or_(*(visible_to(g.person, model, permission) for permission in permissions))
    if db.session.scalar(sa.select(model.id).where(model.id == row.Attachment.root_id, reach)) is None:
        raise NotYours()
    if row.Attachment.internal and not g.person.can(P.STAFF_ENTER):
        raise NotYours()
    return row.File


def _key(found: File, *, thumbnail: bool = False) -> str:
    key = served_key(found, thumbnail=thumbnail)
    if key is None:
        raise NotYours(found.why_refused or Message("This file is still being prepared."))
    return key
