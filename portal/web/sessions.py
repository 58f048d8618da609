"""Who is at the other end: the signed-in person of each request, through Flask-Login."""

import logging
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_babel import refresh
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import Busy
from portal.core.perform import origin
from portal.core.permissions import Person
from portal.domain.accounts import passwords, service, sessions, throttle
from portal.domain.accounts.models import Account, SignedInSession, State
from portal.domain.accounts.people import person_of
from portal.domain.accounts.throttle import Gate
from portal.web.answers import is_htmx
from portal.web.languages import LANGUAGES

manager = LoginManager()
log = logging.getLogger("portal.refusals")


class SignedIn(UserMixin):
    """What Flask-Login carries: the token in the cookie, the session row behind it."""

    def __init__(self, token: str, row: SignedInSession) -> None:
        self.token, self.row, self.session_id = token, row, row.id
        self.person = person_of(row.account)

    def get_id(self) -> str:
        return self.token


@manager.user_loader
def _load(token: str) -> SignedIn | None:
    row = sessions.find(db.session, token)
    return SignedIn(token, row) if row else None


def install(app: Flask) -> None:
    """Set `g.person` before every request: the signed-in person, or None."""
    manager.init_app(app)
    manager.session_protection = None  # the server's own row decides, not the browser's address
    app.before_request(_meet)
    app.teardown_request(_part)


def _meet() -> None:
    g.person = None
    _forget_the_last()
    if request.endpoint in (None, "static"):
        return
    origin.set(f"web {request.remote_addr or ''}")
    if current_user.is_authenticated:
        g.person = _as_they_read(current_user.person)
        _note_presence(current_user.row)


def _as_they_read(person: Person) -> Person:
    """The person, read to in the language that was chosen in this browser; where none was, in their profile's."""
    chosen = session.get("language")
    return replace(person, language=chosen) if chosen in LANGUAGES else person


def _forget_the_last() -> None:
    """One application context may serve several requests of several people, as in tests: their libraries remember."""
    g.pop("_login_user", None)
    refresh()


def _part(error: BaseException | None) -> None:
    origin.set("")


def _note_presence(row: SignedInSession) -> None:
    """Write `last_seen_at` at most every five minutes, and never for a page that polls."""
    if "X-Poll" in request.headers or not sessions.is_due(row):
        return
    session_id = row.id
    try:
        with writing("last seen") as db_session:
            sessions.touch(db_session, session_id, clock.now())
    except Busy:
        current_app.logger.info("last seen of session %s not written: busy", session_id)


@dataclass(frozen=True)
class RightPassword:
    """That somebody knew the password: whose, what was kept of it then, what is to be kept from now on."""

    account_id: int
    kept: str
    stronger: str
    attempt_id: int


def try_password(email: str, password: str) -> RightPassword | None:
    """Whether this is the password of an active account. Raises TooManyTries, Busy.

    A name that nobody has, or whose account is closed, costs the same work and gets the same answer.
    """
    with writing("count a try") as db_session:
        attempt_id = throttle.take(db_session, Gate.PASSWORD, email, request.remote_addr or "")
    account = service.by_email(db.session, email)
    kept = account.password_hash if account is not None and account.state is State.ACTIVE else ""
    if not passwords.fits(kept, password):
        log.info("sign-in refused from %s", request.remote_addr)
        return None
    stronger = passwords.make(password) if passwords.is_outdated(kept) else ""
    return RightPassword(account.id, kept, stronger, attempt_id)


def sign_in(account: Account | RightPassword) -> bool:
    """Open a session for `account` and set the cookie; the old session ends and its contents are dropped.

    False when the password was changed or the account closed since it was looked at.
    """
    token = _open_session(account)
    if token is None:
        return False
    start_afresh()
    session.permanent = True
    login_user(SignedIn(token, sessions.find(db.session, token)))
    g.person = _as_they_read(current_user.person)
    return True


def _open_session(known: Account | RightPassword) -> str | None:
    account_id = known.account_id if isinstance(known, RightPassword) else known.id
    replaced = current_user.session_id if current_user.is_authenticated else 0
    with writing("sign in") as db_session:
        account = db_session.get_one(Account, account_id)
        if account.state is not State.ACTIVE:
            return None
        if isinstance(known, RightPassword) and not settle(db_session, account, known):
            return None
        sessions.end(db_session, replaced)
        return sessions.start(db_session, account, request.remote_addr or "", request.user_agent.string)


def settle(db_session: Session, account: Account, known: RightPassword) -> bool:
    """The try was right: it does not count. False when the password was changed or the account closed meanwhile."""
    if account.state is not State.ACTIVE or account.password_hash != known.kept:
        return False
    throttle.give_back(db_session, known.attempt_id)
    if known.stronger:
        service.strengthen(db_session, account, known.stronger)
    return True


def remember_language(language: str) -> None:
    """What this browser is spoken to in from now on; it survives signing in and out."""
    session["language"] = language


def start_afresh() -> None:
    """Drop all that the browser's cookie holds, except for the language somebody chose."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def sign_out() -> None:
    """End the session on the server and in the browser."""
    session_id = current_user.session_id
    with writing("sign out") as db_session:
        sessions.end(db_session, session_id)
    logout_user()
    start_afresh()
    g.person = None


def ask_to_sign_in() -> Response | Any:
    """Lead to the sign-in page and back here afterwards. A fragment must not swap in the sign-in page."""
    target = url_for("account.sign_in", next=local_path(_here()))
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def _here() -> str | None:
    """The address of the page that the reader looks at: what was posted to is no page."""
    if is_htmx():
        return request.headers.get("HX-Current-URL")
    return request.full_path.rstrip("?") if request.method == "GET" else request.referrer


def local_path(url: str | None) -> str:
    """The path and query of `url` if it is one of ours, else the home page."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return "/"
    ours = parts.path.startswith("/") and not parts.path.startswith("//") and "\\" not in parts.path
    if not ours:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
