"""Giving and ending roles: the first one with an invitation, further ones later."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.people_forms import GrantForm, InviteForm
from portal.blueprints.office.people_parts import employer, load, member, where
from portal.core.db import db
from portal.core.errors import Message, NotYours
from portal.domain.accounts import queries, service
from portal.domain.accounts.models import Account
from portal.domain.accounts.roles import PLACES
from portal.domain.permissions import P, Role
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.proving import ProvedForm

MEANINGS = {
    Role.CUSTOMER: Message("Reports faults for a whole hospital, follows all its requests, signs reports."),
    Role.WARD: Message("Reports faults at one campus and follows the own reports."),
    Role.TECHNICIAN: Message("Works on the orders assigned to them, with the customer's signature at the end."),
    Role.DEALER_DESK: Message("Takes and assigns the requests of one dealer."),
    Role.DESK: Message("Takes, assesses and assigns all requests; keeps devices and customers."),
    Role.QUALITY: Message("Releases finished work, keeps reports and reads the trail."),
    Role.STORES: Message("Sees devices and customers, for spare parts and loaners."),
    Role.FINANCE: Message("Sees devices, customers and documents."),
    Role.MANAGER: Message("Sees everything, may step in anywhere, sets the figures."),
    Role.AUDITOR: Message("Reads everything, changes nothing."),
    Role.ADMIN: Message("Invites people, gives and ends roles, keeps the company's data."),
}


@door.page("/people/invite", access=P.ACCOUNT_INVITE)
def invite():
    """Which role will the new person have first?"""
    return _choose_role(list(Role), _("Invite somebody"), url_for("office.people"), "office.invite_as")


def _choose_role(roles: list[Role], title: str, back: str, endpoint: str, **values: Any):
    cards = [
        {"title": say(role), "text": say(MEANINGS[role]), "href": url_for(endpoint, role=role.value, **values)}
        for role in roles
    ]
    return render("office/people_role.html", title=title, back=back, cards=cards)


@door.form("/people/invite/<role>", access=P.ACCOUNT_INVITE)
def invite_as(role: str):
    """Name, address and place of the new person."""
    wanted = _role(role, list(Role))
    form = InviteForm()
    form.offer(wanted, queries.places(db.session, wanted))
    if not form.is_submitted():
        return _invite_page(wanted, form)

    def act(session):
        facts = {name: getattr(form, name).data for name in ("name", "email", "language")}
        made = service.invite(session, g.person, role=wanted, place=form.chosen(session), **facts)
        return url_for("office.account", uid=made.uid)

    return submit(
        form,
        act,
        lambda status: _invite_page(wanted, form, status),
        done=_("The invitation is on its way."),
        before=lambda: form.prove(db.session.get_one(Account, g.person.id)),
    )


def _role(value: str, roles: list[Role]) -> Role:
    """The role of the address. Raises NotYours for one that is none, or not for this person."""
    role = member(Role, value)
    if role not in roles:
        raise NotYours()
    return role


def _invite_page(role: Role, form: InviteForm, status: int = 200):
    return render("office/people_invite.html", "invitation", status, role=role, meaning=MEANINGS[role], form=form)


@door.page("/people/<uid>/grant", access=P.ACCOUNT_GRANT)
def choose_role(uid: str):
    """Which further role?"""
    record = load(uid)
    roles = queries.fitting_roles(employer(record))
    title, back = _("Grant a role to %(name)s", name=record.name), url_for("office.account", uid=uid)
    return _choose_role(roles, title, back, "office.grant_role", uid=uid)


@door.form("/people/<uid>/grant/<role>", access=P.ACCOUNT_GRANT)
def grant_role(uid: str, role: str):
    """Give a further role."""
    record = load(uid)
    wanted = _role(role, queries.fitting_roles(employer(record)))
    form, account_id = GrantForm(), record.id
    narrow = [queries.of_employer(wanted, record.organisation_id)] if wanted in PLACES else []
    form.offer(wanted, queries.places(db.session, wanted, *narrow))
    if not form.is_submitted():
        return _grant_page(record, wanted, form)

    def act(session):
        account = session.get_one(Account, account_id)
        service.grant_role(session, account, g.person, wanted, form.chosen(session))
        return url_for("office.account", uid=uid)

    return submit(
        form,
        act,
        lambda status: _grant_page(load(uid), wanted, form, status),
        done=_("The role is granted."),
        before=lambda: form.prove(load(uid)),
    )


def _grant_page(record: Account, role: Role, form: GrantForm, status: int = 200):
    values = {"record": record, "role": role, "meaning": MEANINGS[role], "form": form}
    return render("office/people_grant.html", "grant", status, **values)


@door.form("/people/<uid>/roles/<int(max=9999):n>/end", access=P.ACCOUNT_GRANT)
def end_role(uid: str, n: int):
    """End the account's nth role."""
    record, form = load(uid), ProvedForm()
    if not 1 <= n <= len(record.grants):
        raise NotYours()
    if not form.is_submitted():
        return _end_page(record, n, form)
    account_id = record.id

    def act(session):
        account = session.get_one(Account, account_id)
        service.end_role(session, account, g.person, account.grants[n - 1])
        return url_for("office.account", uid=uid)

    return submit(
        form,
        act,
        lambda status: _end_page(load(uid), n, form, status),
        done=_("The role has ended."),
        before=lambda: form.prove(load(uid)),
    )


def _end_page(record: Account, n: int, form: ProvedForm, status: int = 200):
    grant = record.grants[n - 1]
    values = {"record": record, "n": n, "grant": grant, "where": where(grant), "form": form}
    return render("office/people_end_role.html", "end", status, **values)
