"""The office's page of people: inviting, roles, closing an account."""

import pytest
import sqlalchemy as sa

from portal.core import audit
from portal.core.db import db
from portal.core.notices import Delivery, Notice
from portal.domain.accounts.models import Account, State
from portal.domain.organisations.models import Centre, Organisation, OrganisationKind, Site
from portal.domain.permissions import Role
from tests.conftest import PASSWORD


@pytest.fixture
def admin(browser):
    client = browser("admin")
    client.post("/language", {"language": "en"})
    return client


def path(people, key, *more):
    return "/".join((f"/office/people/{people.account(key).uid}", *more))


def first(model, *conditions):
    return db.session.scalars(sa.select(model).where(*conditions).order_by(model.id)).first()


def invite(client, role="desk", **values):
    data = {"name": "钱多多", "email": "new@example.com", "language": "zh", "password": PASSWORD} | values
    return client.post(f"/office/people/invite/{role}", data)


def account(key):
    db.session.expire_all()
    return db.session.execute(sa.select(Account).where(Account.email == f"{key}@example.com")).scalar_one_or_none()


# --- seeing


def test_everybody_is_listed_by_name_with_roles_and_house(admin):
    page = admin.get("/office/people").text
    assert "Grace Shen" in page and "Quality" in page
    assert page.index("陈静怡") < page.index("Grace Shen") < page.index("李伟")


def test_the_list_can_be_narrowed(admin):
    page = admin.get("/office/people?role=quality").text
    assert "Thomas Lin" in page and "Grace Shen" not in page
    hospital = first(Organisation, Organisation.id == account("officer").organisation_id)
    page = admin.get(f"/office/people?organisation={hospital.uid}").text
    assert "陈静怡" in page and "Thomas Lin" not in page
    page = admin.get("/office/people?organisation=own&state=active").text
    assert "Thomas Lin" in page and "陈静怡" not in page
    assert "Nobody fits" in admin.get("/office/people?state=disabled").text


def test_nonsense_in_a_filter_is_no_filter(admin):
    assert "Grace Shen" in admin.get("/office/people?role=king&state=asleep").text


def test_the_account_page_says_what_a_person_may_do_and_what_was_done(admin, people):
    page = admin.get(path(people, "technician")).text
    assert "Technician" in page and "Shanghai service centre" in page and "Enrol" in page


