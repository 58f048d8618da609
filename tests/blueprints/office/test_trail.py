"""The trail across all records."""

import pytest

from portal.core import access, audit, seals
from portal.core.db import writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.words import Urgency
from tests.queries import count_queries
from tests.safety import NOTHING


@pytest.fixture
def number(people, device):
    """A request that was filed and assessed; returns its number."""
    facts = {"symptom": "报警 E-42", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        made = service.create_request(session, people.officer, session.get_one(Device, device.id), **facts)
        values = {"urgency": Urgency.CRITICAL, "next_step": "现在就去"}
        service.assess(session, made, people.desk, 0, answers=NOTHING, **values)
        return made.number


def page(browser, query="", who="quality2"):
    answer = browser(who).get(f"/office/trail{query}")
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.req("DOC-2")
def test_it_says_who_did_what_and_what_it_was_before(browser, number):
    html = page(browser)[1]
    assert number in html and "Assess" in html and "王芳" in html
    assessed = html.split("Assess</span>")[1].split("</li>")[0]
    for text in ("Urgency", "Normal", "Critical", "Received", "Assessed", "现在就去"):
        assert text in assessed
    assert "陈静怡" in html and "021-6482" in html


def test_ids_of_the_database_are_never_shown(browser, number):
    html = page(browser, "?kind=service_request")[1]
    filed = html.split("Report a fault</span>")[1].split("</li>")[0]
    assert "Main campus" in filed and "RK-DV-" in filed
    assert "site_id" not in filed and "<dd>1</dd>" not in filed


@pytest.mark.req("DOC-5")
def test_masked_values_say_so_and_the_rest_stays(browser, number, session):
    ids = [row.id for row in session.query(audit.AuditEntry)]
    with writing() as s:
        audit.mask(s, ids)
    html = page(browser, "?kind=service_request")[1]
    assert "(masked)" in html and "021-6482" not in html and "现在就去" in html
    assert seals.verify(session).faults == []


def test_filters_by_record_and_verb_stand_in_the_address(browser, number):
    html = page(browser, "?kind=service_request&verb=assess")[1]
    assert "现在就去" in html and "Report a fault</span>" not in html
    assert html.count('<span class="chip-value">Assess</span>') == 1
    assert page(browser, "?kind=nothing&verb=%27")[0] == 200


def test_one_persons_acts(browser, number, people):
    uid = people.account("officer").uid
    html = page(browser, f"?person={uid}", "manager")[1]
    assert number in html and "现在就去" not in html and "陈静怡" in html
    assert page(browser, "?person=nobody", "manager")[0] == 404


def test_a_name_leads_to_what_else_that_person_did(browser, number, people):
    html = page(browser, "?kind=service_request")[1]
    assert f'href="/office/trail?kind=service_request&amp;person={people.account("desk").uid}"' in html


def test_pages_follow_each_other(browser, number):
    client = browser("quality2")
    html = client.get("/office/trail?kind=device").get_data(as_text=True)
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "kind=device" in following
    assert 'rel="prev"' in client.get(following).get_data(as_text=True)


def test_it_says_how_far_the_trail_is_sealed(browser, number):
    assert "Not sealed yet" in page(browser)[1]
    with writing() as s:
        seals.seal(s)
    client = browser("quality2")
    assert "Sealed" in client.get("/office/trail").get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 200), ("admin", 200), ("manager", 200), ("desk", 403), ("officer", 403)]
)
def test_who_reads_it(browser, who, status):
    assert page(browser, who=who)[0] == status


def test_links_lead_only_where_the_reader_may_go(browser, number):
    assert f'href="/desk/requests/{number}"' in page(browser, who="auditor")[1]
    assert f'href="/desk/requests/{number}"' not in page(browser, who="admin")[1]


def test_a_full_page_needs_few_statements(browser, number):
    client = browser("quality2")
    with count_queries() as sent:
        answer = client.get("/office/trail?kind=device")
    assert len(sent) <= 4, sent
    assert len(answer.data) < 80_000


@pytest.mark.req("DOC-5")
def test_who_took_what_says_the_person_the_time_and_from_where(browser, people):
    with writing() as session:
        access.note(session, people.officer.id, "rendition", "gone", "192.0.2.7")
    answer = browser("auditor").get("/office/trail/taken")
    assert answer.status_code == 200
    assert "陈静怡" in answer.text and "192.0.2.7" in answer.text and "no longer there" in answer.text
    assert browser("officer").get("/office/trail/taken").status_code == 403


def test_who_took_what_of_one_person_takes_few_statements(browser, people):
    with writing() as session:
        for n in range(40):
            access.note(session, people.officer.id if n % 2 else people.desk.id, "attachment", "gone", "192.0.2.7")
    auditor, uid = browser("auditor"), people.account("desk").uid
    with count_queries() as sent:
        page = auditor.get(f"/office/trail/taken?person={uid}")
    assert page.text.count("192.0.2.7") == 20 and len(sent) <= 4
    assert 'rel="next"' in auditor.get("/office/trail/taken").text


def test_it_says_in_words_by_which_way_an_act_came(browser, device):
    browser("desk").post("/language", {"language": "en"})
    assert "in the browser, from 127.0.0.1" in page(browser)[1]


def test_a_page_of_it_stays_small(browser, number):
    assert len(page(browser)[1].encode()) < 40 * 1024
