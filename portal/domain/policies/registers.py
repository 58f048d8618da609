"""What the office's editors choose from: versions of policies, calendars, contracts, reasons."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from portal.core.deadlines import VersionState
from portal.core.permissions import Person, visible_to
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.models import PolicyVersion, ServiceContract


def versions_to_try(session: Session) -> list[PolicyVersion]:
    """Drafts and versions in force with their policies, which stand as they were made; the newest version first."""
    found = sa.select(PolicyVersion).where(PolicyVersion.state.in_((VersionState.IN_FORCE, VersionState.DRAFT)))
    found = found.options(joinedload(PolicyVersion.policy), lazyload(PolicyVersion.rules))
    return list(session.scalars(found.order_by(PolicyVersion.policy_id, PolicyVersion.version.desc())))


def contracts(session: Session, person: Person) -> list[ServiceContract]:
    """Contracts with hospitals that `person` may see, by number."""
    mine = sa.select(ServiceContract).join(Organisation, Organisation.id == ServiceContract.organisation_id)
    mine = mine.where(visible_to(person, Organisation, P.ORGANISATION_SEE)).options(joinedload(ServiceContract.policy))
    return list(session.scalars(mine.order_by(ServiceContract.number)))
