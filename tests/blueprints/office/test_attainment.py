"""Kept and broken promises as people see them, and what presses."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs.clocks
from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Organisation
from portal.domain.servicing import service
from tests.queries import count_queries

AGO = timedelta(days=2)


@pytest.fixture
def broken(device, people):
    """Number of a request of the day before yesterday whose promises are broken by now."""
    with clock.frozen(clock.now() - AGO), writing() as session:
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        number = service.create_request(session, people.officer, session.get_one(Device, device.id), **facts).number
    jobs.clocks.tell()
    db.session.rollback()
    return number


def kept(browser, query="", who="manager"):
    return browser(who).get(f"/office/promises/kept{query}").get_data(as_text=True)


@pytest.mark.req("SLA-6", "ANA-1")
@pytest.mark.parametrize("by", ["", "policy", "customer", "technician", "month", "nonsense"])
def test_bars_and_their_table_say_the_same(browser, broken, by):
    html = kept(browser, f"?by={by}&period=year", "desk2")
    assert html.count('<svg class="bar') >= 1 and "0 % · 0 of" in html
    assert "<table" in html and "Does not count" in html


@pytest.mark.req("SLA-6")
def test_filters_stand_in_the_address_and_narrow(browser, broken):
    client = browser("desk2")
    uid = db.session.scalars(sa.select(Organisation.uid).join(Clock, Clock.organisation_id == Organisation.id)).first()
    html = client.get(f"/office/promises/kept?by=clock&clock=answer&hospital={uid}&period=year").get_data(as_text=True)
    table = html.split("<tbody>")[1]
    assert "First answer" in table and "Loaner delivered" not in table
    other = next(o for o in db.session.scalars(sa.select(Organisation.uid)) if o != uid)
    html = client.get(f"/office/promises/kept?hospital={other}&period=year").get_data(as_text=True)
    assert "Nothing was due" in html and "Clear filters" in html


def test_a_row_leads_to_its_months(browser, broken):
    html = kept(browser, "?period=year", "desk2")
    assert "clock=answer&amp;by=month" in html or "by=month&amp;clock=answer" in html


def test_without_promises_the_page_says_so(browser):
    assert "没有到期的承诺" in kept(browser)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("stores", 403), ("technician", 200), ("auditor", 200)])
def test_who_counts(browser, who, status):
    assert browser(who).get("/office/promises/kept").status_code == status


def test_a_dealer_counts_only_what_is_theirs(browser, broken):
    assert "没有到期的承诺" in kept(browser, "?period=year", "dealer_desk")


def test_a_technician_that_there_is_not(browser):
    assert browser("manager").get("/office/promises/kept?technician=nobody").status_code == 404
    assert browser("desk").get("/office/promises/kept?technician=nobody").status_code == 404


@pytest.mark.parametrize("by", ["clock", "customer", "month"])
def test_it_needs_few_statements(browser, broken, by):
    client = browser("manager")
    with count_queries() as sent:
        answer = client.get(f"/office/promises/kept?by={by}&period=year")
    assert len(sent) <= 4, sent
    assert len(answer.data) < 40_000


@pytest.mark.req("SLA-5")
def test_a_breach_without_a_cause_stands_in_its_list_and_leads_to_its_page(browser, broken):
    html = browser("desk2").get("/office/promises?show=no_cause").get_data(as_text=True)
    assert broken in html and 'class="row-link" href="/clocks/' in html


def test_promises_of_one_hospital(browser, broken):
    uid = db.session.scalars(sa.select(Organisation.uid).join(Clock, Clock.organisation_id == Organisation.id)).first()
    others = [o for o in db.session.scalars(sa.select(Organisation.uid)) if o != uid]
    assert broken in browser("desk").get(f"/office/promises?hospital={uid}").get_data(as_text=True)
    assert broken not in browser("desk").get(f"/office/promises?hospital={others[0]}").get_data(as_text=True)
