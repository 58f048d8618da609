"""Invitations, passwords, roles and the end of an account."""

import pytest
import sqlalchemy as sa

from portal.core import audit
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.notices import Delivery, Notice
from portal.core.outbox import OutboxRow
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.domain.accounts import lifecycle, links, service, sessions
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.models import Account, OneUseLink, Purpose, RoleGrant, State
from portal.domain.accounts.notices import INVITATION, PASSWORD_CHANGED, RESET
from portal.domain.accounts.roles import PLACES
from portal.domain.organisations.models import Centre, Organisation, OrganisationKind
from portal.domain.permissions import RULES, P, Role, Scope


def hospital():
    return db.session.scalars(sa.select(Organisation).where(Organisation.kind == OrganisationKind.HOSPITAL)).first()


def dealer():
    return db.session.scalars(sa.select(Organisation).where(Organisation.kind == OrganisationKind.DEALER)).first()


def invite(person, role=Role.DESK, place=None, email="new@example.com", **values):
    facts = {"name": "钱多多", "language": "zh"} | values
    with writing() as session:
        found = session.merge(place, load=True) if place is not None else None
        return service.invite(session, person, email=email, role=role, place=found, **facts).id


def link_for(account_id, purpose=Purpose.INVITATION):
    with writing() as session:
        return links.make(session, purpose, account_id)


def mailed(kind):
    found = sa.select(Delivery.address).join(Notice).where(Notice.kind == kind.name)
    return list(db.session.scalars(found))


# --- inviting


def test_an_invited_person_has_a_role_but_no_password_and_no_way_in_yet(people, session):
    account = session.get_one(Account, invite(people.admin, email=" New@Example.com "))
    assert (account.state, account.email, account.password_hash) == (State.INVITED, "new@example.com", "")
    assert [g.role for g in account.grants] == [Role.DESK]
    assert mailed(INVITATION) == ["new@example.com"]


def test_the_secret_stands_in_no_row_before_the_mail_is_written(people, session):
    invite(people.admin)
    assert session.scalar(sa.select(sa.func.count(OneUseLink.id))) == 0
    assert [row.payload for row in session.scalars(sa.select(OutboxRow))] == [{"deliveries": 1}]
    assert [n.params for n in session.scalars(sa.select(Notice))] == [{}]


def test_the_mail_draws_a_link_that_works(people, session):
    account_id = invite(people.admin)
    notice = session.scalars(sa.select(Notice)).one()
    words = INVITATION.context(session, notice)
    assert words["name"] == "钱多多" and words["hours"] == 24
    assert links.peek(session, Purpose.INVITATION, words["token"]).account_id == account_id


def test_a_second_try_at_delivery_leaves_the_first_link_good(people, session):
    invite(people.admin)
    first = INVITATION.context(session, session.scalars(sa.select(Notice)).one())["token"]
    second = INVITATION.context(session, session.scalars(sa.select(Notice)).one())["token"]
    assert links.peek(session, Purpose.INVITATION, first)
    assert links.peek(session, Purpose.INVITATION, second)


def test_inviting_again_makes_the_earlier_link_worthless(people, session):
    account_id = invite(people.admin)
    token = link_for(account_id)
    with writing() as s:
        service.invite_again(s, s.get_one(Account, account_id), people.admin)
    with pytest.raises(LinkOver):
        links.peek(session, Purpose.INVITATION, token)
    assert len(mailed(INVITATION)) == 2


def test_the_person_sets_their_own_password(people, session):
    token = link_for(invite(people.admin))
    with writing() as s:
        account_id = service.accept_invitation(s, token, "hash").id
    account = session.get_one(Account, account_id)
    assert (account.state, account.password_hash) == (State.ACTIVE, "hash")
    assert audit.story(session, account)[0].actor_id == account_id
    with pytest.raises(LinkOver), writing() as s:
        service.accept_invitation(s, token, "other")


def test_an_address_is_invited_once(people):
    invite(people.admin)
    with pytest.raises(NotValid) as refusal:
        invite(people.admin, email="NEW@example.com")
    assert "email" in refusal.value.fields


@pytest.mark.parametrize("who", ["desk", "manager", "quality", "auditor", "officer", "technician"])
def test_only_administrators_invite(people, session, who):
    with pytest.raises(NotAllowed):
        invite(getattr(people, who))
    assert service.by_email(session, "new@example.com") is None


def test_nobody_but_the_system_enrols_with_a_password(people):
    account = Account(email="x@example.com", name="X", grants=[RoleGrant(role=Role.ADMIN)])
    with pytest.raises(NotNow), writing() as session:
        perform(session, lifecycle.ENROL, account, people.admin)


