"""Coming in, going out, and in which language."""

from flask import g, make_response, request, url_for
from flask_babel import gettext as _

from portal.blueprints.account import door
from portal.blueprints.account.forms import SignInForm
from portal.core.db import writing
from portal.core.errors import Busy, Message, NotValid
from portal.domain.accounts import service
from portal.domain.accounts.models import Account
from portal.domain.accounts.throttle import TooManyTries
from portal.web import halfway, sessions
from portal.web.answers import go, render
from portal.web.languages import LANGUAGES, say
from portal.web.navigation import home_of
from portal.web.pages import PUBLIC
from portal.web.sessions import RightPassword, local_path


@door.page("/", access=PUBLIC)
def home():
    """The first page of whoever asks."""
    return go(url_for("account.sign_in") if g.person is None else home_of(g.person))


@door.form("/sign-in", access=PUBLIC)
def sign_in():
    """Address and password. Every wrong pair gets the same answer after the same work."""
    back = local_path(request.args.get("next"))
    if g.person is not None and request.method == "GET":
        return go(back)
    form = SignInForm()
    if not form.is_submitted():
        return _sign_in_page(form, back)
    if not form.validate():
        return _sign_in_page(form, back, 422)
    try:
        right = sessions.try_password(form.email.data, form.password.data)
        if right is not None and (there := _let_in(right, back)):
            return go(there)
    except (TooManyTries, Busy) as refusal:
        form.refusal = say(refusal.message)
        return _sign_in_page(form, back, refusal.status)
    form.refusal = _("The e-mail address or the password is wrong.")
    return _sign_in_page(form, back, 422)


def _let_in(right: RightPassword, back: str) -> str | None:
    """Where somebody with the right password goes: on, or to their second step. None when it no longer is right."""
    endpoint = halfway.next_page(right)
    if endpoint is None:
        return back if sessions.sign_in(right) else None
    return url_for(endpoint) if halfway.stop(right, back, endpoint) else None


def _sign_in_page(form: SignInForm, back: str, status: int = 200):
    return render("account/sign_in.html", status=status, form=form, back=back)


@door.verb("/sign-out", access=PUBLIC)
def sign_out():
    """End the session on the server; the browser forgets the pages it kept."""
    if g.person is not None:
        sessions.sign_out()
    answer = make_response(go(url_for("account.sign_in")))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@door.verb("/language", access=PUBLIC)
def choose_language():
    """Read in another language: kept in the profile, or in the browser of somebody who is not signed in."""
    language = request.form.get("language")
    if language not in LANGUAGES:
        raise NotValid(Message("There is no such language."))
    sessions.remember_language(language)
    if g.person is not None:
        with writing("choose language") as db_session:
            account = db_session.get_one(Account, g.person.id)
            service.choose_language(db_session, account, g.person, language)
    return go(local_path(request.form.get("next") or request.args.get("next")))
