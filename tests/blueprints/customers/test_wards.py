"""The equipment department keeps its wards' codes, and the accounts of its ward users."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, new_uid
from portal.domain.accounts.models import Account, State
from portal.domain.organisations.models import Site
from portal.domain.wards.models import WardDesk
from portal.domain.wards.words import Route
from tests.conftest import PASSWORD


@pytest.fixture
def officer(browser):
    return browser("officer")


@pytest.fixture
def site(device):
    return db.session.get_one(Site, device.site_id)


def desk() -> WardDesk | None:
    db.session.rollback()
    return db.session.scalars(sa.select(WardDesk)).one_or_none()


def post(client, path, **values):
    return client.post(path, {"idempotency_key": new_uid()} | values)


@pytest.mark.req("INT-15")
def test_a_site_is_opened_changed_and_given_a_new_code(officer, site):
    assert post(officer, f"/customer/wards/{site.uid}", route="hospital").status_code == 303
    first = desk().code
    assert f"{first[:3]}-{first[3:]}" in officer.get("/customer/wards").text
    assert post(officer, f"/customer/wards/{site.uid}", route="company", base_version="1").status_code == 303
    assert desk().route is Route.COMPANY and desk().code == first
    assert post(officer, f"/customer/wards/{site.uid}/code").status_code == 303
    assert desk().code != first and first not in officer.get("/customer/wards").text


@pytest.mark.req("INT-15")
def test_a_sheet_to_hang_up_says_how_to_report_with_which_code(officer, browser, site):
    poster = f"/customer/wards/{site.uid}/poster"
    assert officer.get(poster).status_code == 404
    post(officer, f"/customer/wards/{site.uid}", route="hospital")
    code, page = desk().code, officer.get(poster).text
    assert f"{code[:3]}-{code[3:]}" in page and "用手机扫描设备标签上的二维码" in page
    assert browser("officer2").get(poster).status_code == 404 and browser("ward").get(poster).status_code == 403
    post(officer, f"/customer/wards/{site.uid}", route="closed", base_version="1")
    assert officer.get(poster).status_code == 404


def test_of_two_who_change_a_site_the_second_is_told(officer, site):
    post(officer, f"/customer/wards/{site.uid}", route="hospital")
    post(officer, f"/customer/wards/{site.uid}", route="company", base_version="1")
    assert post(officer, f"/customer/wards/{site.uid}", route="closed", base_version="1").status_code == 409
    assert desk().route is Route.COMPANY


def test_a_closed_site_draws_no_code_and_says_why(officer, site):
    post(officer, f"/customer/wards/{site.uid}", route="closed")
    answer = post(officer, f"/customer/wards/{site.uid}/code")
    assert answer.status_code == 409 and "请先开通" in answer.text


def test_no_choice_is_no_answer(officer, site):
    assert post(officer, f"/customer/wards/{site.uid}", route="nowhere").status_code == 422
    assert desk() is None


@pytest.mark.parametrize(("who", "status"), [("officer2", 404), ("ward", 403), ("desk", 403), ("admin", 403)])
def test_others_change_no_site(browser, site, who, status):
    client = browser(who)
    assert post(client, f"/customer/wards/{site.uid}", route="company").status_code == status
    assert post(client, f"/customer/wards/{site.uid}/code").status_code == status


def invitation(site, **values):
    told = {"name": "赵护士", "email": "nurse@example.com", "site": site.uid, "language": "zh", "password": PASSWORD}
    return told | values


@pytest.mark.req("INT-15")
def test_a_ward_user_is_invited_disabled_and_enabled(officer, site):
    assert post(officer, "/customer/ward-users/new", **invitation(site)).status_code == 303
    account = db.session.scalars(sa.select(Account).where(Account.email == "nurse@example.com")).one()
    assert account.state is State.INVITED and account.organisation_id == site.organisation_id
    page = f"/customer/ward-users/{account.uid}"
    assert "赵护士" in officer.get("/customer/wards").text
    assert post(officer, f"{page}/invite-again").status_code == 303
    assert post(officer, f"{page}/disable", reason="").status_code == 422
    assert post(officer, f"{page}/disable", reason="调离").status_code == 303
    assert post(officer, f"{page}/invite-again").status_code == 409
    assert post(officer, f"{page}/enable").status_code == 303
    db.session.rollback()
    assert db.session.get_one(Account, account.id).state is State.ACTIVE


def test_inviting_asks_who_invites(officer, site):
    answer = post(officer, "/customer/ward-users/new", **invitation(site, password="wrong"))
    assert answer.status_code == 422 and 'id="password-error"' in answer.text and "赵护士" in answer.text


def test_nobody_is_invited_to_another_hospitals_site(officer, people):
    elsewhere = db.session.scalars(
        sa.select(Site).where(Site.organisation_id == people.account("officer2").organisation_id)
    ).first()
    assert post(officer, "/customer/ward-users/new", **invitation(elsewhere)).status_code == 422
    assert db.session.scalars(sa.select(Account.id).where(Account.email == "nurse@example.com")).all() == []


def test_a_disabled_ward_user_is_signed_out_at_once(officer, browser, people):
    nurse = browser("ward")
    assert nurse.get("/customer/").status_code == 200
    post(officer, f"/customer/ward-users/{people.account('ward').uid}/disable", reason="调离")
    assert nurse.get("/customer/").status_code == 303


@pytest.mark.parametrize("key", ["officer", "officer2", "technician"])
def test_whoever_is_no_ward_user_of_the_hospital_is_out_of_reach(officer, people, key):
    page = f"/customer/ward-users/{people.account(key).uid}"
    assert officer.get(page).status_code == 404
    assert post(officer, f"{page}/disable", reason="x").status_code == 404
