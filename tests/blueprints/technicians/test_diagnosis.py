"""The diagnosis on the tablet: before travelling or at the device, with what helped before, printed in the report."""

import re

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind
from portal.domain.servicing.report import payload
from tests.blueprints.technicians.field import FINDINGS, local, order_at, order_of, sent

WORDS = {
    "contact_mode": "by_phone",
    "diagnosis": "指导科室重启后仍报 E-42",
    "suspected_cause": "氧电池耗尽",
    "difficulty": "minor_repair",
    "fault_class": "ordinary_fault",
    "on_the_spot": "y",
    "outlook": "repair_on_site",
}


@pytest.fixture
def tablet(browser):
    return browser("technician")


def here(number, path=""):
    return f"/technician/orders/{number}{path}"


def uid(kind, name):
    return db.session.scalars(sa.select(FaultCode.uid).where(FaultCode.kind == kind, FaultCode.code == name)).one()


def diagnosis(base="0", **values):
    return sent(base_version=base, contacted_at=local(clock.now()), **WORDS) | values


@pytest.mark.req("RPR-1", "RPR-10")
def test_a_diagnosis_by_telephone_is_carried_into_the_findings(tablet, people, device):
    number = order_at(people, device, "accepted")
    assert 'id="diagnosing"' in tablet.get(here(number)).text
    form = diagnosis(symptom_code=uid(CodeKind.SYMPTOM, "S04"), area_code=uid(CodeKind.AREA, "A04"))
    assert tablet.post(here(number, "/diagnosis"), form).status_code == 303
    order = order_of(number)
    assert (order.symptom_code.code, order.area_code.code, order.outlook.value) == ("S04", "A04", "repair_on_site")
    for step in ("/depart", "/arrive"):
        assert tablet.post(here(number, step), sent()).status_code == 303
    findings = tablet.get(here(number)).text.split('id="findings-form"')[1]
    assert WORDS["diagnosis"] in findings and WORDS["suspected_cause"] in findings


@pytest.mark.req("RPR-1")
def test_a_diagnosis_without_its_outcome_is_refused_and_keeps_what_was_typed(tablet, people, device):
    number = order_at(people, device, "accepted")
    answer = tablet.post(here(number, "/diagnosis"), diagnosis(outlook=""))
    assert answer.status_code == 422 and 'id="outlook-error"' in answer.text and WORDS["diagnosis"] in answer.text
    assert not order_of(number).is_diagnosed


def test_two_who_diagnose_are_shown_both(tablet, people, device):
    number = order_at(people, device, "accepted")
    tablet.post(here(number, "/diagnosis"), diagnosis())
    answer = tablet.post(here(number, "/diagnosis"), diagnosis(diagnosis="另一种看法"))
    assert answer.status_code == 409 and "另一种看法" in answer.text and WORDS["diagnosis"] in answer.text
    assert order_of(number).diagnosis == WORDS["diagnosis"]


@pytest.mark.req("RPR-10")
def test_the_codes_of_an_earlier_repair_are_filled_in_without_losing_a_word(tablet, people, device):
    number = order_at(people, device, "on_site")
    cause, action = uid(CodeKind.CAUSE, "C02"), uid(CodeKind.ACTION, "R01")
    typed = sent(base_version="0", fault_symptom="刚写了一半", use=f"{cause} {action}")
    answer = tablet.post(here(number, "/findings"), typed)
    assert answer.status_code == 200 and "刚写了一半" in answer.text
    assert re.search(rf'<option selected value="{cause}"', answer.text)
    assert re.search(rf'<option selected value="{action}"', answer.text)
    assert order_of(number).findings_version == 0


def test_codes_that_nobody_offered_are_not_filled_in(tablet, people, device):
    number = order_at(people, device, "on_site")
    foreign = uid(CodeKind.CAUSE, "PUMP-C1"), uid(CodeKind.ACTION, "R01")
    answer = tablet.post(here(number, "/findings"), sent(base_version="0", use=" ".join(foreign)))
    assert answer.status_code == 200 and foreign[0] not in answer.text


@pytest.mark.req("RPR-1", "RPR-10", "RPR-11")
def test_the_report_says_the_diagnosis_the_codes_and_where_the_old_part_is(tablet, people, device):
    number = order_at(people, device, "agreed")
    tablet.post(here(number, "/diagnosis"), diagnosis(symptom_code=uid(CodeKind.SYMPTOM, "S04")))
    part = {"name": "氧电池", "quantity": "1", "lot_in": "L7", "serial_out": "O-1", "whereabouts": "old_left"}
    rows = {f"parts_replaced-0-{name}": value for name, value in part.items()}
    codes = {"cause_code": uid(CodeKind.CAUSE, "C02"), "action_code": uid(CodeKind.ACTION, "R01")}
    answer = tablet.post(here(number, "/findings"), sent(base_version="0", **FINDINGS, **codes, **rows))
    assert answer.status_code == 303
    content = payload(order_of(number))
    assert content["diagnosis"]["mode"] == "by_phone" and content["diagnosis"]["findings"] == WORDS["diagnosis"]
    assert content["codes"]["cause"] == {"code": "C02", "name": {"zh": "元件失效", "en": "Component failed"}}
    assert content["codes"]["area"] is None
    assert content["findings"]["parts_replaced"][0]["whereabouts"] == "old_left"
