"""The same fault reported twice."""

import pytest
import sqlalchemy as sa

from portal.domain.complaints.models import Complaint
from portal.domain.servicing.words import RequestState
from tests.safety import SAFE
from tests.web.conftest import sent


def test_what_was_reported_twice_goes_on_in_one(desk, browser):
    first, second = desk.file(), desk.file(symptom="还是不亮")
    client = browser("desk")
    page = client.get(f"/desk/requests/{second}/merge").get_data(as_text=True)
    assert first in page and f'value="{second}"' not in page
    assert client.post(f"/desk/requests/{second}/merge", sent()).status_code == 422
    assert client.post(f"/desk/requests/{second}/merge", sent(into=first)).location.endswith(first)
    assert desk.request(second).state is RequestState.MERGED and desk.request(second).merged_into.number == first
    assert "还是不亮" in browser("officer").get(f"/customer/requests/{first}").get_data(as_text=True)


def test_only_an_open_request_of_the_same_device_can_take_it(desk, browser, elsewhere):
    number, other = desk.file(), desk.file(by="officer2", device_id=elsewhere.id)
    client = browser("desk")
    assert client.post(f"/desk/requests/{number}/merge", sent(into=other)).status_code == 422
    assert desk.request(number).state is RequestState.RECEIVED
    assert browser("dealer_desk").post(f"/desk/requests/{number}/merge", sent(into=other)).status_code == 404
    assert browser("officer").get(f"/desk/requests/{number}/merge").status_code == 403


@pytest.mark.req("INT-11")
@pytest.mark.parametrize("who", ["desk", "dealer_desk"])
def test_the_safety_questions_come_before_the_merge(desk, browser, elsewhere, session, who):
    there = {"by": "officer2", "device_id": elsewhere.id}
    first, second = desk.file(**there), desk.file(**there, answers=None)
    client, path = browser(who), f"/desk/requests/{second}/merge"
    assert 'name="harm"' in client.get(path).get_data(as_text=True)
    answer = client.post(path, sent(into=first))
    assert answer.status_code == 422 and 'href="#harm-0"' in answer.get_data(as_text=True)
    assert desk.request(second).state is RequestState.RECEIVED
    worst = SAFE | {"harm": "possible", "grounds": "报警不响"}
    assert client.post(path, sent(into=first, **worst)).status_code == 303
    record = desk.request(second)
    assert record.state is RequestState.MERGED
    assert session.scalars(sa.select(Complaint.content).where(Complaint.request_id == record.id)).all() == ["报警不响"]
