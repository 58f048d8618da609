"""The entitlement panel: what warranty and contract pay for a device, and who decided who pays."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.permissions import Person
from portal.domain.cover import queries
from portal.domain.cover.queries import Share
from portal.domain.devices.models import Device
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest
from portal.web.filters import day


def panel(
    session: Session, person: Person, device: Device, request: ServiceRequest | None = None
) -> dict[str, Any] | None:
    """What records/_cover.html shows of a device today, or of a request on the day it was reported.

    None for who sees no prices.
    """
    if not person.can(P.PLAN_SEE):
        return None
    at = request.reported_at if request else clock.now()
    found = queries.entitlement(session, device, _day_of(at, device))
    contract = found.contract
    return {
        "on": found.on,
        "shares": [(aspect, _share(s), "good" if s.percent else "neutral") for aspect, s in found.shares.items()],
        "currency": device.company.currency,
        "visits": found.visits,
        "lends_device": found.lends_device,
        "contract": contract,
        "terms": contract and contract.price_terms,
        "decision": queries.decision(session, request) if request else None,
    }


def _day_of(at: datetime, device: Device) -> Any:
    return at.astimezone(ZoneInfo(device.company.zone)).date()


def _share(share: Share) -> str:
    """How much, until when, by what."""
    if not share.percent:
        return _("not covered")
    by = _("contract %(number)s", number=share.contract) if share.contract else _("warranty")
    if share.percent == queries.WHOLE:
        return _("in full until %(day)s, %(by)s", day=day(share.until), by=by)
    return _("%(percent)s %% until %(day)s, %(by)s", percent=share.percent, day=day(share.until), by=by)
