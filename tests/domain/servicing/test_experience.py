"""What helped before is counted from finished work on the same model, and names no hospital."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotNow, NotValid, Stale
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind
from portal.domain.servicing import service
from portal.domain.servicing.experience import helped_before, likely_parts
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import ContactMode, Difficulty, FaultClass, Outlook
from tests.blueprints.technicians.field import FINDINGS, STEPS, order_at, order_of
from tests.queries import count_queries

DIAGNOSIS = {
    "contact_mode": ContactMode.PHONE,
    "diagnosis": "电话指导自检，仍报 E-42",
    "suspected_cause": "氧电池耗尽",
    "difficulty": Difficulty.MINOR,
    "fault_class": FaultClass.ORDINARY,
    "on_the_spot": True,
    "needs_parts": True,
    "outlook": Outlook.ON_SITE,
}
CELL = {"name": "氧电池", "part_number": "OX-11", "quantity": "1"}


def code(session, kind, name):
    return session.scalars(sa.select(FaultCode).where(FaultCode.kind == kind, FaultCode.code == name)).one()


def diagnose(people, number, symptom="S04", base=0, **values):
    order_id = order_of(number).id
    with writing() as session:
        codes = {"symptom_code": code(session, CodeKind.SYMPTOM, symptom), "area_code": None}
        facts = DIAGNOSIS | {"contacted_at": clock.now()} | codes | values
        return service.diagnose(session, session.get_one(WorkOrder, order_id), people.technician, base, **facts)


def finished(people, device, symptom="S04", cause="C02", action="R01"):
    """A finished order with codes and one part."""
    number = order_at(people, device, "agreed")
    diagnose(people, number, symptom)
    order_id = order_of(number).id
    with writing() as session:
        order = session.get_one(WorkOrder, order_id)
        codes = {"cause_code": code(session, CodeKind.CAUSE, cause)}
        codes["action_code"] = code(session, CodeKind.ACTION, action)
        rows = [CELL | {"serial_in": f"X-{order_id}"}]
        service.record_findings(session, order, people.technician, 0, **FINDINGS, **codes, parts_replaced=rows)
    return number


def finish(people, number):
    order_id = order_of(number).id
    for step in ("testing", "tested", "to_release", "to_sign", "done"):
        with writing() as session:
            STEPS[step](session, session.get_one(WorkOrder, order_id), people)


@pytest.mark.req("RPR-10")
def test_what_helped_is_counted_with_its_parts_once_the_work_is_finished(people, device):
    numbers = [finished(people, device), finished(people, device), finished(people, device, action="R05")]
    asked = {"product_id": device.product_id, "symptom_code_id": code(db.session, CodeKind.SYMPTOM, "S04").id}
    assert helped_before(db.session, people.technician, **asked) == []
    for number in numbers:
        finish(people, number)
    first, second = helped_before(db.session, people.technician, **asked)
    assert (first.cause_code.code, first.action_code.code, first.times) == ("C02", "R01", 2)
    assert first.parts == {("OX-11", "氧电池"): 2} and first.last == order_of(numbers[1]).finished_at
    assert (second.action_code.code, second.times) == ("R05", 1)


@pytest.mark.req("RPR-10", "DSP-3")
def test_one_statement_tells_what_helped_and_one_the_likely_parts(people, device):
    for _n in range(2):
        finish(people, finished(people, device))
    person, product_id = people.technician, device.product_id
    with count_queries() as sent:
        helped_before(db.session, person, product_id)
        parts = likely_parts(db.session, product_id)
    assert len(sent) == 2
    assert next(part for part in parts if part.part_number == "OX-11").times == 2


@pytest.mark.req("DSP-3")
def test_likely_parts_may_be_asked_for_one_symptom(people, device):
    finish(people, finished(people, device))
    symptom, other = (code(db.session, CodeKind.SYMPTOM, name) for name in ("S04", "S09"))
    assert [part.part_number for part in likely_parts(db.session, device.product_id, symptom)] == ["OX-11"]
    assert likely_parts(db.session, device.product_id, other) == []


@pytest.mark.req("RPR-10")
def test_it_can_be_looked_for_by_words(people, device):
    finish(people, finished(people, device))
    found = helped_before(db.session, people.technician, device.product_id, words="报警 E-42")
    assert found and all("E-42" in FINDINGS["fault_symptom"] for each in found)
    assert helped_before(db.session, people.technician, device.product_id, words="没有这样的词") == []


@pytest.mark.req("RPR-10")
def test_what_others_typed_is_not_shown_to_a_dealers_technician_but_the_codes_are(people, device):
    finish(people, finished(people, device))
    (coded,) = [
        each
        for each in helped_before(db.session, people.dealer_technician, device.product_id)
        if each.cause_code and each.cause_code.code == "C02" and each.action_code.code == "R01"
    ]
    assert coded.times == 1 and (coded.cause, coded.process) == ("", "")


@pytest.mark.req("RPR-1", "DSP-1")
def test_a_diagnosis_is_recorded_before_travelling(people, device):
    number = order_at(people, device, "accepted")
    diagnose(people, number)
    order = order_of(number)
    assert order.is_diagnosed and order.diagnosis_version == 1
    assert (order.contact_mode, order.symptom_code.code) == (ContactMode.PHONE, "S04")


@pytest.mark.req("RPR-1")
def test_the_time_of_a_diagnosis_lies_between_the_report_and_now(people, device):
    number = order_at(people, device, "accepted")
    for wrong in (clock.now() + timedelta(hours=1), clock.now() - timedelta(days=2)):
        with pytest.raises(NotValid) as refused:
            diagnose(people, number, contacted_at=wrong)
        assert "contacted_at" in refused.value.fields


def test_a_code_of_another_family_or_kind_is_refused(people, device):
    number = order_at(people, device, "accepted")
    with pytest.raises(NotValid) as refused:
        diagnose(people, number, symptom="HD-S1")
    assert "symptom_code" in refused.value.fields


def test_nothing_is_diagnosed_before_the_order_is_accepted_nor_over_anothers_words(people, device):
    number = order_at(people, device, "assigned")
    with pytest.raises(NotNow):
        diagnose(people, number)
    number = order_at(people, device, "accepted")
    diagnose(people, number)
    with pytest.raises(Stale) as stale:
        diagnose(people, number, diagnosis="另一种看法")
    assert stale.value.current["diagnosis"] == DIAGNOSIS["diagnosis"]
