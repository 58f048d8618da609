"""What the office's editors choose from: versions of policies, calendars, contracts, reasons."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from portal.core.deadlines import CalendarVersion, VersionState
from portal.core.permissions import Person, visible_to
from portal.domain.organisations.models import Centre, Organisation, Site
from portal.domain.permissions import P
from portal.domain.policies.models import (
    PolicyVersion,
    PriceTerms,
    ServiceContract,
    ServicePolicy,
    WaitingReason,
    WorkCalendar,
)


def versions_to_try(session: Session) -> list[PolicyVersion]:
    """Drafts and versions in force with their policies, which stand as they were made; the newest version first."""
    found = sa.select(PolicyVersion).where(PolicyVersion.state.in_((VersionState.IN_FORCE, VersionState.DRAFT)))
    found = found.options(joinedload(PolicyVersion.policy), lazyload(PolicyVersion.rules))
    return list(session.scalars(found.order_by(PolicyVersion.policy_id, PolicyVersion.version.desc())))


def contracts(session: Session, person: Person) -> list[ServiceContract]:
    """Contracts with hospitals that `person` may see, by number."""
    return list(session.scalars(_contracts(person)))


def contract_rows(session: Session, person: Person) -> list[tuple[ServiceContract, Organisation, Site | None]]:
    """The same with the hospital, and the site where it is for one alone; with policies and their versions."""
    found = _contracts(person).add_columns(Organisation, Site)
    versions = joinedload(ServiceContract.policy).selectinload(ServicePolicy.versions)
    found = found.options(versions.lazyload(PolicyVersion.rules))
    return [tuple(row) for row in session.execute(found)]


def _contracts(person: Person) -> sa.Select:
    mine = sa.select(ServiceContract).join(Organisation, Organisation.id == ServiceContract.organisation_id)
    mine = mine.outerjoin(Site, Site.id == ServiceContract.site_id)
    return mine.where(visible_to(person, Organisation, P.ORGANISATION_SEE)).order_by(ServiceContract.number)


def calendars(session: Session) -> list[tuple[WorkCalendar, Centre | None, list[CalendarVersion]]]:
    """Every calendar with its centre and its versions, the newest first; that of the house before those of centres."""
    found = sa.select(WorkCalendar, Centre).outerjoin(Centre, Centre.id == WorkCalendar.centre_id)
    rows = session.execute(found.order_by(WorkCalendar.centre_id.is_not(None), WorkCalendar.id)).all()
    versions = list(session.scalars(sa.select(CalendarVersion).order_by(CalendarVersion.version.desc())))
    return [(c, centre, [v for v in versions if v.calendar_id == c.id]) for c, centre in rows]


def centres(session: Session) -> list[Centre]:
    """Every service centre."""
    return list(session.scalars(sa.select(Centre).order_by(Centre.id)))


def reasons(session: Session) -> list[WaitingReason]:
    """Every waiting reason; those in use first."""
    return list(session.scalars(sa.select(WaitingReason).order_by(WaitingReason.in_use.desc(), WaitingReason.id)))


def price_terms(session: Session) -> list[PriceTerms]:
    """Every set of price terms; the one for all who have no other first."""
    return list(session.scalars(sa.select(PriceTerms).order_by(PriceTerms.is_default.desc(), PriceTerms.id)))


def default_terms(session: Session) -> PriceTerms | None:
    """The price terms of who has no contract that names others; None before they are put in place."""
    return session.scalars(sa.select(PriceTerms).where(PriceTerms.is_default).order_by(PriceTerms.id).limit(1)).first()
