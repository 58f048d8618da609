"""Finance's pages of statements, and where the hospital finds its own."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs
from portal.core import clock
from portal.core.db import db, writing
from portal.core.permissions import SYSTEM
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.documents.models import Document
from portal.domain.organisations.models import Organisation
from portal.domain.statements.models import Statement
from tests import plans
from tests.blueprints.technicians import field
from tests.blueprints.technicians.field import order_at, signing


@pytest.fixture
def owing(people, device, monkeypatch):
    """The hospital of `device` owes for work of two months ago; its uid."""
    agree = lambda session, order, people: plans.consent(  # noqa: E731
        session, plans.offered(session, order, people.technician), people.officer
    )
    monkeypatch.setitem(field.STEPS, "agreed", agree)
    with writing() as session:
        one, on = session.get_one(Device, device.id), clock.now().date() - timedelta(days=90)
        untils = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **untils)
    with clock.frozen(clock.now() - timedelta(days=62)):
        order_at(people, device, "done")
    return db.session.get_one(Organisation, device.organisation_id).uid


def month():
    return f"{clock.now().replace(day=1) - timedelta(days=1):%Y-%m}"


def drawn_up(finance, owing):
    said = {"organisation": owing, "month": month(), "company": "RK"}
    made = finance.post("/office/statements/new", said)
    assert made.status_code == 303
    return made.location


@pytest.mark.req("RPR-6")
def test_finance_draws_up_reads_and_issues_and_the_hospital_confirms(browser, owing):
    finance, officer = browser("finance"), browser("officer")
    here = drawn_up(finance, owing)
    again = finance.post("/office/statements/new", {"organisation": owing, "month": month(), "company": "RK"})
    assert again.status_code == 422
    assert "草稿" in finance.get(here).get_data(as_text=True)
    assert "ST-" not in officer.get("/customer/charges").get_data(as_text=True)
    assert finance.post(f"{here}/issue").status_code == 303
    assert finance.post(f"{here}/issue").status_code == 409
    document = db.session.scalars(sa.select(Document).where(Document.kind == "statement")).one()
    assert document.number in officer.get("/customer/charges").get_data(as_text=True)
    path = f"/customer/documents/{document.uid}"
    page = officer.get(path)
    assert page.status_code == 200 and browser("officer2").get(path).status_code == 404
    assert officer.post(f"{path}/sign", signing(page, place="财务科")).status_code == 303
    assert finance.get(f"/quality/documents/{document.uid}").status_code == 200
    assert browser("desk").get(f"/verify/{document.number}").status_code == 200
    assert finance.post(f"{here}/correct", {"reason": ""}).status_code == 422
    assert finance.post(f"{here}/correct", {"reason": "漏计一笔收款"}).status_code == 303


@pytest.mark.req("RPR-6")
def test_those_of_all_are_drawn_up_while_finance_sees_how_far(browser, owing):
    finance = browser("finance")
    assert finance.post("/office/statements/all", {"month": "1999-01"}).status_code == 422
    run = finance.post("/office/statements/all", {"month": month()})
    assert run.status_code == 303 and "hx-get" in finance.get(run.location).get_data(as_text=True)
    assert run.location in finance.get("/office/statements").get_data(as_text=True)
    jobs.drain()
    done = finance.get(run.location).get_data(as_text=True)
    assert "hx-trigger" not in done.partition('id="run"')[2][:200]
    assert db.session.scalar(sa.select(sa.func.count(Statement.id))) == 1
    listed = finance.get(f"/office/statements?month={month()}&state=draft").get_data(as_text=True)
    assert "/office/statements/" in listed


def test_others_read_or_see_nothing(browser, owing):
    here = drawn_up(browser("finance"), owing)
    for who in ("manager", "auditor"):
        assert browser(who).get(here).status_code == 200
        assert browser(who).post(f"{here}/issue").status_code == 403
    for who in ("desk", "officer", "dealer_desk", "technician"):
        assert browser(who).get(here).status_code == 403
        assert browser(who).get("/office/statements").status_code == 403
