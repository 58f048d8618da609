"""Who is at the other end: the signed-in person of each request, through Flask-Login."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import Busy
from portal.core.lifecycle import origin
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Account, SignedInSession
from portal.domain.accounts.people import person_of
from portal.web.answers import is_htmx

manager = LoginManager()


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


def _meet() -> None:
    g.person = None
    if request.endpoint in (None, "static"):
        return
    origin.set(f"web {request.remote_addr or ''}")
    if current_user.is_authenticated:
        g.person = current_user.person
        _note_presence(current_user.row)


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


def sign_in(account: Account) -> None:
    """Open a session for `account` and set the cookie; the old session's contents are dropped."""
    account_id = account.id
    with writing("sign in") as db_session:
        account = db_session.get_one(Account, account_id)
        token = sessions.start(db_session, account, request.remote_addr or "", request.user_agent.string)
    kept = {name: session[name] for name in ("language",) if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    row = sessions.find(db.session, token)
    login_user(SignedIn(token, row))
    g.person = current_user.person


def sign_out() -> None:
    """End the session on the server and in the browser."""
    session_id = current_user.session_id
    with writing("sign out") as db_session:
        sessions.end(db_session, session_id)
    logout_user()
    session.clear()
    g.person = None


def ask_to_sign_in() -> Response | Any:
    """Lead to the sign-in page and back here afterwards. A fragment must not swap in the sign-in page."""
    back = request.headers.get("HX-Current-URL") if is_htmx() else request.full_path.rstrip("?")
    target = url_for("account.sign_in", next=local_path(back))
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def local_path(url: str | None) -> str:
    """The path and query of `url` if it is one of ours, else the home page."""
    parts = urlsplit(url or "")
    ours = parts.path.startswith("/") and not parts.path.startswith("//") and "\\" not in parts.path
    if not ours:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
