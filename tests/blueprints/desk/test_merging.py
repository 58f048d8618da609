"""The same fault reported twice."""

from portal.domain.servicing.words import RequestState
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
