"""The test sheet on the tablet: what is typed stays, what is outside its limits is said, nothing is lost."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import writing
from portal.domain.checklists.words import Outcome, SheetState
from portal.domain.servicing.words import OrderState
from tests import checks
from tests.blueprints.technicians.field import hidden, order_at, order_of, picture, sent

TIDAL = 6
FILES = {"content_type": "multipart/form-data"}


@pytest.fixture
def number(people, device):
    with writing("checklists") as session:
        checks.publish(session, "ventilator", people, device.product)
    return order_at(people, device, "testing")


@pytest.fixture
def tablet(browser):
    return browser("technician")


def sheet_of(number):
    return order_of(number).last_sheets[0]


def here(number, end=""):
    return f"/technician/orders/{number}/sheets/{sheet_of(number).uid}{end}"


def filled(number, **changes):
    """A form as the tablet sends it: every item of the ventilator's checklist passes."""
    form = {f"reading_{n}": entry.typed for n, entry in checks.passing(sheet_of(number)).items()}
    day = (clock.now() + timedelta(days=90)).date().isoformat()
    tool = {"name": "呼吸机检测仪 VT650", "number": "JL-0231", "valid_until": day}
    return sent(**form, **{f"instruments-0-{name}": value for name, value in tool.items()}) | changes


@pytest.mark.req("QCR-7")
def test_the_sheet_asks_each_item_with_its_limits(tablet, number):
    page = tablet.get(here(number)).text
    assert "425 … 575 mL" in page and "潮气量" in page
    assert here(number) in tablet.get(f"/technician/orders/{number}").text


@pytest.mark.req("QCR-7")
def test_a_reading_outside_its_limits_is_said_with_the_limit(tablet, number):
    assert tablet.post(here(number, "/fill"), filled(number, reading_6="380"), **FILES).status_code == 303
    page = tablet.get(here(number)).text
    assert "badge bad" in page and "425 … 575 mL" in page and 'value="380"' in page
    assert sheet_of(number).state is SheetState.OPEN


def test_what_is_no_number_is_told_at_the_field_and_all_that_was_typed_stays(tablet, number):
    form = filled(number, reading_6="about 500", reading_7="19.5", skip_13="y")
    answer = tablet.post(here(number, "/fill"), form, **FILES)
    assert answer.status_code == 422
    for text in ('id="reading_6-error"', 'value="about 500"', 'value="19.5"', 'value="JL-0231"'):
        assert text in answer.text
    assert sheet_of(number).readings == []


def test_what_does_not_apply_needs_its_reason(tablet, number):
    answer = tablet.post(here(number, "/fill"), filled(number, skip_5="y"), **FILES)
    assert answer.status_code == 422 and 'id="reason_5-error"' in answer.text
    tablet.post(here(number, "/fill"), filled(number, skip_5="y", reason_5="无内置电池"), **FILES)
    sheet = sheet_of(number)
    reading = sheet.reading(sheet.items[4])
    assert (reading.outcome, reading.reason) == (Outcome.NOT_APPLICABLE, "无内置电池")


@pytest.mark.req("QCR-6")
def test_completing_names_what_has_no_result(tablet, number):
    answer = tablet.post(here(number, "/fill"), filled(number, reading_8="", finish="1"), **FILES)
    assert answer.status_code == 422 and 'id="reading_8-error"' in answer.text
    assert sheet_of(number).state is SheetState.OPEN


def test_an_expired_instrument_is_refused_at_its_rows(tablet, number):
    form = filled(number, **{"instruments-0-valid_until": "2020-01-31"})
    answer = tablet.post(here(number, "/fill"), form, **FILES)
    assert answer.status_code == 422 and "JL-0231" in answer.text


def test_a_photo_comes_with_its_item(tablet, number):
    form = filled(number, reading_12=picture("JPEG", "screen.jpg"), finish="1")
    assert tablet.post(here(number, "/fill"), form, **FILES).status_code == 303
    sheet = sheet_of(number)
    assert sheet.state is SheetState.COMPLETE and sheet.reading(sheet.items[11]).outcome is Outcome.PASS
    assert "photo-grid" in tablet.get(here(number)).text


def test_the_same_form_sent_twice_writes_once(tablet, number):
    form = filled(number, finish="1")
    first, second = (tablet.post(here(number, "/fill"), form, **FILES) for _ in range(2))
    assert first.location == second.location and second.status_code == 303


@pytest.mark.req("QCR-1", "QCR-7")
def test_what_failed_offers_the_way_back_to_repair_and_the_new_sheet_is_the_second_attempt(tablet, number):
    tablet.post(here(number, "/fill"), filled(number, reading_6="380", finish="1"), **FILES)
    page = tablet.get(here(number))
    assert f"/technician/orders/{number}/repair_again" in page.text
    tablet.post(f"/technician/orders/{number}/repair_again", sent())
    tablet.post(f"/technician/orders/{number}/start_tests", sent())
    assert (sheet_of(number).attempt, sheet_of(number).state) == (2, SheetState.OPEN)
    first = order_of(number).sheets[0]
    assert tablet.get(f"/technician/orders/{number}/sheets/{first.uid}").status_code == 200


def test_a_complete_sheet_takes_no_more_readings_but_can_be_begun_anew(tablet, number):
    tablet.post(here(number, "/fill"), filled(number, finish="1"), **FILES)
    assert tablet.post(here(number, "/fill"), filled(number), **FILES).status_code == 409
    answer = tablet.post(here(number, "/again"), sent())
    assert answer.status_code == 303 and sheet_of(number).attempt == 2


def test_with_sheets_only_the_conclusion_is_asked_by_hand(tablet, number):
    tablet.post(here(number, "/fill"), filled(number, finish="1"), **FILES)
    page = tablet.get(f"/technician/orders/{number}")
    assert 'name="functional_test"' not in page.text and 'name="conclusion"' in page.text
    form = sent(conclusion="stop", base_version=hidden(page, "base_version"))
    assert tablet.post(f"/technician/orders/{number}/tests", form).status_code == 303
    assert order_of(number).tests_recorded


def test_others_have_no_way_to_the_sheet(browser, number):
    where = here(number)
    assert browser("dealer_technician").get(where).status_code == 404
    assert browser("officer").get(where).status_code == 403
    assert browser("quality").post(f"{where}/fill", filled(number)).status_code == 403
    assert order_of(number).state is OrderState.TESTING


def test_the_sheet_of_another_order_is_not_found(tablet, number, people, device):
    other = order_at(people, device, "testing")
    assert tablet.get(f"/technician/orders/{other}/sheets/{sheet_of(number).uid}").status_code == 404
