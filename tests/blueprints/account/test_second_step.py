"""Signing in with a second step: who is asked, what opens before it, and setting it up."""

from datetime import timedelta

import pytest
from pyotp import TOTP

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.accounts import second_step
from portal.domain.accounts.models import Account
from portal.domain.policies.service import NOT_SET, set_figure
from tests.conftest import PASSWORD

DESK = {"email": "desk@example.com", "password": PASSWORD}


def now_code(offer, later: int = 0) -> str:
    return TOTP(offer.secret).at(clock.now() + timedelta(seconds=later))


@pytest.fixture
def offer(people) -> second_step.Offer:
    """The desk's telephone, set up a while ago."""
    account_id, drawn = people.account("desk").id, second_step.draw()
    with writing() as session:
        second_step.propose(session, session.get_one(Account, account_id), drawn)
    offer = second_step.offered(db.session, account_id)
    with clock.frozen(clock.now() - timedelta(minutes=5)), writing() as session:
        second_step.confirm(session, session.get_one(Account, account_id), now_code(offer))
    return offer


def switch_on(people) -> None:
    with writing() as session:
        set_figure(session, people.manager, "second_step", NOT_SET, 1, "a decision")


@pytest.fixture
def wanted(people) -> None:
    """The house wants a second step of its staff."""
    switch_on(people)


def is_in(client) -> bool:
    return client.get("/profile").status_code == 200


def test_the_password_alone_opens_nothing_but_the_page_for_the_code(stranger, offer):
    answer = stranger.post("/sign-in?next=/desk/devices", data=DESK)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert not is_in(stranger)
    page = stranger.get("/sign-in/code")
    assert page.status_code == 200 and 'autocomplete="one-time-code"' in page.text
    answer = stranger.post("/sign-in/code", data={"code": now_code(offer)})
    assert (answer.status_code, answer.location) == (303, "/desk/devices")
    assert is_in(stranger)


def test_a_wrong_code_is_refused_and_many_must_wait(stranger, offer):
    stranger.post("/sign-in", data=DESK)
    for _ in range(10):
        assert stranger.post("/sign-in/code", data={"code": "12345"}).status_code == 422
    assert stranger.post("/sign-in/code", data={"code": now_code(offer)}).status_code == 429
    assert not is_in(stranger)


def test_a_recovery_code_signs_in(stranger, offer):
    stranger.post("/sign-in", data=DESK)
    assert stranger.post("/sign-in/code", data={"code": offer.codes[0]}).status_code == 303
    assert is_in(stranger)


@pytest.mark.parametrize("address", ["/sign-in/code", "/sign-in/set-up"])
def test_without_the_password_there_is_no_second_step(stranger, address):
    assert stranger.get(address).location == "/sign-in"
    assert stranger.post(address, data={"code": "123456"}).location == "/sign-in"


def test_the_password_is_forgotten_after_some_minutes(stranger, offer):
    with clock.frozen(clock.now() - timedelta(minutes=11)):
        stranger.post("/sign-in", data=DESK)
    assert stranger.get("/sign-in/code").location == "/sign-in"


def test_a_changed_password_ends_what_was_halfway(stranger, offer, people, cheap_hash):
    stranger.post("/sign-in", data=DESK)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET password_hash = 'another' WHERE email = 'desk@example.com'")
    assert stranger.post("/sign-in/code", data={"code": now_code(offer)}).location == "/sign-in"


def test_where_the_house_wants_it_staff_set_it_up_before_anything_opens(stranger, wanted, people):
    assert stranger.post("/sign-in", data=DESK).location == "/sign-in/set-up"
    assert not is_in(stranger)
    page = stranger.get("/sign-in/set-up").text
    offer = second_step.offered(db.session, people.account("desk").id)
    assert 'role="img"' in page and offer.codes[0] in page
    assert stranger.post("/sign-in/set-up", data={"code": "000"}).status_code == 422
    assert stranger.post("/sign-in/set-up", data={"code": now_code(offer)}).location == "/"
    assert is_in(stranger)


def test_where_the_house_wants_it_hospitals_still_come_in_with_their_password(stranger, wanted):
    assert stranger.post("/sign-in", data=DESK | {"email": "officer@example.com"}).location == "/"


def test_where_it_is_switched_on_staff_who_are_signed_in_set_it_up_at_their_next_request(browser, people):
    desk = browser("desk")
    switch_on(people)
    for answer in (desk.get("/desk/requests"), desk.post("/desk/devices/new", data={}), desk.get("/profile")):
        assert (answer.status_code, answer.location) == (303, "/profile/second-step")
    fragment = desk.get("/desk/requests", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/desk/"})
    assert fragment.headers["HX-Redirect"] == "/profile/second-step"
    assert "公司要求全体员工启用两步验证" in desk.get("/profile/second-step").text
    assert desk.post("/profile/second-step/begin", {"password": PASSWORD}).status_code == 303
    offer = second_step.offered(db.session, people.account("desk").id)
    assert desk.get("/desk/requests").status_code == 303, "an offer is not enough"
    assert desk.post("/profile/second-step", {"code": now_code(offer)}).status_code == 303
    assert desk.get("/desk/requests").status_code == 200


def test_where_it_is_switched_on_staff_may_still_sign_out_and_hospitals_go_on(browser, people):
    officer, desk = browser("officer"), browser("desk")
    switch_on(people)
    assert officer.get("/customer/").status_code == 200
    assert desk.post("/sign-out").status_code == 303
    assert desk.get("/profile/second-step").location.startswith("/sign-in")


def test_anybody_may_set_it_up_from_the_profile_with_their_password(browser, people):
    officer = browser("officer")
    assert officer.post("/profile/second-step/begin", {"password": "not mine at all"}).status_code == 422
    assert officer.post("/profile/second-step/begin", {"password": PASSWORD}).status_code == 303
    offer = second_step.offered(db.session, people.account("officer").id)
    assert offer.codes[7] in officer.get("/profile/second-step").text
    assert officer.post("/profile/second-step", {"code": now_code(offer)}).status_code == 303
    page = officer.get("/profile/second-step").text
    assert offer.codes[7] not in page and offer.secret not in page
    assert officer.post("/profile/second-step/drop", {"password": PASSWORD}).status_code == 303
    assert not second_step.is_set_up(db.session, people.account("officer").id)


def test_an_administrator_sees_that_it_is_set_up_and_resets_it(browser, offer, people):
    admin, uid = browser("admin"), people.account("desk").uid
    assert "reset-second-step" in admin.get(f"/office/people/{uid}").text
    assert admin.post(f"/office/people/{uid}/reset-second-step", {"reason": ""}).status_code == 422
    assert admin.post(f"/office/people/{uid}/reset-second-step", {"reason": "lost, called back"}).status_code == 303
    assert "reset-second-step" not in admin.get(f"/office/people/{uid}").text
    assert "lost, called back" in admin.get(f"/office/people/{uid}").text
