"""Only who holds a certificate for the model or its class may be sent (R6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.devices.models import Device
from portal.domain.qualifications import queries, service
from portal.domain.qualifications.models import Certificate
from portal.domain.servicing import service as servicing
from portal.domain.servicing.candidates import candidates
from portal.domain.servicing.models import ServiceRequest
from tests.safety import NOTHING


@pytest.fixture
def anaesthesia(people):
    """A request about a machine for which technician2's certificate ended yesterday."""
    device = db.session.scalars(
        sa.select(Device).join(Product).where(Product.model == "RH-A65", Device.dealer_id.is_(None)).limit(1)
    ).one()
    facts = {"symptom": "漏气测试不通过", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        record = session.get_one(Device, device.id)
        return servicing.create_request(session, people.officer, record, answers=NOTHING, **facts).id


def assign(people, request_id, technician, **values):
    account_id = people.account(technician).id
    with writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        return servicing.assign(session, request, people.desk, session.get_one(Account, account_id), **values).number


def record(people, technician, subject, by="manager", **values):
    first = clock.now().date()
    facts = {"certificate_number": "PX-1", "valid_from": first, "valid_until": first + timedelta(days=30)} | values
    account_id = people.account(technician).id
    with writing() as session:
        return service.record(session, session.get_one(Account, account_id), getattr(people, by), subject, **facts).id


@pytest.mark.req("DSP-1")
def test_a_certificate_that_ended_yesterday_sends_nobody(people, anaesthesia):
    with pytest.raises(NotValid) as refused:
        assign(people, anaesthesia, "technician2")
    (told,) = refused.value.fields["technician"]
    why = told.params["why"]
    ended = db.session.scalars(sa.select(Certificate.valid_until).where(Certificate.valid_until < clock.now().date()))
    assert why.msgid == "certificate for %(subject)s ended on %(day)s"
    assert why.params == {"subject": "RH-A65", "day": ended.one()}
    assert "another day" in told.msgid
    assert db.session.get_one(ServiceRequest, anaesthesia).orders == []


@pytest.mark.req("DSP-1")
def test_a_new_certificate_for_the_model_opens_the_way(people, anaesthesia):
    product = db.session.get_one(ServiceRequest, anaesthesia).device.product
    record(people, "technician2", product)
    assert "-WO-" in assign(people, anaesthesia, "technician2")


def test_a_certificate_for_the_class_serves_too(people, anaesthesia):
    record(people, "technician2", RiskClass.III)
    assert "-WO-" in assign(people, anaesthesia, "technician2")


@pytest.mark.req("DSP-1")
def test_the_day_of_the_appointment_counts_in_the_companys_zone(people, anaesthesia):
    today = clock.now().date()
    last = today + timedelta(days=5)
    record(people, "technician2", RiskClass.III, valid_until=last)
    still = datetime(last.year, last.month, last.day, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    with pytest.raises(NotValid):
        assign(people, anaesthesia, "technician2", appointment_from=still + timedelta(hours=1))
    assert "-WO-" in assign(people, anaesthesia, "technician2", appointment_from=still)


def test_a_certificate_does_not_hold_before_its_first_day_nor_once_withdrawn(people, anaesthesia):
    later = record(people, "technician2", RiskClass.III, valid_from=clock.now().date() + timedelta(days=9))
    with pytest.raises(NotValid) as refused:
        assign(people, anaesthesia, "technician2")
    assert refused.value.fields["technician"][0].params["why"].msgid.endswith("holds only from %(day)s")
    with writing() as session:
        service.withdraw(session, session.get_one(Certificate, later), people.manager, "考核未通过")
    with pytest.raises(NotNow), writing() as session:
        service.withdraw(session, session.get_one(Certificate, later), people.manager, "再次")
    with pytest.raises(NotValid):
        assign(people, anaesthesia, "technician2", appointment_from=clock.now() + timedelta(days=10))


def test_nobody_attests_their_own_skill_and_the_desk_attests_nobodys(people):
    with pytest.raises(NotNow):
        record(people, "manager", RiskClass.III)
    held = queries.of_person(db.session, people.account("technician").id)[0].id
    with pytest.raises(NotAllowed), writing() as session:
        service.withdraw(session, session.get_one(Certificate, held), people.desk, "不行")
    with pytest.raises(NotValid):
        record(people, "technician", RiskClass.I, valid_until=date(2020, 1, 1))


@pytest.mark.req("DSP-1")
def test_candidates_stand_by_fitness_then_by_load(people, anaesthesia):
    request = db.session.get_one(ServiceRequest, anaesthesia)
    found = candidates(db.session, request)
    assert [(each.account.name, each.is_fit) for each in found] == [("李伟", True), ("赵永强", False)]
    record(people, "technician2", RiskClass.III)
    assign(people, anaesthesia, "technician")
    db.session.expire_all()
    found = candidates(db.session, request)
    assert [(each.account.name, each.open_orders) for each in found] == [("赵永强", 0), ("李伟", 1)]