# --- roles


def test_every_role_whose_scope_needs_a_place_asks_for_one():
    needs_place = {Scope.ORGANISATION, Scope.SITE, Scope.DEALER, Scope.CENTRE}
    bounded = {role for by_role in RULES.values() for role, scope in by_role.items() if scope in needs_place}
    assert bounded == set(PLACES)


@pytest.mark.parametrize(("role", "field"), sorted(PLACES.items()))
def test_a_role_without_its_place_is_refused_at_the_field(people, role, field):
    with pytest.raises(NotValid) as refusal:
        invite(people.admin, role)
    assert list(refusal.value.fields) == [field]


def test_a_dealer_is_no_hospital_and_a_hospital_no_dealer(people):
    with pytest.raises(NotValid):
        invite(people.admin, Role.CUSTOMER, dealer())
    with pytest.raises(NotValid):
        invite(people.admin, Role.DEALER_DESK, hospital())


def test_a_ward_user_reaches_the_site_and_belongs_to_its_hospital(people, session):
    site = hospital().sites[0]
    account = session.get_one(Account, invite(people.admin, Role.WARD, site))
    (grant,) = account.grants
    assert (grant.organisation_id, grant.site_id, account.organisation_id) == (
        site.organisation_id,
        site.id,
        site.organisation_id,
    )


def test_a_technician_of_a_dealers_centre_belongs_to_the_dealer(people, session):
    centre = session.scalars(sa.select(Centre).where(Centre.dealer_id.is_not(None))).first()
    account = session.get_one(Account, invite(people.admin, Role.TECHNICIAN, centre))
    (grant,) = account.grants
    assert (grant.centre_id, grant.dealer_id, account.organisation_id) == (
        centre.id,
        centre.dealer_id,
        centre.dealer_id,
    )


def grant_role(people, key, role, place=None, by="admin"):
    account_id = people.account(key).id
    with writing() as session:
        found = session.merge(place) if place is not None else None
        service.grant_role(session, session.get_one(Account, account_id), getattr(people, by), role, found)


def test_a_granted_role_holds_from_the_next_request_on(people):
    assert not people.desk.can(P.TRAIL_SEE)
    grant_role(people, "desk", Role.QUALITY)
    assert people.desk.can(P.TRAIL_SEE)


def test_an_ended_role_is_gone_at_the_next_request(people):
    account_id = people.account("desk").id
    with writing() as session:
        account = session.get_one(Account, account_id)
        service.end_role(session, account, people.admin, account.grants[0])
    assert people.desk.roles == frozenset()
    with pytest.raises(NotNow), writing() as session:
        account = session.get_one(Account, account_id)
        service.end_role(session, account, people.admin, account.grants[0])


@pytest.mark.parametrize(
    ("key", "role", "place"),
    [
        ("officer", Role.DESK, None),
        ("officer", Role.ADMIN, None),
        ("desk", Role.CUSTOMER, hospital),
        ("technician", Role.DEALER_DESK, dealer),
        ("officer2", Role.CUSTOMER, hospital),
    ],
)
def test_a_role_of_another_house_does_not_fit(people, key, role, place):
    with pytest.raises(NotValid) as refusal:
        grant_role(people, key, role, place() if place else None)
    assert "role" in refusal.value.fields


def test_the_same_role_is_not_held_twice(people):
    with pytest.raises(NotValid):
        grant_role(people, "desk", Role.DESK)


def test_nobody_grants_themselves_a_role(people):
    with pytest.raises(NotNow):
        grant_role(people, "admin", Role.QUALITY)


def test_nobody_ends_their_own_role_or_disables_themselves(people):
    account_id = people.account("admin").id
    with pytest.raises(NotNow), writing() as session:
        account = session.get_one(Account, account_id)
        service.end_role(session, account, people.admin, account.grants[0])
    with pytest.raises(NotNow), writing() as session:
        service.disable(session, session.get_one(Account, account_id), people.admin, "tired")


@pytest.mark.parametrize("who", ["desk", "manager", "quality", "officer"])
def test_only_administrators_grant(people, who):
    with pytest.raises(NotAllowed):
        grant_role(people, "technician", Role.STORES, by=who)


# --- passwords


def test_changing_the_password_ends_the_other_sessions_and_tells_the_person(people, session):
    account_id = people.account("officer").id
    with writing() as s:
        account = s.get_one(Account, account_id)
        here, there = (sessions.start(s, account, "", "") for _ in range(2))
        s.flush()
        here_id = sessions.find(s, here).id
        service.change_password(s, account, people.officer, "new", here_id)
    assert sessions.find(session, here)
    assert sessions.find(session, there) is None
    assert mailed(PASSWORD_CHANGED) == ["officer@example.com"]


