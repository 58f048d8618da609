"""How the wards of a hospital report, and who of them signs in: kept by its equipment department (INT-15)."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from portal.blueprints.customers import door
from portal.core import clock, codes
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.accounts import ward_users
from portal.domain.accounts.lifecycle import ACCOUNT_LIFECYCLE
from portal.domain.accounts.models import Account, State
from portal.domain.duty import queries as duty
from portal.domain.organisations.models import Site
from portal.domain.permissions import P
from portal.domain.wards import queries, service
from portal.domain.wards.models import WardDesk
from portal.domain.wards.words import Route
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.proving import ProvedForm, own_password

TONES = {State.INVITED: "warn", State.ACTIVE: "good", State.DISABLED: "neutral"}


class RouteForm(PortalForm):
    """Who reads the reports of a site's wards first."""

    route = RadioField(_l("Where do reports from the wards go?"), choices=choices(Route), validators=[DataRequired()])


class InviteWardUserForm(ProvedForm):
    """Who of the ward is invited."""

    name = StringField(_l("Name"), [DataRequired(), Length(max=100)])
    email = EmailField(_l("E-mail address"), [DataRequired(), Length(max=254), Email()])
    site = SelectField(_l("Campus"), [InputRequired(_l("Please choose one."))], choices=list)
    language = SelectField(_l("Language"), [InputRequired()], choices=[("zh", "中文"), ("en", "English")])
    password = own_password()


class DisableForm(PortalForm):
    """Why an account is closed."""

    reason = TextAreaField(_l("Reason"), [DataRequired(), Length(max=1000)])


@door.page("/wards", access=P.WARD_DESK_EDIT)
def wards():
    """Each site with its confirmation code and its way of reporting; the ward users by name."""
    found = ward_users.listed(db.session, g.person, request.args.get("at"))
    sites = ward_users.sites_of(db.session, [row[0] for row in found.rows])
    places = queries.sites_and_desks(db.session, g.person)
    return render(
        "customers/wards.html",
        places=[(site, desk, codes.spell(desk.code, 3) if desk else "") for site, desk in places],
        Route=Route,
        users=[_user(row, sites[row[0]]) for row in found.rows],
        pager=pager(found),
    )


def _user(row: Any, sites: list[Site]) -> dict[str, Any]:
    _id, uid, name, email, state, _organisation = row
    return {
        "title": name,
        "href": url_for("customers.ward_user", uid=uid),
        "text": " · ".join(say(site.name) for site in sites),
        "meta": email,
        "badge": (say(state), TONES[state]),
    }


def _site(session: Session, uid: str) -> tuple[Site, WardDesk | None]:
    """One of the hospital's own sites. Raises NotYours."""
    for site, desk in queries.sites_and_desks(session, g.person):
        if site.uid == uid:
            return site, desk
    raise NotYours()


@door.form("/wards/<uid>", access=P.WARD_DESK_EDIT)
def ward_desk(uid: str):
    """Let the wards of a site report by the label, and choose who reads it first."""
    _place, desk = _site(db.session, uid)
    form = RouteForm(version=desk.settings_version if desk else 0, route=(desk.route if desk else Route.HOSPITAL).value)
    if not form.is_submitted():
        return _desk_page(uid, form)

    def act(session: Session) -> str:
        site, known = _site(session, uid)
        route = Route(form.route.data)
        if known is None:
            service.open_desk(session, g.person, site, route)
        else:
            service.edit_desk(session, known, g.person, form.version, route)
        return url_for("customers.wards")

    return submit(form, act, lambda status: _desk_page(uid, form, status), done=_("The way of reporting is saved."))


def _desk_page(uid: str, form: RouteForm, status: int = 200):
    site, desk = _site(db.session, uid)
    return render("customers/ward_desk.html", "desk", status, site=site, desk=desk, form=form)


@door.page("/wards/<uid>/poster", access=P.WARD_DESK_EDIT)
def ward_poster(uid: str):
    """One sheet to print and hang up: how to report, the confirmation code, whom to telephone. Raises NotYours."""
    site, desk = _site(db.session, uid)
    if desk is None or desk.route is Route.CLOSED:
        raise NotYours()
    numbers = duty.numbers_for(db.session, g.person, clock.now())
    return render("customers/ward_poster.html", site=site, desk=desk, code=codes.spell(desk.code, 3), numbers=numbers)


