"""The second step of signing in: a code from the telephone (TOTP, RFC 6238), or a recovery code where it is lost.

The telephone's secret is kept locked, recovery codes as argon2id hashes. A code counts once: the time step it stood for
is kept, and no earlier or equal one is taken again. Whoever has set it up is always asked; staff must set it up where
the figure `second_step` says so.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from pyotp import TOTP, random_base32
from sqlalchemy.orm import Session

from portal.core import clock, figures, lockbox
from portal.core.errors import Message, NotNow, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.accounts import lifecycle, passwords, sessions
from portal.domain.accounts.models import Account, RecoveryCode, SecondStep
from portal.domain.accounts.people import STAFF_ROLES, person_of

figures.declare(
    "second_step", 0, "switch", "operating decision: on where staff come in by the internet (ASVS 6.3.3)", 0
)

ISSUER = "Aftercare"
STEPS_EITHER_WAY = 1
"""Telephones' clocks may be half a minute off."""
RECOVERY_CODES = 8
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what reads alike
TOTP_DIGITS = 6
OFFER_WAITS = timedelta(minutes=30)


@dataclass(frozen=True)
class Offer:
    """What a person is shown once, to be set up: the telephone's secret and the recovery codes."""

    secret: str
    codes: tuple[str, ...]

    def address(self, account: Account) -> str:
        """What the QR code says (otpauth://…)."""
        return TOTP(self.secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def is_set_up(session: Session, account_id: int) -> bool:
    """Whether this account is asked for a code at sign-in."""
    row = _row(session, account_id)
    return row is not None and bool(row.secret)


def is_wanted(session: Session, account: Account) -> bool:
    """Whether the house wants a second step of this person: staff and dealers, where the figure is on."""
    held = {grant.role for grant in account.grants if grant.ended_at is None}
    return bool(held & STAFF_ROLES) and figures.integer(session, "second_step") > 0


def _row(session: Session, account_id: int) -> SecondStep | None:
    return session.execute(sa.select(SecondStep).where(SecondStep.account_id == account_id)).scalar_one_or_none()


def draw() -> tuple[str, str]:
    """A fresh offer, locked, and the hashes of its recovery codes as JSON. Slow: never inside `writing()`."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    facts = {"secret": random_base32(), "codes": codes, "at": clock.now().isoformat()}
    return lockbox.lock(json.dumps(facts)), json.dumps([passwords.make(_plain(code)) for code in codes])


def _recovery_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


def propose(session: Session, account: Account, drawn: tuple[str, str]) -> None:
    """Keep an offer until it is confirmed; what was set up before holds until then. Inside `writing()`."""
    row = _row(session, account.id)
    if row is None:
        row = SecondStep(account_id=account.id)
        session.add(row)
    row.offer, row.offer_hashes = drawn


def offered(session: Session, account_id: int) -> Offer | None:
    """The offer that waits to be confirmed; it waits half an hour."""
    row = _row(session, account_id)
    if row is None or not row.offer:
        return None
    try:
        facts = json.loads(lockbox.unlock(row.offer))
    except lockbox.Unreadable:
        return None
    if clock.now() - datetime.fromisoformat(facts["at"]) > OFFER_WAITS:
        return None
    return Offer(facts["secret"], tuple(facts["codes"]))


def confirm(session: Session, account: Account, code: str) -> None:
    """The telephone shows the right code: the offer holds from now on. Raises NotValid, NotNow."""
    row, offer = _row(session, account.id), offered(session, account.id)
    if offer is None:
        raise NotNow(Message("Please begin again: there is nothing to confirm."))
    step = _step_of(offer.secret, code, after=0)
    if step is None:
        raise NotValid(code=Message("This is not the code that the app shows now. Is the telephone's clock right?"))

    def change(act: Act) -> None:
        row.secret, row.last_step, row.set_up_at = lockbox.lock(offer.secret), step, act.at
        hashes, row.offer, row.offer_hashes = json.loads(row.offer_hashes), "", ""
        _forget_codes(act.session, account.id)
        act.session.add_all(RecoveryCode(account_id=account.id, code_hash=kept) for kept in hashes)

    perform(session, lifecycle.SET_UP_SECOND_STEP, account, person_of(account), change)


def fitting_code(session: Session, account_id: int, typed: str) -> int | None:
    """The recovery code that was typed, by its id. Slow: never inside `writing()`."""
    if len(_plain(typed)) == TOTP_DIGITS:
        return None
    unused = sa.select(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    for each in session.execute(unused).scalars():
        if passwords.fits(each.code_hash, _plain(typed)):
            return each.id
    return None


def pass_through(session: Session, account: Account, typed: str, recovery_id: int | None) -> bool:
    """Take the code, inside `writing()`: the telephone's, or the recovery code found before. Each counts once."""
    if recovery_id is not None:
        return _use(session, account, recovery_id)
    row = _row(session, account.id)
    if row is None or not row.secret:
        return False
    try:
        step = _step_of(lockbox.unlock(row.secret), typed, after=row.last_step)
    except lockbox.Unreadable:
        return False
    if step is None:
        return False
    mine = sa.and_(SecondStep.id == row.id, SecondStep.last_step < step)
    return session.execute(sa.update(SecondStep).where(mine).values(last_step=step)).rowcount == 1


def _step_of(secret: str, typed: str, after: int) -> int | None:
    """The time step whose code was typed, of those that are near and later than `after`."""
    totp = TOTP(secret)
    now = totp.timecode(clock.now())
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if hmac.compare_digest(totp.generate_otp(step), _plain(typed)) and step > after:
            return step
    return None


def _plain(typed: str) -> str:
    """A code without what people put between its parts. Anything that is no code at all becomes empty."""
    plain = "".join(typed.upper().split()).replace("-", "")
    return plain if plain.isascii() else ""


def _use(session: Session, account: Account, recovery_id: int) -> bool:
    unused = sa.and_(RecoveryCode.id == recovery_id, RecoveryCode.used_at.is_(None))
    if session.execute(sa.update(RecoveryCode).where(unused).values(used_at=clock.now())).rowcount != 1:
        return False
    perform(session, lifecycle.USE_RECOVERY_CODE, account, person_of(account))
    return True


def codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes are unused."""
    unused = RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    return session.scalar(sa.select(sa.func.count(RecoveryCode.id)).where(*unused))


def drop(session: Session, account: Account, person: Person) -> None:
    """Do without it again, where the house does not want it. Raises NotNow."""
    if is_wanted(session, account):
        raise NotNow(Message("The house asks all staff for a second step. You can set it up anew."))
    perform(session, lifecycle.DROP_SECOND_STEP, account, person, lambda act: _forget(act.session, account.id))


def reset(session: Session, account: Account, person: Person, reason: str) -> None:
    """An administrator takes it away, because the telephone is lost: the person is signed out everywhere."""

    def change(act: Act) -> None:
        _forget(act.session, account.id)
        sessions.end_all(act.session, account.id)

    perform(session, lifecycle.RESET_SECOND_STEP, account, person, change, reason=reason)


def _forget(session: Session, account_id: int) -> None:
    _forget_codes(session, account_id)
    session.execute(sa.delete(SecondStep).where(SecondStep.account_id == account_id))


def _forget_codes(session: Session, account_id: int) -> None:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