@pytest.mark.parametrize("key", ["manager", "auditor"])
def test_managers_and_auditors_look_but_do_not_touch(browser, people, key):
    client = browser(key)
    assert client.get("/office/people").status_code == 200
    page = client.get(path(people, "desk"))
    assert page.status_code == 200
    assert "/disable" not in page.text and "/grant" not in page.text
    assert client.get("/office/people/invite").status_code == 403
    assert client.post(path(people, "desk", "disable"), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("key", ["officer", "ward", "technician", "dealer_desk", "desk", "quality", "finance"])
def test_others_do_not_even_look(browser, people, key):
    assert browser(key).get("/office/people").status_code == 403


def test_an_unknown_account_is_not_found(admin):
    assert admin.get("/office/people/019a0000-0000-7000-8000-000000000000").status_code == 404


# --- inviting


def test_every_role_can_be_invited_for(admin):
    page = admin.get("/office/people/invite").text
    for role in Role:
        assert f"/office/people/invite/{role.value}" in page
        assert admin.get(f"/office/people/invite/{role.value}").status_code == 200
    assert admin.get("/office/people/invite/king").status_code == 404


def test_an_invitation_goes_out(admin):
    answer = invite(admin)
    made = account("new")
    assert answer.headers["Location"] == f"/office/people/{made.uid}"
    assert made.state is State.INVITED
    assert db.session.scalars(sa.select(Delivery.address)).all() == ["new@example.com"]
    page = admin.get(answer.headers["Location"]).text
    assert "The invitation is on its way." in page and "Send the invitation again" in page


def test_the_invitation_can_be_sent_again(admin):
    invite(admin)
    assert admin.post(path_of("new", "invite-again")).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 2


def path_of(key, *more):
    return "/".join((f"/office/people/{account(key).uid}", *more))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"email": "officer@example.com"}, "already has an account"),
        ({"email": "no address"}, "Invalid email"),
        ({"name": ""}, "required"),
        ({"password": "not mine"}, "not your password"),
        ({"language": "fr"}, "valid choice"),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(admin, values, said):
    answer = invite(admin, **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert "name" in values or "钱多多" in answer.text
    assert account("new") is None


@pytest.mark.parametrize("role", ["customer", "ward", "dealer_desk", "technician"])
def test_a_role_that_needs_a_place_asks_for_it(admin, role):
    assert invite(admin, role).status_code == 422
    assert invite(admin, role, place="019a0000-0000-7000-8000-000000000000").status_code == 422
    assert account("new") is None


def test_a_ward_user_is_invited_for_a_campus(admin):
    site = first(Site)
    assert invite(admin, "ward", place=site.uid).status_code == 303
    (grant,) = account("new").grants
    assert (grant.site_id, grant.organisation_id) == (site.id, site.organisation_id)


def test_a_form_sent_twice_invites_once(admin):
    for _ in range(2):
        assert invite(admin, idempotency_key="0190-once").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 1


# --- roles


def grant(client, people, key, role, **values):
    return client.post(path(people, key, "grant", role), {"password": PASSWORD} | values)


def test_only_fitting_roles_are_offered(admin, people):
    page = admin.get(path(people, "officer", "grant")).text
    assert "/grant/ward" in page and "/grant/desk" not in page and "/grant/admin" not in page
    assert admin.get(path(people, "officer", "grant", "admin")).status_code == 404
    page = admin.get(path(people, "desk", "grant")).text
    assert "/grant/quality" in page and "/grant/customer" not in page


def test_a_granted_role_opens_doors_at_the_next_click(admin, browser, people):
    stores = browser("desk")
    assert stores.get("/office/people").status_code == 403
    assert grant(admin, people, "desk", "manager").status_code == 303
    assert stores.get("/office/people").status_code == 200


def test_a_place_of_another_house_is_not_offered(admin, people):
    foreign = first(Site, Site.organisation_id != account("officer").organisation_id)
    assert foreign.uid not in admin.get(path(people, "officer", "grant", "ward")).text
    assert grant(admin, people, "officer", "ward", place=foreign.uid).status_code == 422
    dealers = first(Centre, Centre.dealer_id.is_not(None))
    assert grant(admin, people, "desk", "technician", place=dealers.uid).status_code == 422


def test_a_role_is_not_granted_without_ones_own_password(admin, people):
    assert grant(admin, people, "desk", "manager", password="guess").status_code == 422
    assert len(account("desk").grants) == 1
    entry = audit.story(db.session, account("admin"))[0]
    assert entry.verb == "account:fail_proof"
    assert account("desk").uid in entry.facts["reason"]


def test_nobody_grants_themselves_a_role(admin, people):
    assert "/grant" not in admin.get(path(people, "admin")).text
    assert grant(admin, people, "admin", "quality").status_code == 409
    assert len(account("admin").grants) == 1


def test_an_ended_role_stays_on_the_page_as_ended(admin, people):
    end = path(people, "desk", "roles", "1", "end")
    assert admin.get(end).status_code == 200
    assert admin.post(end, {"password": "guess"}).status_code == 422
    assert admin.post(end, {"password": PASSWORD}).status_code == 303
    page = admin.get(path(people, "desk")).text
    assert "ended" in page and "/roles/1/end" not in page
    assert admin.post(end, {"password": PASSWORD}).status_code == 409


@pytest.mark.parametrize("n", ["0", "2", "9999"])
def test_a_role_that_is_not_there_is_not_found(admin, people, n):
    assert admin.get(path(people, "desk", "roles", n, "end")).status_code == 404


# --- closing


def test_a_closed_account_is_out_everywhere_and_can_be_opened_again(admin, browser, people):
    desk = browser("desk")
    assert admin.post(path(people, "desk", "disable"), {"reason": "left on Friday"}).status_code == 303
    assert desk.get("/profile").status_code == 303
    page = admin.get(path(people, "desk")).text
    assert "Disabled" in page and "left on Friday" in page
    assert admin.post(path(people, "desk", "enable")).status_code == 303
    assert account("desk").state is State.ACTIVE
    assert desk.get("/profile").status_code == 303
    assert browser("desk").get("/profile").status_code == 200


def test_closing_asks_for_a_reason(admin, people):
    assert admin.post(path(people, "desk", "disable"), {"reason": " "}).status_code == 422
    assert account("desk").state is State.ACTIVE


def test_what_is_no_longer_possible_is_said(admin, people):
    answer = admin.post(path(people, "desk", "enable"))
    assert answer.status_code == 409
    assert "is no longer possible" in answer.text


def test_hostile_names_are_text(admin):
    invite(admin, name="<img src=x onerror=alert(1)>")
    page = admin.get("/office/people").text
    assert "<img src=x" not in page and "&lt;img src=x" in page


def test_hospitals_are_hospitals(admin):
    page = admin.get("/office/people/invite/customer").text
    hospital, dealer = (first(Organisation, Organisation.kind == kind) for kind in list(OrganisationKind)[:2])
    assert hospital.uid in page and dealer.uid not in page
