"""The own profile: what one says about oneself, notices, password, signed-in devices."""

from flask import current_app, g, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.blueprints.account import door
from portal.blueprints.account.forms import ChangePasswordForm, NoticesForm, ProfileForm
from portal.blueprints.account.frames import frame
from portal.core import notices
from portal.core.db import db
from portal.core.errors import Message, NotValid
from portal.core.notices import KINDS, Channel, NoticeKind
from portal.core.verbs import last_act_of
from portal.domain.accounts import badges, lifecycle, proofs, service
from portal.domain.accounts.models import Account
from portal.domain.permissions import P
from portal.web.agents import session_rows
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import LANGUAGES, speaking
from portal.web.sessions import remember_language
from portal.web.stale import compare

WAYS = {Channel.MAIL: Message("E-mail"), Channel.WEBHOOK: Message("Web hook")}


@door.form("/profile", access=P.ACCOUNT_SELF)
def profile():
    """See it; a POST saves what one says about oneself."""
    account = _me()
    form = ProfileForm(obj=account, version=account.profile_version)
    if not form.is_submitted():
        return _page(profile_form=form)

    def act(session):
        account = session.get_one(Account, g.person.id)
        service.edit_profile(session, account, g.person, form.version, **form.values())
        remember_language(form.language.data)
        return url_for("account.profile")

    return submit(form, act, lambda status: _again(form, status), done=_saved(form.language.data))


def _saved(language: str | None) -> str:
    """The toast stands on the next page, which speaks the language just chosen."""
    with speaking(language if language in LANGUAGES else g.person.language):
        return _("Your profile is saved.")


def _me() -> Account:
    return db.session.get_one(Account, g.person.id)


def _again(form: ProfileForm, status: int):
    if form.stale is None:
        return _page("profile", status, profile_form=form)
    saved = last_act_of(db.session, _me(), lifecycle.EDIT_PROFILE)
    rows = compare(form, _me().profile_version)
    return _page("profile", status, profile_form=form, rows=rows, saved_at=saved.at if saved else None)


def _page(block: str | None = None, status: int = 200, *, rows=(), saved_at=None, **forms: PortalForm):
    account = _me()
    return render(
        "account/profile.html",
        block,
        status,
        frame=frame(),
        account=account,
        repairs=bool(badges.repairing(account)),
        profile_form=forms.get("profile_form") or ProfileForm(obj=account, version=account.profile_version),
        password_form=forms.get("password_form") or ChangePasswordForm(),
        notices_form=forms.get("notices_form") or NoticesForm(),
        rows=rows,
        saved_at=saved_at,
        ways=_ways(),
        kinds=[kind for kind in _kinds() if not kind.mandatory],
        always=[kind for kind in _kinds() if kind.mandatory and kind.inbox],
        chosen=notices.chosen(db.session, account.id),
        signed_in=session_rows(db.session, account.id, current_user.session_id),
    )


def _ways() -> dict[Channel, Message]:
    """The ways that are set up here: a web hook only where the operator named one."""
    hook = current_app.extensions["settings"].webhook_url
    return {way: label for way, label in WAYS.items() if way is Channel.MAIL or hook}


@door.verb("/profile/password", access=P.ACCOUNT_SELF)
def change_password():
    """Set a new password; it needs the old one, and ends all other sessions."""
    form, session_id = ChangePasswordForm(), current_user.session_id

    def prepare() -> None:
        account = _me()
        own = (account.name, account.email)
        if not proofs.prove(db.session, g.person, form.current_password.data, account, field="current_password"):
            raise NotValid(current_password=Message("This is not your password."))
        form.take_in(*own)

    def act(session):
        account = session.get_one(Account, g.person.id)
        service.change_password(session, account, g.person, form.password_hash, session_id)
        return url_for("account.profile")

    return submit(
        form,
        act,
        lambda status: _page("password", status, password_form=form),
        done=_("Your password is changed. All other devices are signed out."),
        before=prepare,
    )


def _kinds() -> list[NoticeKind]:
    """The kinds of notice that this person can ever be told."""
    return [kind for kind in KINDS.values() if not kind.concerns or kind.concerns & g.person.roles]


@door.verb("/profile/notices", access=P.ACCOUNT_SELF)
def choose_notices():
    """Choose which notices come by which way, besides the inbox."""
    form = NoticesForm()
    offered = {
        f"{kind.name} {channel}": (kind, channel) for kind in _kinds() if not kind.mandatory for channel in _ways()
    }
    form.wanted.choices = [(value, value) for value in offered]

    def act(session):
        before, ticked = notices.chosen(session, g.person.id), form.wanted.data or ()
        for value, (kind, channel) in offered.items():
            wanted = value in ticked
            if wanted != before[kind.name, channel]:
                notices.choose(session, g.person.id, kind, channel, wanted)
        return url_for("account.profile", _anchor="notices")

    return submit(
        form, act, lambda status: _page("notices", status, notices_form=form), done=_("Your choice is saved.")
    )


@door.verb("/profile/sign-out-everywhere", access=P.ACCOUNT_SELF)
def sign_out_everywhere():
    """End all sessions of this person except this one."""
    form, session_id = PortalForm(), current_user.session_id

    def act(session):
        service.sign_out_everywhere(session, session.get_one(Account, g.person.id), g.person, session_id)
        return url_for("account.profile", _anchor="sessions")

    return submit(form, act, lambda status: _page(status=status), done=_("All other devices are signed out."))
