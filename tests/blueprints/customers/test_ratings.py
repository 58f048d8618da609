"""A hospital rates a service: from its home, at the request, and by the mailed link without an account."""

import re

import pytest
import sqlalchemy as sa

from portal.core import codes
from portal.core.db import db, new_uid, writing
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.policies import service as policies
from portal.domain.ratings import links
from portal.domain.ratings.models import ServiceRating
from portal.domain.ratings.words import RatingState
from portal.domain.servicing import service as servicing
from tests.blueprints.technicians.field import order_at, order_of, sent

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def asked(people, device) -> ServiceRating:
    """A finished service whose customer signed on paper and is asked how it was."""
    number = order_at(people, device, "to_sign")
    with writing() as session:
        order = session.merge(order_of(number))
        paper = documents.of(session, SERVICE_REPORT, order)
        signing = Signing(Method.PAPER, "陈静怡", reason="平板没电")
        servicing.sign(session, paper, people.technician, signing, paper.current.content_hash)
    return kept()


@pytest.fixture
def link(asked, people) -> str:
    with writing() as session:
        return "/r/" + links.make(session, asked.id, people.officer.id)


def kept() -> ServiceRating:
    db.session.rollback()
    return db.session.scalars(sa.select(ServiceRating)).one()


@pytest.mark.req("SRV-1")
def test_from_home_to_the_rating_and_its_change(browser, asked):
    officer, here = browser("officer"), f"/customer/ratings/{asked.uid}"
    assert here in officer.get("/customer/").text
    assert here in officer.get(f"/customer/requests/{asked.request.number}").text
    page = officer.get(here).text
    first = re.search(r'name="(aspect_\d+)"', page)[1]
    answer = officer.post(f"{here}/rate", sent(base_version="0", score="4", opinion="很快", **{first: "na"}))
    assert answer.status_code == 303 and answer.location.endswith("#rating")
    assert (kept().score, kept().opinion, kept().aspects[0]["score"]) == (4, "很快", None)
    assert here not in officer.get("/customer/").text
    changed = officer.get(here).text
    assert re.search(r'<input checked id="score-1"[^>]*value="4"', changed) and "很快" in changed
    assert officer.post(f"{here}/rate", sent(base_version="1", score="5")).status_code == 303
    stale = officer.post(f"{here}/rate", sent(base_version="1", score="3", opinion="我的话"))
    assert stale.status_code == 409 and "我的话" in stale.text and kept().score == 5


def test_what_is_missing_is_named_and_what_was_typed_stays(browser, asked):
    officer, here = browser("officer"), f"/customer/ratings/{asked.uid}/rate"
    answer = officer.post(here, sent(base_version="0", opinion="写了很多"))
    assert answer.status_code == 422 and 'id="score-error"' in answer.text and "写了很多" in answer.text
    answer = officer.post(here, sent(base_version="0", score="1", is_complaint="y"))
    assert answer.status_code == 422 and 'id="opinion-error"' in answer.text
    assert officer.post(here, sent(base_version="0", score="9")).status_code == 422
    assert kept().state is RatingState.ASKED


def test_sent_twice_it_is_one_rating(browser, asked):
    officer, form = browser("officer"), sent(base_version="0", score="4")
    first, second = (officer.post(f"/customer/ratings/{asked.uid}/rate", form) for _ in range(2))
    assert first.location == second.location and kept().answers_version == 1


def test_only_the_own_hospital_sees_and_rates_it(browser, asked):
    here = f"/customer/ratings/{asked.uid}"
    assert browser("officer2").get(here).status_code == 404
    assert browser("officer2").post(f"{here}/rate", sent(score="1")).status_code == 404
    assert browser("desk").post(f"{here}/rate", sent(score="5")).status_code == 403
    assert browser("stores").get(here).status_code == 403


@pytest.mark.req("SRV-1")
def test_a_stranger_with_the_link_rates_once(stranger, link, asked, people):
    page = stranger.get(link, headers=ENGLISH)
    assert page.status_code == 200 and page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert asked.request.number in page.text and people.officer.name not in page.text
    assert stranger.post(link, data=sent(opinion="x"), headers=ENGLISH).status_code == 422
    done = stranger.post(link, data=sent(score="5", name="李护士"))
    assert (done.status_code, done.location) == (303, "/rated") and kept().given_name == "李护士"
    assert "Thank you" in stranger.get("/rated", headers=ENGLISH).text
    assert stranger.get(link, headers=ENGLISH).status_code == 410
    assert stranger.post(link, data=sent(score="1")).status_code == 410 and kept().score == 5


def test_sent_twice_by_the_link_it_is_thanked_for_twice(stranger, link):
    key = new_uid()
    answers = [stranger.post(link, data={"idempotency_key": key, "score": "4"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303] and kept().answers_version == 1


def test_who_tries_out_links_must_wait(stranger, link, people):
    with writing() as session:
        policies.set_figure(session, people.manager, "unknown_rating_links_per_address", 0, 3, "a drill")
    assert [stranger.get(f"/r/{codes.draw(26)}").status_code for _ in range(4)] == [410, 410, 410, 429]
    assert stranger.get(link).status_code == 429


def test_a_link_to_what_was_rated_meanwhile_is_over(browser, stranger, link, asked):
    browser("officer").post(f"/customer/ratings/{asked.uid}/rate", sent(base_version="0", score="4"))
    assert stranger.get(link).status_code == 410