def test_the_hash_of_a_password_never_stands_in_the_trail(people, session):
    account_id = people.account("officer").id
    with writing() as s:
        service.change_password(s, s.get_one(Account, account_id), people.officer, "a very secret hash", 0)
    entry = audit.story(session, session.get_one(Account, account_id))[0]
    assert entry.verb == "account:change_password"
    assert "secret" not in entry.text


def test_a_reset_link_goes_to_whoever_has_the_address(people):
    with writing() as session:
        service.ask_for_link(session, " OFFICER@example.com")
        service.ask_for_link(session, "nobody@example.com")
    assert mailed(RESET) == ["officer@example.com"]


def test_who_was_invited_gets_the_invitation_once_more(people):
    invite(people.admin)
    with writing() as session:
        service.ask_for_link(session, "new@example.com")
    assert mailed(RESET) == []
    assert len(mailed(INVITATION)) == 2


def test_a_reset_sets_the_password_and_ends_all_sessions(people, session):
    account_id = people.account("officer").id
    with writing() as s:
        token = sessions.start(s, s.get_one(Account, account_id), "", "")
    secret = link_for(account_id, Purpose.RESET)
    with writing() as s:
        service.reset_password(s, secret, "new")
    assert session.get_one(Account, account_id).password_hash == "new"
    assert sessions.find(session, token) is None


def test_the_links_of_a_disabled_account_are_worthless(people):
    account_id = people.account("officer").id
    before = link_for(account_id, Purpose.RESET)
    with writing() as session:
        service.disable(session, session.get_one(Account, account_id), people.admin, "left")
    after = link_for(account_id, Purpose.RESET)
    for token in (before, after):
        with pytest.raises(LinkOver), writing() as session:
            service.reset_password(session, token, "new")
    with writing() as session:
        service.ask_for_link(session, "officer@example.com")
    assert mailed(RESET) == []


# --- the profile


def test_a_profile_edited_elsewhere_meanwhile_is_stale(people, session):
    account_id, person = people.account("officer").id, people.officer
    with writing() as s:
        service.edit_profile(s, s.get_one(Account, account_id), person, 1, phone="021-1", name="陈静")
    assert session.get_one(Account, account_id).sort_key == "chen jing"
    with pytest.raises(Stale) as stale, writing() as s:
        service.edit_profile(s, s.get_one(Account, account_id), person, 1, phone="021-2")
    assert stale.value.current["phone"] == "021-1"


def test_choosing_a_language_does_not_spoil_an_open_profile_form(people, session):
    account_id, person = people.account("officer").id, people.officer
    with writing() as s:
        service.choose_language(s, s.get_one(Account, account_id), person, "en")
        service.edit_profile(s, s.get_one(Account, account_id), person, 1, phone="021-1")
    assert session.get_one(Account, account_id).language == "en"


def test_nobody_edits_the_profile_of_another(people):
    account_id = people.account("officer").id
    for person in (people.officer2, people.admin):
        with pytest.raises(NotAllowed), writing() as session:
            service.edit_profile(session, session.get_one(Account, account_id), person, 1, phone="1")


# --- the first administrator


def without_admin(people):
    account_id = people.account("admin").id
    with writing() as session:
        service.disable(session, session.get_one(Account, account_id), SYSTEM, "empty house")


def make_first(token, email="first@example.com"):
    with writing() as session:
        values = {"email": email, "name": "First", "language": "en", "password_hash": "hash"}
        return service.make_first_admin(session, token, **values).id


def test_the_first_administrator_comes_in_by_a_link(people, session):
    without_admin(people)
    with writing() as s:
        token = service.first_admin_link(s)
    account = session.get_one(Account, make_first(token))
    assert account.state is State.ACTIVE
    assert [g.role for g in account.grants] == [Role.ADMIN]


def test_there_is_no_first_administrator_where_there_is_one(people):
    with pytest.raises(NotNow), writing() as session:
        service.first_admin_link(session)


def test_a_link_that_was_not_used_in_time_makes_no_second_first(people):
    without_admin(people)
    with writing() as session:
        first = service.first_admin_link(session)
    with writing() as session:
        second = service.first_admin_link(session)
    with pytest.raises(LinkOver):
        make_first(first)
    make_first(second)
    with writing() as session:
        late = links.make(session, Purpose.FIRST_ADMIN)
    with pytest.raises(NotNow):
        make_first(late, "second@example.com")
