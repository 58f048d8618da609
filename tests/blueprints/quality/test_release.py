"""Release by a second person, and the queue of what waits for it."""

import re

import pytest
import sqlalchemy as sa

from portal.blueprints.quality import release
from portal.core.db import db, writing
from portal.domain.accounts import service as accounts
from portal.domain.accounts.models import Account
from portal.domain.documents.models import State
from portal.domain.permissions import Role
from portal.domain.servicing.words import OrderState
from tests.blueprints.technicians.field import order_at, order_of, paper_of, sent, signing


@pytest.fixture
def desk(browser):
    return browser("quality")


def here(number, end=""):
    return f"/quality/orders/{number}{end}"


def test_the_queue_shows_what_waits_longest_first_and_nothing_else(desk, people, device):
    first, working, second = (order_at(people, device, state) for state in ("to_release", "on_site", "to_release"))
    page = desk.get("/quality/").text
    assert page.index(first) < page.index(second) and working not in page


def test_a_long_queue_comes_in_pages(desk, people, device, monkeypatch):
    monkeypatch.setattr(release, "PAGE", 2)
    numbers = [order_at(people, device, "to_release") for _ in range(3)]
    page = desk.get("/quality/").text
    assert [number in page for number in numbers] == [True, True, False]
    rest = desk.get(re.search(r'rel="next" href="([^"]+)"', page)[1]).text
    assert [number in rest for number in numbers] == [False, False, True]


def test_an_empty_queue_says_so(desk):
    assert "empty-title" in desk.get("/quality/").text


@pytest.mark.req("QCR-8")
def test_the_release_signs_what_was_shown_with_place_and_password(desk, people, device):
    number = order_at(people, device, "to_release")
    assert desk.post(here(number, "/release"), signing(desk.get(here(number)), place="上海服务中心")).status_code == 303
    signature = paper_of(number).current.signatures[-1]
    assert order_of(number).state is OrderState.TO_SIGN
    assert (signature.name, signature.place, signature.covers) == ("吴敏", "上海服务中心", True)


def test_a_wrong_password_releases_nothing(desk, people, device):
    number = order_at(people, device, "to_release")
    answer = desk.post(here(number, "/release"), signing(desk.get(here(number)), password="wrong wrong wrong"))
    assert answer.status_code == 422 and 'id="password-error"' in answer.text
    assert order_of(number).state is OrderState.TO_RELEASE


def test_a_release_of_another_content_is_refused(desk, people, device):
    number = order_at(people, device, "to_release")
    answer = desk.post(here(number, "/release"), signing(desk.get(here(number)), seen="f" * 64))
    assert answer.status_code == 409 and order_of(number).state is OrderState.TO_RELEASE


def test_a_release_that_is_sent_twice_is_one(desk, people, device):
    number = order_at(people, device, "to_release")
    form = signing(desk.get(here(number)))
    assert [desk.post(here(number, "/release"), form).status_code for _ in range(2)] == [303, 303]
    assert len(paper_of(number).current.signatures) == 2


def test_two_reviewers_at_once_one_wins_and_the_other_is_told(desk, browser, people, device):
    number, other = order_at(people, device, "to_release"), browser("quality2")
    mine, theirs = signing(desk.get(here(number))), signing(other.get(here(number)))
    assert desk.post(here(number, "/release"), mine).status_code == 303
    answer = other.post(here(number, "/release"), theirs)
    assert answer.status_code == 409 and "error-summary" in answer.text


@pytest.mark.req("QCR-8")
def test_whoever_repaired_cannot_release_and_is_told_why(browser, people, device):
    with writing() as session:
        account = session.execute(sa.select(Account).where(Account.email == "technician@example.com")).scalar_one()
        accounts.grant_role(session, account, people.admin, role=Role.QUALITY, place=None)
    number, both = order_at(people, device, "to_release"), browser("technician")
    page = both.get(here(number))
    assert page.status_code == 200 and 'name="password"' not in page.text
    form = signing(browser("quality").get(here(number)))
    assert both.post(here(number, "/release"), form).status_code == 409
    assert order_of(number).state is OrderState.TO_RELEASE


def test_sending_back_needs_a_reason_and_makes_the_frozen_report_void(desk, people, device):
    number = order_at(people, device, "to_release")
    assert desk.post(here(number, "/send_back"), sent(reason="")).status_code == 422
    assert desk.post(here(number, "/send_back"), sent(reason="缺少漏电流数据")).status_code == 303
    assert order_of(number).state is OrderState.SENT_BACK and paper_of(number).state is State.VOID


def test_an_order_that_was_not_submitted_shows_what_is_recorded_so_far(desk, people, device):
    page = desk.get(here(order_at(people, device, "found"))).text
    assert "氧电池失效" in page and 'name="password"' not in page


def test_the_desk_may_read_but_not_release(browser, people, device):
    number = order_at(people, device, "to_release")
    assert browser("desk").get(here(number)).status_code == 200
    assert browser("desk").post(here(number, "/release"), sent()).status_code == 403
    assert browser("desk").get("/quality/").status_code == 403


def test_customers_do_not_get_in(browser, people, device):
    number = order_at(people, device, "to_release")
    assert browser("officer").get(here(number)).status_code == 403
    assert db.session.get(Account, people.officer.id) is not None
