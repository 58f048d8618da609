"""People: who may sign in, with which roles, where; and closing an account."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.people_forms import DisableForm, ResetSecondStepForm
from portal.blueprints.office.people_parts import employer, load, member, where
from portal.core import clock
from portal.core.db import db
from portal.domain.accounts import badges, queries, second_step, service
from portal.domain.accounts.lifecycle import ACCOUNT_LIFECYCLE
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.devices.queries import region
from portal.domain.permissions import P, Role
from portal.domain.qualifications.queries import of_person as held_by
from portal.domain.trail import queries as trail
from portal.web.agents import session_rows
from portal.web.answers import render
from portal.web.badges import badge_of
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import chip, pager
from portal.web.trail import lines

TONES = {State.INVITED: "warn", State.ACTIVE: "good", State.DISABLED: "neutral"}


@door.page("/people", access=P.ACCOUNT_SEE)
def people():
    """All accounts, by name."""
    wanted = request.args
    found = queries.people(
        db.session,
        g.person,
        state=member(State, wanted.get("state")),
        role=member(Role, wanted.get("role")),
        organisation_uid=wanted.get("organisation", ""),
        cursor=wanted.get("at"),
    )
    roles = queries.roles_of(db.session, [row[0] for row in found.rows])
    return render(
        "office/people.html",
        rows=[(*row[1:], roles[row[0]]) for row in found.rows],
        tones=TONES,
        chips=_chips(),
        pager=pager(found),
    )


def _chips() -> list[dict[str, Any]]:
    everyone = ("", _("all"))
    houses = [(house.uid, say(house.name)) for house in queries.employers(db.session)]
    return [
        chip(_("State"), "state", [everyone, *((state.value, say(state)) for state in State)]),
        chip(_("Roles"), "role", [everyone, *((role.value, say(role)) for role in Role)]),
        chip(_("Belongs to"), "organisation", [everyone, ("own", _("Own staff")), *houses]),
    ]


@door.page("/people/<uid>", access=P.ACCOUNT_SEE)
def account(uid: str):
    """One account: who it is, what it may do, where it is signed in, what was done to it."""
    return _page(load(uid))


def _page(record: Account, form: PortalForm | None = None, status: int = 200):
    possible = ACCOUNT_LIFECYCLE.possible(record, g.person)
    certificates = held_by(db.session, record.id)
    repairing = badges.repairing(record)
    return render(
        "office/people_account.html",
        status=status,
        record=record,
        tone=TONES[record.state],
        employer=employer(record),
        grants=[(n, grant, where(grant)) for n, grant in enumerate(record.grants, start=1)],
        sessions=session_rows(db.session, record.id),
        centres=_(", ").join(where(grant) for grant in repairing),
        region=_region(repairing),
        badge=badge_of(record, for_staff=True) if repairing else None,
        certificates=certificates,
        repairs=bool(certificates) or any(grant.role is Role.TECHNICIAN for grant in record.grants),
        today=clock.now().astimezone(ZoneInfo(g.person.zone)).date(),
        trail=lines(db.session, trail.of_records(db.session, [record, *certificates])),
        verbs={verb.name for verb in possible} if record.id != g.person.id else set(),
        disable_form=form if isinstance(form, DisableForm) else DisableForm(),
        reset_form=form if isinstance(form, ResetSecondStepForm) else ResetSecondStepForm(),
        has_second_step=second_step.is_set_up(db.session, record.id),
        refusal=form.refusal if form else None,
    )


def _region(grants: list[RoleGrant]) -> str:
    """Where the centres of these grants serve devices: each province, and how far its sites lie."""
    served = region(db.session, [grant.centre_id for grant in grants]) if grants else {}
    return " · ".join(
        f"{province or _('no province')}: {_(', ').join(map(say, localities))}"
        for province, localities in served.items()
    )


@door.verb("/people/<uid>/invite-again", access=P.ACCOUNT_INVITE)
def invite_again(uid: str):
    """Mail a fresh invitation."""
    account_id, form = load(uid).id, PortalForm()

    def act(session):
        service.invite_again(session, session.get_one(Account, account_id), g.person)
        return url_for("office.account", uid=uid)

    return submit(form, act, lambda status: _page(load(uid), form, status), done=_("The invitation is on its way."))


@door.verb("/people/<uid>/disable", access=P.ACCOUNT_DISABLE)
def disable_account(uid: str):
    """Close the account: it is signed out everywhere at once."""
    account_id, form = load(uid).id, DisableForm()

    def act(session):
        service.disable(session, session.get_one(Account, account_id), g.person, form.reason.data)
        return url_for("office.account", uid=uid)

    return submit(
        form,
        act,
        lambda status: _page(load(uid), form, status),
        done=_("The account is disabled and signed out everywhere."),
    )


@door.verb("/people/<uid>/reset-second-step", access=P.ACCOUNT_UNLOCK)
def reset_second_step(uid: str):
    """The telephone is lost: take the second step away and sign the person out everywhere."""
    account_id, form = load(uid).id, ResetSecondStepForm()

    def act(session):
        second_step.reset(session, session.get_one(Account, account_id), g.person, form.reason.data)
        return url_for("office.account", uid=uid)

    return submit(
        form,
        act,
        lambda status: _page(load(uid), form, status),
        done=_("The second step is reset; the person was told and signed out everywhere."),
    )


@door.verb("/people/<uid>/enable", access=P.ACCOUNT_DISABLE)
def enable_account(uid: str):
    """Open a disabled account again."""
    account_id, form = load(uid).id, PortalForm()

    def act(session):
        service.enable(session, session.get_one(Account, account_id), g.person)
        return url_for("office.account", uid=uid)

    return submit(form, act, lambda status: _page(load(uid), form, status), done=_("The account is enabled again."))
