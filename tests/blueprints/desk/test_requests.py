"""The desk's list of requests."""

import pytest

from portal.domain.servicing.words import Urgency
from tests.queries import count_queries


def page(browser, who="desk2", query=""):
    answer = browser(who).get(f"/desk/requests{query}")
    return answer.status_code, answer.get_data(as_text=True)


def test_without_a_choice_the_open_ones_stand_there(desk, browser):
    received, refused = desk.file(), desk.file()
    session_browser = browser("desk")
    session_browser.post(f"/desk/requests/{refused}/refuse", data={"reason": "不是我司设备"})
    status, html = page(browser)
    assert status == 200
    assert received in html and refused not in html
    assert refused in page(browser, query="?state=all")[1]
    assert refused in page(browser, query="?state=refused")[1]
    assert received not in page(browser, query="?state=refused")[1]


def test_filters_narrow_and_survive_reload_and_paging(desk, browser):
    numbers = [desk.file(urgency=Urgency.CRITICAL) for _ in range(27)]
    other = desk.file(urgency=Urgency.NORMAL)
    client = browser("desk2")
    html = client.get("/desk/requests?urgency=critical").get_data(as_text=True)
    assert other not in html and numbers[-1] in html and numbers[0] not in html
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "urgency=critical" in following
    second = client.get(following).get_data(as_text=True)
    assert numbers[0] in second and other not in second and 'rel="prev"' in second
    assert '<span class="chip-value">Critical</span>' in second


def test_one_hospital_by_its_uid(desk, browser, elsewhere, people):
    ours, theirs = desk.file(), desk.file("officer2", elsewhere.id)
    uid = desk.request(theirs).organisation.uid
    html = page(browser, query=f"?hospital={uid}")[1]
    assert theirs in html and ours not in html
    assert page(browser, query="?hospital=nobody")[0] == 404


def test_a_word_that_is_no_state_is_no_failure(desk, browser):
    number = desk.file()
    assert number in page(browser, query="?state=%27&urgency=x")[1]
    assert page(browser, query="?at=broken")[0] == 422


def test_an_empty_list_says_why(browser):
    assert "No open requests" in page(browser)[1]
    assert "No request fits these filters" in page(browser, query="?urgency=urgent")[1]


@pytest.mark.parametrize("who", ["officer3", "ward"])
def test_customers_have_pages_of_their_own(browser, who):
    assert page(browser, who)[0] == 403


@pytest.mark.parametrize("who", ["stores", "finance", "admin"])
def test_roles_without_requests_stay_out(browser, who):
    assert page(browser, who)[0] == 403


@pytest.mark.req("STF-4")
def test_a_dealer_sees_its_own_only(desk, browser, elsewhere):
    ours, theirs = desk.file(), desk.file("officer2", elsewhere.id)
    html = page(browser, "dealer_desk")[1]
    assert theirs in html and ours not in html


@pytest.mark.parametrize("who", ["desk", "quality", "manager", "auditor"])
def test_the_house_sees_all(desk, browser, who):
    number = desk.file()
    assert number in page(browser, who)[1]


def test_a_full_list_needs_few_statements_and_stays_small(desk, browser):
    for _ in range(25):
        desk.file(symptom="报警 E-42 " * 400)
    client = browser("desk2")
    with count_queries() as sent:
        answer = client.get("/desk/requests")
    assert len(sent) <= 4, sent
    assert len(answer.data) < 40_000
