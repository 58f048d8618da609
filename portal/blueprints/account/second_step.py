"""The second step: asked for at sign-in, set up there or from the profile."""

from collections.abc import Callable
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.blueprints.account import door
from portal.blueprints.account.frames import frame
from portal.core.db import db
from portal.core.documents import qr
from portal.core.errors import Busy, Message, NotNow, NotValid
from portal.domain.accounts import proofs, second_step
from portal.domain.accounts.models import Account
from portal.domain.accounts.passwords import LONGEST
from portal.domain.accounts.second_step import Offer
from portal.domain.accounts.throttle import TooManyTries
from portal.domain.permissions import P
from portal.web import halfway
from portal.web.answers import go, render
from portal.web.forms import PortalForm, submit
from portal.web.halfway import Halfway
from portal.web.languages import say
from portal.web.pages import PUBLIC


class CodeForm(PortalForm):
    """A code of the telephone, or a recovery code."""

    secret = ("code",)

    code = StringField(_l("Sign-in code"), [InputRequired(), Length(max=20)])


class ProofForm(PortalForm):
    """One's own password once more."""

    secret = ("password",)

    password = PasswordField(_l("Your own password"), [InputRequired(), Length(max=LONGEST)])

    def prove(self) -> None:
        """Raises NotValid. Slow."""
        if not proofs.prove(db.session, g.person, self.password.data, _me()):
            raise NotValid(password=Message("This is not your password. Nothing was changed."))


def _me() -> Account:
    return db.session.get_one(Account, g.person.id)


@door.form("/sign-in/code", access=PUBLIC)
def code():
    """The code that the telephone shows, after the password."""
    return _halfway(
        lambda found, form, status: render("account/code.html", status=status, form=form, account=found.account),
        halfway.try_code,
        Message("This code is wrong, or was used already. The app shows a new one every 30 seconds."),
    )


@door.form("/sign-in/set-up", access=PUBLIC)
def set_up():
    """Set the telephone up, where the house wants it, before anything else opens."""
    return _halfway(_set_up_page, halfway.confirm, Message("Please sign in again."))


def _set_up_page(found: Halfway, form: CodeForm, status: int) -> Any:
    offer = second_step.offered(db.session, found.account.id)
    if offer is None:
        return go(url_for("account.sign_in"))
    return _offer_page(found.account, offer, form, status, layout="layouts/plain.html", url=url_for("account.set_up"))


def _halfway(page: Callable, act: Callable[[Halfway, str], bool], wrong: Message) -> Any:
    found = halfway.here()
    if found is None:
        return go(url_for("account.sign_in"))
    form = CodeForm()
    if not form.is_submitted():
        return page(found, form, 200)
    if not form.validate():
        return page(found, form, 422)
    try:
        if act(found, form.code.data):
            return go(found.back)
    except NotValid as error:
        form.spoil(error)
        return page(halfway.here(), form, 422)
    except (TooManyTries, Busy, NotNow) as refusal:
        form.refusal = say(refusal.message)
        return page(halfway.here(), form, refusal.status)
    form.code.errors = [say(wrong)]
    return page(halfway.here(), form, 422)


@door.verb("/profile/second-step/begin", access=P.ACCOUNT_SELF)
def begin_second_step():
    """Draw a secret and recovery codes, to be confirmed on the page that shows them."""
    form, drawn = ProofForm(), []

    def prepare() -> None:
        form.prove()
        drawn.append(second_step.draw())

    def act(session):
        second_step.propose(session, session.get_one(Account, g.person.id), drawn[0])
        return url_for("account.second_step_page")

    return submit(form, act, lambda status: _own_page(status, proof=form), before=prepare)


@door.form("/profile/second-step", access=P.ACCOUNT_SELF, endpoint="second_step_page")
def second_step_page():
    """How one's own second step stands; what was offered, to be confirmed with a code."""
    form = CodeForm()
    if not form.is_submitted():
        return _own_page()

    def act(session):
        second_step.confirm(session, session.get_one(Account, g.person.id), form.code.data)
        return url_for("account.second_step_page")

    return submit(form, act, lambda status: _own_page(status, confirm=form), done=_("The second step is set up."))


@door.verb("/profile/second-step/drop", access=P.ACCOUNT_SELF)
def drop_second_step():
    """Do without it, where the house does not want it."""
    form = ProofForm()

    def act(session):
        second_step.drop(session, session.get_one(Account, g.person.id), g.person)
        return url_for("account.second_step_page")

    again = lambda status: _own_page(status, proof=form)  # noqa: E731
    return submit(form, act, again, done=_("You sign in with your password alone."), before=form.prove)


def _own_page(status: int = 200, confirm: CodeForm | None = None, proof: ProofForm | None = None) -> Any:
    account, offer = _me(), second_step.offered(db.session, g.person.id)
    if offer is not None and proof is None:
        url = url_for("account.second_step_page")
        return _offer_page(account, offer, confirm or CodeForm(), status, layout=frame(), url=url)
    return render(
        "account/second_step.html",
        status=status,
        frame=frame(),
        set_up=second_step.is_set_up(db.session, account.id),
        wanted=second_step.is_wanted(db.session, account),
        left=second_step.codes_left(db.session, account.id),
        form=proof or ProofForm(),
        refusal=confirm.refusal if confirm else None,
    )


def _offer_page(account: Account, offer: Offer, form: CodeForm, status: int, *, layout: str, url: str) -> Any:
    return render(
        "account/second_step_offer.html",
        status=status,
        frame=layout,
        own=layout != "layouts/plain.html",
        picture=qr(offer.address(account)),
        secret=" ".join(offer.secret[n : n + 4] for n in range(0, len(offer.secret), 4)),
        codes=offer.codes,
        form=form,
        url=url,
    )
