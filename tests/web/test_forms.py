"""What was typed stays, whatever is refused; and a form sent twice has one effect."""

import re

import pytest
import sqlalchemy as sa

from portal.core import db as database
from portal.core.db import db, writing
from portal.domain.servicing import service
from portal.domain.servicing.models import RequestMessage, ServiceRequest
from tests.web.conftest import REPORT, requests_of, sent

TYPED = "潮气量偏低 <b>&\"'，已换备用机\n第二行"


@pytest.fixture
def report(device) -> str:
    return f"/customer/devices/{device.number}/report"


@pytest.mark.req("INT-1")
def test_a_form_with_a_missing_answer_comes_back_with_the_others(browser, report):
    answer = browser("officer").post(report, sent(**REPORT | {"contact_phone": "", "symptom": TYPED}))
    assert answer.status_code == 422
    assert "潮气量偏低 &lt;b&gt;&amp;&#34;&#39;，已换备用机" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert requests_of(TYPED) == []


def test_an_edit_that_comes_late_shows_what_stands_beside_what_was_typed(browser, judged):
    form = sent(urgency="normal", next_step="下午上门", base_version="0")
    answer = browser("desk").post(f"/desk/requests/{judged}/assess", form)
    assert answer.status_code == 409
    assert "下午上门" in answer.text and "先电话确认" in answer.text
    again = form | {"base_version": re.search(r'name="base_version"[^>]*value="(\d+)"', answer.text)[1]}
    assert browser("desk").post(f"/desk/requests/{judged}/assess", again).status_code == 303


def test_a_step_that_is_no_longer_possible_keeps_its_words(browser, judged, people):
    page = browser("officer")
    with writing() as session:
        record = session.query(ServiceRequest).filter_by(number=judged).one()
        service.assign(session, record, people.desk, people.account("technician"))
    answer = page.post(f"/customer/requests/{judged}/cancel", sent(reason="不用修了"))
    assert answer.status_code == 409
    assert "不用修了" in answer.text


@pytest.mark.req("INT-1")
def test_a_busy_database_gives_the_form_back(browser, report, monkeypatch):
    officer = browser("officer")
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 50)
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect().execution_options(writing=True) as other, other.begin():
        answer = officer.post(report, sent(**REPORT | {"symptom": TYPED}))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "潮气量偏低" in answer.text
    assert requests_of(TYPED) == []


def test_the_same_form_twice_is_one_request_and_one_answer(browser, report):
    officer, form = browser("officer"), sent(**REPORT)
    first, second = officer.post(report, form), officer.post(report, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(requests_of(REPORT["symptom"])) == 1


def test_a_key_used_again_for_something_else_is_refused(browser, report):
    officer, form = browser("officer"), sent(**REPORT)
    officer.post(report, form)
    other = officer.post(report, form | {"symptom": TYPED})
    assert other.status_code == 422
    assert "潮气量偏低" in other.text
    assert requests_of(TYPED) == []


def test_a_key_counts_for_one_person_only(browser, report, judged):
    form = sent(**REPORT)
    browser("officer").post(report, form)
    assert browser("ward").post(report, form).status_code == 303
    assert len(requests_of(REPORT["symptom"])) == 2


def test_a_key_counts_for_one_form_only(browser, judged):
    officer, form = browser("officer"), sent(body="请尽快", reason="请尽快")
    assert officer.post(f"/customer/requests/{judged}/message", form).status_code == 303
    assert officer.post(f"/customer/requests/{judged}/cancel", form).status_code == 422


def test_a_refused_form_may_be_sent_again_with_the_same_key(browser, report):
    officer, form = browser("officer"), sent(**REPORT | {"contact_phone": ""})
    assert officer.post(report, form).status_code == 422
    assert officer.post(report, form | {"contact_phone": "021"}).status_code == 303
    assert len(requests_of(REPORT["symptom"])) == 1


@pytest.mark.req("INT-13")
def test_a_double_click_posts_one_message(browser, filed):
    officer, form = browser("officer"), sent(body="还是不行")
    for _ in range(3):
        officer.post(f"/customer/requests/{filed}/message", form)
    assert db.session.scalar(sa.select(sa.func.count(RequestMessage.id))) == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "1e3", "１"])
def test_a_version_that_is_no_number_counts_as_none(browser, judged, version):
    form = sent(urgency="normal", next_step="下午上门", base_version=version)
    assert browser("desk").post(f"/desk/requests/{judged}/assess", form).status_code in (303, 409, 422)


def test_what_a_form_does_not_ask_for_is_not_taken(browser, report, people):
    extra = {"state": "closed", "organisation_id": "2", "reported_by_id": "1", "number": "RK-SR-2026-99999"}
    browser("officer").post(report, sent(**REPORT, **extra))
    (made,) = requests_of(REPORT["symptom"])
    assert (made.state, made.reported_by_id) == ("received", people.officer.id)
    assert made.number.endswith("-00001")