@door.verb("/wards/<uid>/code", access=P.WARD_DESK_EDIT)
def renew_ward_code(uid: str):
    """Draw a new confirmation code: the old one no longer works."""
    form = PortalForm()

    def act(session: Session) -> str:
        _place, desk = _site(session, uid)
        if desk is None:
            raise NotYours()
        service.renew_code(session, desk, g.person)
        return url_for("customers.wards")

    again = lambda status: _desk_page(uid, _refused(form), status)  # noqa: E731
    return submit(form, act, again, done=_("There is a new code. Please put it up in the wards."))


def _refused(sent: PortalForm) -> RouteForm:
    """The form of the site, with why another one was refused."""
    form = RouteForm(formdata=None)
    form.refusal = sent.refusal
    return form


@door.form("/ward-users/new", access=P.WARD_USER_MANAGE)
def invite_ward_user():
    """Invite somebody of a ward; they choose their own password by the mailed link."""
    places = {site.uid: site for site, _desk in queries.sites_and_desks(db.session, g.person)}
    form = InviteWardUserForm()
    form.site.choices = [("", _("Please choose")), *((uid, say(site.name)) for uid, site in places.items())]
    if not form.is_submitted():
        return _invite_page(form)

    def act(session: Session) -> str:
        site = session.get_one(Site, places[form.site.data].id)
        facts = {name: getattr(form, name).data for name in ("name", "email", "language")}
        ward_users.invite(session, g.person, site=site, **facts)
        return url_for("customers.wards", _anchor="users")

    return submit(
        form,
        act,
        lambda status: _invite_page(form, status),
        done=_("The invitation is on its way."),
        before=lambda: form.prove(db.session.get_one(Account, g.person.id)),
    )


def _invite_page(form: InviteWardUserForm, status: int = 200):
    return render("customers/ward_user_new.html", "invitation", status, form=form)


def _load(session: Session, uid: str) -> Account:
    """A ward user of the own hospital. Raises NotYours, for officers too."""
    account = find(session, Account, g.person, P.WARD_USER_MANAGE, uid=uid)
    if not ward_users.is_one(account):
        raise NotYours()
    return account


@door.page("/ward-users/<uid>", access=P.WARD_USER_MANAGE)
def ward_user(uid: str):
    """One ward user: where they report, and the end of their account."""
    return _user_page(uid)


def _user_page(uid: str, form: PortalForm | None = None, status: int = 200):
    account = _load(db.session, uid)
    return render(
        "customers/ward_user.html",
        "user",
        status,
        record=account,
        tone=TONES[account.state],
        sites=ward_users.sites_of(db.session, [account.id])[account.id],
        verbs={verb.name for verb in ACCOUNT_LIFECYCLE.possible(account, g.person)},
        form=form if isinstance(form, DisableForm) else DisableForm(),
        refusal=form.refusal if form else None,
    )


@door.verb("/ward-users/<uid>/invite-again", access=P.WARD_USER_MANAGE)
def invite_ward_user_again(uid: str):
    """Mail a fresh invitation."""
    return _change(uid, PortalForm(), ward_users.invite_again, _("The invitation is on its way."))


@door.verb("/ward-users/<uid>/disable", access=P.WARD_USER_MANAGE)
def disable_ward_user(uid: str):
    """Close the account of a ward user."""
    form = DisableForm()

    def carry_out(session: Session, account: Account, person: Any) -> None:
        ward_users.disable(session, account, person, form.reason.data)

    return _change(uid, form, carry_out, _("The account is disabled and signed out everywhere."))


@door.verb("/ward-users/<uid>/enable", access=P.WARD_USER_MANAGE)
def enable_ward_user(uid: str):
    """Open a disabled account again."""
    return _change(uid, PortalForm(), ward_users.enable, _("The account is enabled again."))


def _change(uid: str, form: PortalForm, carry_out: Any, done: str):
    _load(db.session, uid)

    def act(session: Session) -> str:
        carry_out(session, _load(session, uid), g.person)
        return url_for("customers.ward_user", uid=uid)

    return submit(form, act, lambda status: _user_page(uid, form, status), done=done)
