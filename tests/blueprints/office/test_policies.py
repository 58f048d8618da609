"""What is promised, and what presses."""

import pytest

from portal.core.db import writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from tests.queries import count_queries


@pytest.fixture
def filed(device, people):
    """A request with its clocks running; gives its number."""
    with writing() as session:
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        return service.create_request(session, people.officer, session.get_one(Device, device.id), **facts).number


def test_policies_stand_with_state_version_and_source(browser):
    html = browser("manager").get("/office/policies").get_data(as_text=True)
    assert "默认服务承诺" in html and "000-b 四.4; 000-d §2; 004-c 1(4)" in html


@pytest.mark.req("SLA-2")
def test_a_policy_says_each_promise_in_words_with_what_its_source_says(browser):
    html = browser("manager").get("/office/policies/A").get_data(as_text=True)
    assert "立即响应（实质性响应）" in html and "8 个工作小时" in html


def test_a_policy_that_there_is_not(browser):
    assert browser("manager").get("/office/policies/Z").status_code == 404


@pytest.mark.parametrize("show", ["", "overdue", "soon", "paused", "all", "nonsense"])
def test_open_promises_are_listed(browser, filed, show):
    html = browser("desk").get(f"/office/promises?show={show}").get_data(as_text=True)
    assert (filed in html) == (show in ("soon", "all"))


def test_a_technician_sees_what_is_assigned_and_a_dealer_what_is_theirs(browser, filed):
    for who in ("technician", "dealer_desk"):
        assert filed not in browser(who).get("/office/promises?show=all").get_data(as_text=True)


@pytest.mark.parametrize(("who", "path"), [("officer", "promises"), ("stores", "promises"), ("technician", "policies")])
def test_who_stays_out(browser, who, path):
    assert browser(who).get(f"/office/{path}").status_code == 403


@pytest.mark.parametrize("path", ["/office/promises?show=all", "/office/policies", "/office/policies/default"])
def test_the_pages_need_few_statements(browser, filed, path):
    client = browser("manager")
    with count_queries() as sent:
        client.get(path)
    assert len(sent) <= 4, sent
