"""The staff's page of a request: what it shows, and to whom."""

import pytest

from portal.core.db import writing
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from tests.queries import count_queries


def show(browser, number, who="desk2"):
    answer = browser(who).get(f"/desk/requests/{number}")
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.req("INT-4")
def test_it_shows_who_reported_what_about_which_device(desk, browser, device):
    number = desk.file(symptom="报警 <b>E-42</b>", cause_told="受潮")
    status, html = show(browser, number)
    assert status == 200
    for text in (number, device.serial, "陈静怡", "021-6482", "受潮", "Nobody has looked at it yet."):
        assert text in html
    assert "报警 &lt;b&gt;E-42&lt;/b&gt;" in html


def test_a_foreign_dealer_finds_nothing(desk, browser, elsewhere):
    ours, theirs = desk.file(), desk.file("officer2", elsewhere.id)
    assert show(browser, ours, "dealer_desk")[0] == 404
    assert show(browser, theirs, "dealer_desk")[0] == 200
    assert show(browser, "RK-SR-1999-00001")[0] == 404


def test_customers_are_refused(desk, browser):
    number = desk.file()
    assert show(browser, number, "officer")[0] == 403
    assert show(browser, number, "ward")[0] == 403


def test_a_stranger_is_led_to_sign_in(desk, browser):
    answer = browser(None).get(f"/desk/requests/{desk.file()}")
    assert answer.status_code == 303 and "/sign-in" in answer.headers["Location"]


@pytest.mark.req("INT-13")
def test_messages_go_to_the_customer_and_notes_do_not(desk, browser):
    number = desk.file()
    client = browser("desk")
    assert client.post(f"/desk/requests/{number}/message", data={"body": "工程师下午到"}).status_code == 303
    assert client.post(f"/desk/requests/{number}/note", data={"body": "同批次第三台"}).status_code == 303
    staff, customer = show(browser, number)[1], browser("officer").get(f"/customer/requests/{number}")
    assert "工程师下午到" in staff and "同批次第三台" in staff
    assert "工程师下午到" in customer.get_data(as_text=True)
    assert "同批次第三台" not in customer.get_data(as_text=True)


@pytest.mark.req("INT-13")
def test_the_auditor_reads_notes_but_writes_none(desk, browser):
    number = desk.file()
    browser("desk").post(f"/desk/requests/{number}/note", data={"body": "内部备注"})
    assert "内部备注" in show(browser, number, "auditor")[1]
    assert browser("auditor").post(f"/desk/requests/{number}/note", data={"body": "x"}).status_code == 403


def test_an_empty_message_comes_back_with_its_error(desk, browser):
    number = desk.file()
    answer = browser("desk2").post(f"/desk/requests/{number}/message", data={"body": " "})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "There is a problem" in html
    assert html.count('id="message-body"') == 1 and html.count('id="note-body"') == 1


def test_what_was_typed_in_one_form_does_not_stand_in_another(desk, browser):
    number = desk.file()
    long = "x" * 10_001
    html = browser("desk2").post(f"/desk/requests/{number}/message", data={"body": long}).get_data(as_text=True)
    assert html.count(long) == 1


def test_htmx_gets_the_part_it_asked_for(desk, browser):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = browser("desk2").post(f"/desk/requests/{desk.file()}/note", data={"body": ""}, headers=headers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "<html" not in html
    assert html.lstrip().startswith("<section") and 'id="notes"' in html


@pytest.mark.req("DOC-2")
def test_who_did_what_stands_on_the_page(desk, browser):
    number = desk.file()
    desk.assess(number, next_step="联系设备科")
    html = show(browser, number)[1]
    assert "Show the trail (2)" in html
    assert "Assess" in html and "王芳" in html and "联系设备科" in html


def test_the_trail_of_a_record_is_not_for_the_field(desk, browser):
    number = desk.file()
    desk.assign(number)
    html = show(browser, number, "technician")[1]
    assert number in html and 'aria-label="Trail"' not in html and "操作记录" not in html.split("<main")[1]


def test_a_masked_name_says_so(desk, browser, session):
    from portal.core import audit

    number = desk.file()
    desk.assess(number)
    entry = audit.story(session, desk.request(number))[0]
    with writing() as s:
        audit.mask(s, [entry.id])
    assert "(masked)" in show(browser, number)[1]


@pytest.mark.parametrize("state", ["received", "assessed", "in service"])
def test_the_page_needs_few_statements(desk, browser, people, state):
    number = desk.file()
    if state != "received":
        desk.assess(number)
    if state == "in service":
        desk.assign(number)
        for text in "abc":
            with writing() as session:
                record = session.get_one(ServiceRequest, desk.request(number).id)
                service.post_message(session, record, people.desk, text)
    client = browser("desk2")
    with count_queries() as sent:
        client.get(f"/desk/requests/{number}")
    assert len(sent) <= 15, sent
