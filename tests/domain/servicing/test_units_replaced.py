"""The report names the unit that took the place of the one that was served (RPR-11)."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.servicing import service as servicing
from portal.domain.servicing.report import payload
from portal.web.papers import content
from tests.blueprints.technicians.field import STEPS, order_at, order_of


def swap(people, device_id, serial, at=None):
    """Another unit with this serial number takes the device's place; its id."""
    with clock.frozen(at or clock.now()), writing() as session:
        old, facts = session.get_one(Device, device_id), {"serial": serial, "udi_pi": f"(21){serial}"}
        return devices.swap(session, old, people.technician, "主板两次返修", Whereabouts.RETURNED, **facts).id


def go_on(people, number, *steps):
    for step in steps:
        with writing() as session:
            STEPS[step](session, session.merge(order_of(number)), people)


@pytest.mark.req("RPR-11")
def test_the_report_names_both_units_and_the_cover_that_goes_on(people, device):
    old, until = device.serial, device.parts_until.isoformat()
    number = order_at(people, device, "found")
    swap(people, device.id, "NEW-1")
    [unit] = payload(order_of(number))["units_replaced"]
    assert (unit["serial_out"], unit["serial_in"], unit["udi_pi"]) == (old, "NEW-1", "(21)NEW-1")
    assert (unit["whereabouts"], unit["parts_until"]) == ("old_returned", until)
    assert unit["number_in"] != unit["number_out"]


@pytest.mark.req("RPR-11")
def test_a_new_unit_that_fails_at_once_and_is_replaced_too_stands_on_the_report(people, device):
    number = order_at(people, device, "found")
    swap(people, swap(people, device.id, "NEW-1"), "NEW-2")
    units = payload(order_of(number))["units_replaced"]
    assert [(unit["serial_out"], unit["serial_in"]) for unit in units] == [(device.serial, "NEW-1"), ("NEW-1", "NEW-2")]


def test_what_is_replaced_after_the_work_stands_on_no_report_of_it(people, device):
    number = order_at(people, device, "done")
    swap(people, device.id, "NEW-1", at=clock.now() + timedelta(days=3))
    assert payload(order_of(number))["units_replaced"] == []


@pytest.mark.req("RPR-11")
def test_the_customer_reads_it_before_signing_and_work_goes_on_to_the_end(people, device, browser):
    number = order_at(people, device, "found")
    swap(people, device.id, "NEW-1")
    go_on(people, number, "testing", "tested", "to_release", "to_sign")
    paper = _paper(number)
    page = browser("officer").get(f"/customer/documents/{paper.uid}").get_data(as_text=True)
    assert "更换整机" in page and "NEW-1" in page and device.serial in page
    go_on(people, number, "done")
    assert _paper(number).number


def test_a_report_of_before_is_read_as_it_was_frozen(people, device, browser, monkeypatch):
    def as_before(order):
        return {name: value for name, value in payload(order).items() if name != "units_replaced"}

    monkeypatch.setattr(servicing, "payload", as_before)
    paper = _paper(order_at(people, device, "done"))
    assert "units_replaced" not in content(paper.current)
    assert browser("officer").get(f"/customer/documents/{paper.uid}").status_code == 200


def _paper(number):
    return documents.of(db.session, SERVICE_REPORT, order_of(number))
