"""Asking for leave, deciding on it, taking it back."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Message, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.absences import lifecycle, queries
from portal.domain.absences.models import Absence
from portal.domain.absences.words import AWAY_OR_ASKED, AbsenceKind
from portal.domain.accounts.models import Account
from portal.domain.permissions import P


def ask(
    session: Session, account: Account, person: Person, kind: AbsenceKind, first_on: date, last_on: date, note: str = ""
) -> Absence:
    """`account` will be away from `first_on` to `last_on`, both included, in their own zone.

    Whoever may decide, and asks for somebody else, has decided by asking. Raises NotValid for days that are over, or
    that meet another absence.
    """
    if last_on < first_on:
        raise NotValid(last_on=Message("This day lies before the first."))
    if last_on < clock.now().astimezone(ZoneInfo(account.zone)).date():
        raise NotValid(last_on=Message("These days are over."))
    known = queries.away(session, [account.id], first_on, last_on, AWAY_OR_ASKED)[account.id]
    if known:
        raise NotValid(
            first_on=Message(
                "%(name)s is away from %(first)s to %(last)s already. Take that back first, or choose other days.",
                name=account.name,
                first=known[0].first_on,
                last=known[0].last_on,
            )
        )
    absence = Absence(
        account=account,
        account_id=account.id,
        dealer_id=account.organisation_id,
        kind=kind,
        first_on=first_on,
        last_on=last_on,
        note=note,
    )
    perform(session, lifecycle.ASK, absence, person)
    if person.id != account.id and person.can(P.ABSENCE_DECIDE, absence):
        decide(session, absence, person)
    return absence


def decide(session: Session, absence: Absence, person: Person, refusal: str | None = None) -> Act:
    """Approve it, or refuse it with a reason."""

    def change(act: Act) -> None:
        absence.decided_by_id, absence.decided_at = person.id, act.at

    verb = lifecycle.APPROVE if refusal is None else lifecycle.REFUSE
    return perform(session, verb, absence, person, change, reason=refusal or "")


def cancel(session: Session, absence: Absence, person: Person) -> Act:
    """Take it back: the person is there after all."""
    return perform(session, lifecycle.CANCEL, absence, person)
