"""Certificates that are about to end: told of once, in time, unless they were renewed (STF-1)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs
from portal.core import clock, outbox
from portal.core.db import db, writing
from portal.core.notices import Notice
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import RiskClass
from portal.domain.policies import service as policies
from portal.domain.qualifications import queries, service
from portal.domain.qualifications.models import Certificate


def record(people, who, days, subject=RiskClass.II):
    """A certificate that ends in so many days; returns its id."""
    account_id, today = people.account(who).id, clock.now().date()
    facts = {"valid_from": today - timedelta(days=300), "valid_until": today + timedelta(days=days)}
    with writing() as session:
        account = session.get_one(Account, account_id)
        number = f"PX-{who}-{days}"
        return service.record(session, account, people.manager, subject, certificate_number=number, **facts).id


def look_ahead():
    with writing() as session:
        outbox.put(session, "certificates.look_ahead", {"slot": "now"})
    jobs.drain(raising=True)


def told_of(certificate_id):
    db.session.rollback()
    found = sa.select(Account.name).join(Notice, Notice.person_id == Account.id)
    found = found.where(Notice.kind == "certificate_ends", Notice.root_id == certificate_id)
    return set(db.session.scalars(found))


def ending(days=30):
    return [each.id for each in queries.ending(db.session(), clock.now().date() + timedelta(days=days))]


@pytest.mark.req("STF-1")
def test_the_technician_and_the_manager_are_told_once(people):
    soon, later = record(people, "technician2", 20, RiskClass.I), record(people, "technician", 31, RiskClass.I)
    for _ in range(2):
        look_ahead()
    assert told_of(soon) == {"赵永强", "林建国"} and told_of(later) == set()
    count = sa.select(sa.func.count()).select_from(Notice).where(Notice.root_id == soon)
    assert db.session.scalar(count.where(Notice.kind == "certificate_ends")) == 2


@pytest.mark.req("STF-1")
def test_how_many_days_before_is_a_figure(people):
    later = record(people, "technician", 40, RiskClass.I)
    with writing() as session:
        policies.set_figure(session, people.manager, "certificate_warning_days", 0, 45, "培训计划")
    look_ahead()
    assert told_of(later)


def test_what_was_renewed_or_withdrawn_is_left_out(people):
    renewed, withdrawn = record(people, "technician", 5, RiskClass.I), record(people, "technician2", 6, RiskClass.I)
    assert {renewed, withdrawn} <= set(ending())
    record(people, "technician", 400, RiskClass.I)
    with writing() as session:
        service.withdraw(session, session.get_one(Certificate, withdrawn), people.manager, "考核未通过")
    assert not {renewed, withdrawn} & set(ending())


@pytest.mark.req("STF-1")
def test_the_list_names_what_ends_and_what_has_ended(people, browser):
    record(people, "technician2", 10, RiskClass.I)
    page = browser("manager").get("/office/certificates").get_data(as_text=True)
    assert "PX-technician2-10" in page and page.count("赵永强") >= 2  # one of the cast's ended yesterday
    assert browser("desk").get("/office/certificates").status_code == 403
