"""The operator's figures."""

import pytest

from portal.core import figures
from tests.queries import count_queries

URL = "/office/figures/claimed_time_hours"


def put(client, version, value="24", source="经理会议 2026-11-20"):
    return client.post(URL, data={"value": value, "source": source, "base_version": str(version)})


def test_figures_stand_with_unit_and_source(browser):
    html = browser("quality2").get("/office/figures").get_data(as_text=True)
    assert "72 hours" in html and "a tablet may be without a network" in html
    assert URL not in html


def test_the_manager_sets_one_and_it_holds_at_once(browser, session):
    client = browser("manager")
    assert client.get(URL).status_code == 200
    assert put(client, 0).status_code == 303
    assert figures.integer(session, "claimed_time_hours") == 24
    html = browser("quality2").get("/office/figures").get_data(as_text=True)
    assert "24 hours" in html and "shipped: 72" in html and "经理会议" in html
    assert put(client, 1, value="48").status_code == 303
    session.rollback()
    assert figures.integer(session, "claimed_time_hours") == 48


def test_whoever_comes_second_is_shown_what_stands_now(browser, session):
    client = browser("manager")
    put(client, 0)
    answer = put(client, 0, value="36")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and ">24<" in html and "36" in html
    assert figures.integer(session, "claimed_time_hours") == 24


@pytest.mark.parametrize("value", ["", "0", "-1", "1000001", "x", "1.5"])
def test_a_figure_that_is_none_is_refused(browser, value):
    assert put(browser("manager"), 0, value=value).status_code == 422
    assert put(browser("manager"), 0, source="").status_code == 422


def test_a_name_that_nobody_declared(browser):
    assert browser("manager").get("/office/figures/nothing").status_code == 404


@pytest.mark.parametrize(("who", "reads", "sets"), [("admin", 200, 403), ("auditor", 200, 403), ("desk", 403, 403)])
def test_who_reads_and_who_sets(browser, who, reads, sets):
    client = browser(who)
    assert client.get("/office/figures").status_code == reads
    assert put(client, 0).status_code == sets


def test_the_list_needs_few_statements(browser):
    client = browser("quality2")
    with count_queries() as sent:
        client.get("/office/figures")
    assert len(sent) <= 4, sent
