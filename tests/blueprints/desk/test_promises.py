"""Promised times on the desk's list and page."""

from datetime import timedelta

import pytest

import jobs.clocks
from portal.core import clock
from portal.domain.servicing.words import Urgency
from tests.queries import count_queries

LONG_AGO, A_WHILE = timedelta(days=3), timedelta(minutes=5)


@pytest.fixture
def overdue(desk):
    """A request of three days ago that nobody has answered."""
    with clock.frozen(clock.now() - LONG_AGO):
        return desk.file()


@pytest.fixture
def fresh(desk):
    with clock.frozen(clock.now() - A_WHILE):
        return desk.file()


def listed(browser, query=""):
    return browser("desk2").get(f"/desk/requests{query}").get_data(as_text=True)


@pytest.mark.req("SLA-5")
def test_a_row_names_the_promise_that_presses_most(browser, overdue, fresh):
    html = listed(browser)
    rows = {row.split("</a>")[0].rsplit(">")[-1]: row for row in html.split("<tr>")[2:]}
    assert "overdue, was due" in rows[overdue]
    assert "First answer" in rows[fresh] and "overdue" not in rows[fresh]


def test_overdue_and_due_soon_are_filters_of_the_address(browser, overdue, fresh):
    late, soon, paused = (listed(browser, f"?due={word}") for word in ("overdue", "soon", "paused"))
    assert overdue in late and fresh not in late
    assert fresh in soon and "No request fits these filters" in paused
    assert overdue in listed(browser, "?due=nonsense") and fresh in listed(browser, "?due=nonsense")


def test_a_filter_goes_with_the_others_and_with_the_next_page(desk, browser, overdue):
    with clock.frozen(clock.now() - LONG_AGO):
        for _ in range(26):
            desk.file(urgency=Urgency.CRITICAL)
    html = listed(browser, "?due=overdue&urgency=critical")
    following = html.split('rel="next" href="')[1].split('"')[0]
    assert "due=overdue" in following and "urgency=critical" in following and overdue not in html
    assert '<span class="chip-value">Overdue</span>' in html


def test_the_list_still_needs_few_statements(desk, browser):
    for _ in range(25):
        desk.file(symptom="报警 E-42 " * 400)
    client = browser("desk2")
    with count_queries() as sent:
        answer = client.get("/desk/requests?due=soon")
    assert len(sent) <= 4, sent
    assert len(answer.data) < 40_000


@pytest.mark.req("SLA-5")
def test_the_page_says_what_is_promised_until_when_and_how_long_is_left(browser, fresh):
    html = browser("desk2").get(f"/desk/requests/{fresh}").get_data(as_text=True)
    section = html.split('id="promises"')[1].split("</section>")[0]
    assert "First answer" in section and "within" in section and "left" in section
    assert section.count('class="clock ') >= 3 and 'hx-trigger="toggle once"' in section


@pytest.mark.req("SLA-5")
def test_a_breach_stands_on_the_page_and_asks_for_its_cause(browser, overdue):
    jobs.clocks.tell()
    html = browser("desk2").get(f"/desk/requests/{overdue}").get_data(as_text=True)
    assert "Overdue by" in html and "Nobody has given the cause yet." in html


def test_what_is_well_and_over_lies_folded(desk, browser, fresh):
    desk.assess(fresh)
    html = browser("desk2").get(f"/desk/requests/{fresh}").get_data(as_text=True)
    assert "Kept or not needed (1)" in html and "Kept" in html


def test_the_auditor_reads_and_does_nothing(browser, fresh):
    html = browser("auditor").get(f"/desk/requests/{fresh}").get_data(as_text=True)
    assert 'id="promises"' in html and f"/requests/{fresh}/wait" not in html and "/happened" not in html
