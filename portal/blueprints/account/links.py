"""What mailed links lead to: an invitation, a new password, the first administrator."""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from portal.blueprints.account import door
from portal.blueprints.account.forms import AddressForm, FirstAdminForm, NewPasswordForm
from portal.core.db import db, writing
from portal.core.errors import Busy
from portal.domain.accounts import links, passwords, service, throttle
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.models import Account, Purpose
from portal.domain.accounts.throttle import Gate, TooManyTries
from portal.web import halfway, sessions
from portal.web.answers import go, render
from portal.web.forms import submit
from portal.web.languages import current_language, say
from portal.web.pages import PUBLIC


def _over():
    """Used, expired, or never there. Rendered here, so that no log names the address with its secret."""
    return render("account/link_over.html", status=410)


@door.form("/invitation/<token>", access=PUBLIC)
def invitation(token: str):
    """Set the own password and come in."""
    try:
        account = _holder(Purpose.INVITATION, token)
    except LinkOver:
        return _over()
    form = NewPasswordForm()
    if not form.is_submitted():
        return _invitation_page(account, token, form)
    own, accepted = (account.name, account.email), []

    def act(session):
        accepted.append(service.accept_invitation(session, token, form.password_hash).id)
        return url_for("account.home")

    answer = _once(
        form, act, lambda status: _invitation_page(_holder(Purpose.INVITATION, token), token, form, status), own
    )
    return _come_in(accepted) or answer


def _invitation_page(account: Account, token: str, form: NewPasswordForm, status: int = 200):
    return render("account/invitation.html", "password", status, account=account, token=token, form=form)


@door.form("/reset", access=PUBLIC)
def reset():
    """Ask for a link. The answer is the same whether or not somebody has this address."""
    form = AddressForm()
    if not form.is_submitted():
        return render("account/reset.html", form=form)
    if not form.validate():
        return render("account/reset.html", status=422, form=form)
    try:
        _ask_for_link(form.email.data)
    except (TooManyTries, Busy) as refusal:
        form.refusal = say(refusal.message)
        return render("account/reset.html", status=refusal.status, form=form)
    return go(url_for("account.reset_asked"))


def _ask_for_link(email: str) -> None:
    """A hash stands before it, beside which the few rows for a name that exists do not show in the time."""
    passwords.fits("", email)
    with writing("ask for a link") as session:
        throttle.take(session, Gate.LINK, email, request.remote_addr or "")
        service.ask_for_link(session, email)


@door.page("/reset-asked", access=PUBLIC)
def reset_asked():
    """What happens next."""
    return render("account/reset_asked.html")


@door.form("/reset/<token>", access=PUBLIC)
def reset_by_link(token: str):
    """Set a new password."""
    try:
        account = _holder(Purpose.RESET, token)
    except LinkOver:
        return _over()
    form = NewPasswordForm()
    if not form.is_submitted():
        return _reset_page(account, token, form)
    own = (account.name, account.email)

    def act(session):
        service.reset_password(session, token, form.password_hash)
        return url_for("account.sign_in")

    return _once(
        form,
        act,
        lambda status: _reset_page(_holder(Purpose.RESET, token), token, form, status),
        own,
        done=_("Your password is set. Please sign in with it."),
    )


def _reset_page(account: Account, token: str, form: NewPasswordForm, status: int = 200):
    return render("account/reset_by_link.html", "password", status, account=account, token=token, form=form)


@door.form("/first-admin/<token>", access=PUBLIC)
def first_admin(token: str):
    """Make the first administrator of an empty house."""
    try:
        links.peek(db.session, Purpose.FIRST_ADMIN, token)
    except LinkOver:
        return _over()
    form, made = FirstAdminForm(), []
    if not form.is_submitted():
        return _first_admin_page(token, form)

    def act(session):
        values = {"email": form.email.data, "name": form.name.data, "language": current_language()}
        made.append(service.make_first_admin(session, token, password_hash=form.password_hash, **values).id)
        return url_for("account.home")

    answer = _once(
        form,
        act,
        lambda status: _first_admin_page(token, form, status),
        (form.name.data or "", form.email.data or ""),
    )
    return _come_in(made) or answer


def _first_admin_page(token: str, form: FirstAdminForm, status: int = 200):
    return render("account/first_admin.html", "password", status, token=token, form=form)


def _holder(purpose: Purpose, token: str) -> Account:
    """Whose link it is. Raises LinkOver."""
    return db.session.get_one(Account, links.peek(db.session, purpose, token).account_id)


def _once(form: NewPasswordForm, act, again, own: tuple[str, str], *, done: str = ""):
    """`submit` for a form behind a link, which somebody else may have used meanwhile."""
    try:
        return submit(form, act, again, done=done, before=lambda: form.take_in(*own))
    except LinkOver:
        current_app.logger.info("a link was used twice")
        return _over()


def _come_in(account_ids: list[int]) -> Any:
    """Sign in whoever has just set their password, or lead them to the second step that the house wants of them."""
    for account_id in account_ids:
        account = db.session.get_one(Account, account_id)
        endpoint = halfway.next_page(account)
        if endpoint and halfway.stop(account, url_for("account.home"), endpoint):
            return go(url_for(endpoint))
        sessions.sign_in(account)
    return None
