"""A hospital looks after its ward users itself, and after nobody else."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.accounts import service as accounts
from portal.domain.accounts import ward_users
from portal.domain.accounts.models import Account, State
from portal.domain.organisations.models import Organisation, Site
from portal.domain.permissions import Role


def invite(person, site_id, email="nurse@example.com"):
    with writing() as session:
        site = session.get_one(Site, site_id)
        return ward_users.invite(session, person, email=email, name="Nurse Li", site=site, language="en").id


def do(account_id, act):
    with writing() as session:
        act(session, session.get_one(Account, account_id))


def state_of(account_id) -> State:
    db.session.rollback()
    return db.session.get_one(Account, account_id).state


@pytest.mark.req("INT-15")
def test_an_officer_invites_disables_and_enables_a_ward_user(people, device):
    made = invite(people.officer, device.site_id)
    account = db.session.get_one(Account, made)
    assert [(grant.role, grant.site_id) for grant in account.grants] == [(Role.WARD, device.site_id)]
    assert account.state is State.INVITED
    assert "invitation" in set(db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == made)))
    do(made, lambda session, found: ward_users.disable(session, found, people.officer, "left the ward"))
    assert state_of(made) is State.DISABLED
    do(made, lambda session, found: ward_users.enable(session, found, people.officer))
    assert state_of(made) is State.ACTIVE


def test_nobody_is_invited_into_another_hospital(people, device):
    with pytest.raises(NotAllowed):
        invite(people.officer2, device.site_id)


def test_an_address_has_one_account(people, device):
    with pytest.raises(NotValid):
        invite(people.officer, device.site_id, "ward@example.com")


@pytest.mark.parametrize("who", ["officer2", "ward", "desk"])
def test_others_disable_no_ward_user(people, who):
    nurse, person = people.account("ward").id, getattr(people, who)
    with pytest.raises(NotAllowed):
        do(nurse, lambda session, found: ward_users.disable(session, found, person, "why"))


def test_whoever_is_more_than_a_ward_user_is_out_of_reach(people, device):
    """Another officer of the same hospital, for example."""
    nurse = people.account("ward").id
    administrator = people.admin
    with writing() as session:
        hospital = session.get_one(Organisation, device.organisation_id)
        accounts.grant_role(session, session.get_one(Account, nurse), administrator, Role.CUSTOMER, hospital)
    with pytest.raises(NotNow):
        do(nurse, lambda session, found: ward_users.disable(session, found, people.officer, "why"))
    assert nurse not in {row[0] for row in ward_users.listed(db.session, people.officer).rows}


def test_the_list_shows_the_own_ward_users(people):
    nurse = people.account("ward").id
    assert [row[0] for row in ward_users.listed(db.session, people.officer).rows] == [nurse]
    assert ward_users.listed(db.session, people.officer2).rows == []
    assert len(ward_users.sites_of(db.session, [nurse])[nurse]) == 1
