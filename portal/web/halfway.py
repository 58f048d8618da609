"""Between the password and the code: who has shown the first and still owes the second.

The browser's signed cookie says so for some minutes, and opens nothing but the page that asks for the code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, session

from portal.core import clock
from portal.core.db import db, only, writing
from portal.domain.accounts import second_step, throttle
from portal.domain.accounts.models import Account, State
from portal.domain.accounts.sessions import token_hash
from portal.domain.accounts.throttle import Gate
from portal.web import sessions
from portal.web.sessions import RightPassword

KEY = "halfway"
MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Halfway:
    """Who it is, and where they wanted to go."""

    account: Account
    back: str


def next_page(known: RightPassword | Account) -> str | None:
    """The endpoint that somebody with this password must pass before they are signed in; None when there is none."""
    account = db.session.get_one(Account, known.account_id if isinstance(known, RightPassword) else known.id)
    if second_step.is_set_up(db.session, account.id):
        return "account.code"
    return "account.set_up" if _is_wanted(account) else None


def owes(account: Account) -> bool:
    """Whether somebody signed in, as before the house wanted a second step, must set it up before anything else."""
    return _is_wanted(account) and not second_step.is_set_up(db.session, account.id)


def _is_wanted(account: Account) -> bool:
    return second_step.is_wanted(db.session, account) and not _is_demonstration()


def _is_demonstration() -> bool:
    """Demonstration people have one password for all, printed: a second step would protect nothing."""
    return (current_app.extensions["settings"].data_dir / "demo-logins").exists()


def stop(known: RightPassword | Account, back: str, endpoint: str) -> bool:
    """Remember who came halfway. False when the password was changed meanwhile."""
    drawn = second_step.draw() if endpoint == "account.set_up" else None
    account_id = known.account_id if isinstance(known, RightPassword) else known.id
    with writing("halfway") as writer:
        account = writer.get_one(Account, account_id)
        if isinstance(known, RightPassword) and not sessions.settle(writer, account, known):
            return False
        if drawn:
            second_step.propose(writer, account, drawn)
        mark = _mark(account)
    sessions.start_afresh()
    session[KEY] = {**mark, "at": clock.now().isoformat(), "back": back}
    return True


def _mark(account: Account) -> dict[str, str]:
    """Names the account, and the password that was shown, which somebody may change meanwhile."""
    return {"uid": account.uid, "password": token_hash(account.password_hash)[:16]}


def here() -> Halfway | None:
    """Who is halfway in this browser; None when nobody is, or it took too long."""
    kept: dict[str, Any] = session.get(KEY) or {}
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > MINUTES:
        return None
    account = only(db.session, sa.select(Account).where(Account.uid == kept["uid"]))
    if account is None or account.state is not State.ACTIVE or _mark(account)["password"] != kept["password"]:
        return None
    return Halfway(account, kept["back"])


def try_code(found: Halfway, typed: str) -> bool:
    """Whether this is a code of theirs; then they are signed in. Raises TooManyTries, Busy."""
    account_id, email = found.account.id, found.account.email
    with writing("count a code") as writer:
        attempt_id = throttle.take(writer, Gate.CODE, email, request.remote_addr or "")
    recovery_id = second_step.fitting_code(db.session, account_id, typed)
    with writing("second step") as writer:
        right = second_step.pass_through(writer, writer.get_one(Account, account_id), typed, recovery_id)
        if right:
            throttle.give_back(writer, attempt_id)
    return right and sessions.sign_in(db.session.get_one(Account, account_id))


def confirm(found: Halfway, typed: str) -> bool:
    """Set up what was offered, and sign in. Raises NotValid, NotNow, TooManyTries, Busy."""
    account_id, email = found.account.id, found.account.email
    with writing("count a code") as writer:
        attempt_id = throttle.take(writer, Gate.CODE, email, request.remote_addr or "")
    with writing("set up the second step") as writer:
        second_step.confirm(writer, writer.get_one(Account, account_id), typed)
        throttle.give_back(writer, attempt_id)
    return sessions.sign_in(db.session.get_one(Account, account_id))
