"""Who is away when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.permissions import Person, visible_to
from portal.domain.absences.models import Absence
from portal.domain.absences.words import AWAY_OR_ASKED, AbsenceState
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.permissions import P, Role, Scope

MOST = 200
FIELD = (Role.TECHNICIAN, Role.DEALER_DESK, Role.DESK, Role.MANAGER)
"""Whose absences matter: they are sent, or answer at night."""


def away(
    session: Session, account_ids: Iterable[int], first: date, last: date, states: tuple = (AbsenceState.APPROVED,)
) -> dict[int, list[Absence]]:
    """account id → the absences that have a day in common with `first` to `last`, both included, in order."""
    found: dict[int, list[Absence]] = defaultdict(list)
    meets = sa.select(Absence).where(Absence.account_id.in_(list(account_ids)), Absence.state.in_(states))
    meets = meets.where(Absence.last_on >= first, Absence.first_on <= last).order_by(Absence.first_on, Absence.id)
    for absence in session.scalars(meets):
        found[absence.account_id].append(absence)
    return found


def absences(session: Session, person: Person, today: date) -> list[Absence]:
    """Absences asked for or approved that are not over, as far as `person` may see them: those to decide first."""
    mine = sa.select(Absence).where(visible_to(person, Absence, P.ABSENCE_SEE), Absence.last_on >= today)
    mine = mine.where(Absence.state.in_(AWAY_OR_ASKED)).options(joinedload(Absence.account))
    return list(
        session.scalars(mine.order_by(Absence.state != AbsenceState.ASKED, Absence.first_on, Absence.id).limit(MOST))
    )


def whom(session: Session, person: Person) -> list[Account]:
    """For whom `person` may ask for leave, by name: technicians, and who else is put on duty."""
    reach = person.reach(P.ABSENCE_ASK)
    columns = {Scope.OWN: Account.id, Scope.DEALER: Account.organisation_id}
    arms = [columns[scope].in_(sorted(ids)) for scope, ids in reach.items() if scope in columns]
    mine = sa.true() if Scope.ALL in reach else sa.or_(sa.false(), *arms)
    granted = sa.select(RoleGrant.account_id).where(RoleGrant.ended_at.is_(None), RoleGrant.role.in_(FIELD))
    found = sa.select(Account).where(mine, Account.state == State.ACTIVE, Account.id.in_(granted))
    return list(session.scalars(found.order_by(Account.sort_key, Account.id).limit(MOST)))
