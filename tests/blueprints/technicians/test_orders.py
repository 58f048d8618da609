"""The technician's pages: what they show, and what they refuse."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.documents.models import State
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkLog, WorkOrder
from portal.domain.servicing.words import Conclusion, OrderState, RequestState
from tests.blueprints.technicians.field import (
    FINDINGS,
    RESULTS,
    hidden,
    local,
    order_at,
    order_of,
    paper_of,
    picture,
    sent,
    signing,
)


@pytest.fixture
def tablet(browser):
    return browser("technician")


def here(number, end=""):
    return f"/technician/orders/{number}{end}"


# My day


@pytest.mark.req("DSP-5")
def test_my_day_parts_today_from_later_and_from_what_waits_for_others(tablet, people, device):
    tomorrow = clock.now() + timedelta(days=1)
    later = order_at(people, device, appointment_from=tomorrow, appointment_to=tomorrow + timedelta(hours=2))
    waiting, today = order_at(people, device, "to_release"), order_at(people, device, "travelling")
    page = tablet.get("/technician/").text
    places = [page.index(number) for number in (today, later, waiting)]
    assert places == sorted(places)


def test_a_day_without_orders_says_what_will_come(tablet):
    assert "empty-title" in tablet.get("/technician/").text


def test_my_day_asks_the_database_four_times_at_most(tablet, people, device, statements):
    for _ in range(3):
        order_at(people, device, "on_site")
    assert statements(lambda: tablet.get("/technician/")) <= 4 + OF_THE_FRAME


def test_an_order_asks_the_database_thirteen_times_at_most(tablet, people, device, statements):
    order_at(people, device, "done")
    number = order_at(people, device, "on_site")
    assert statements(lambda: tablet.get(here(number))) <= 13 + OF_THE_FRAME


OF_THE_FRAME = 5
"""Beginning and ending the transaction, the session with its person and grants, unread notices."""


@pytest.fixture
def statements(app):
    """Counts what a page asks of the database."""

    def count(visit):
        seen = []

        def note(connection, cursor, statement, parameters, context, many):
            seen.append(statement)

        visit()  # what is loaded once for all is not counted
        sa.event.listen(db.engine, "before_cursor_execute", note)
        assert visit().status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count


# The next action


@pytest.mark.parametrize(
    ("state", "leads_to"),
    [
        ("assigned", "/accept"),
        ("accepted", "/depart"),
        ("travelling", "/arrive"),
        ("on_site", "/plan"),
        ("agreed", 'form="findings-form"'),
        ("found", "/start_tests"),
        ("testing", 'form="tests-form"'),
        ("tested", "/submit"),
        ("to_sign", "/sign?"),
    ],
)
def test_the_one_next_action_stands_in_the_bar(tablet, people, device, state, leads_to):
    bar = tablet.get(here(order_at(people, device, state))).text.partition('id="bar"')[2]
    assert leads_to in bar


@pytest.mark.parametrize(("state", "saves"), [("agreed", "保存记录"), ("testing", "保存检测结果")])
def test_what_the_bar_saves_has_no_second_button(tablet, people, device, state, saves):
    assert tablet.get(here(order_at(people, device, state))).text.count(saves) == 1


@pytest.mark.parametrize("state", ["to_release", "done"])
def test_where_others_act_there_is_no_bar(tablet, people, device, state):
    assert 'id="bar"' not in tablet.get(here(order_at(people, device, state))).text


def test_another_technicians_order_is_not_there(browser, people, device):
    number = order_at(people, device)
    assert browser("technician2").get(here(number)).status_code == 404
    assert browser("technician2").post(here(number, "/accept"), sent()).status_code == 404


def test_a_customer_does_not_get_to_the_order(browser, people, device):
    number = order_at(people, device, "to_sign")
    officer = browser("officer")
    assert officer.get(here(number)).status_code == 403
    assert officer.post(here(number, "/message"), sent(body="?")).status_code == 404


# Times that are claimed


@pytest.mark.req("RPR-7")
def test_a_time_may_be_claimed_and_both_times_are_kept(tablet, people, device):
    earlier = clock.now() - timedelta(hours=3)
    with clock.frozen(clock.now() - timedelta(hours=4)):
        number = order_at(people, device, "travelling")
    tablet.post(here(number, "/arrive"), sent(occurred_at=local(earlier)))
    tablet.post(here(number, "/log"), sent(text="到场", occurred_at=local(earlier + timedelta(minutes=5))))
    order = order_of(number)
    assert order.arrived_at == earlier.replace(second=0, microsecond=0)
    assert order.logs[0].received_at - order.logs[0].occurred_at > timedelta(hours=2)
    assert '<span class="message-role">' in tablet.get(here(number)).text


@pytest.mark.parametrize("hours", [-1, 80, 3])
def test_a_time_in_the_future_or_too_far_back_or_before_the_last_step_is_refused_at_the_field(
    tablet, people, device, hours
):
    number = order_at(people, device, "travelling")
    claimed = local(clock.now() - timedelta(hours=hours))
    answer = tablet.post(here(number, "/arrive"), sent(occurred_at=claimed))
    assert answer.status_code == 422
    assert 'id="step-occurred_at-error"' in answer.text and claimed in answer.text
    assert order_of(number).state is OrderState.TRAVELLING


def test_a_step_that_was_taken_already_is_refused_with_how_things_stand(tablet, people, device):
    number = order_at(people, device, "on_site")
    answer = tablet.post(here(number, "/accept"), sent(), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 409
    assert answer.text.strip().startswith("<section") and 'id="bar"' in answer.text


# Twice is once


@pytest.mark.parametrize(
    ("state", "route", "values"),
    [
        ("travelling", "/arrive", {}),
        ("on_site", "/log", {"text": "检查气路"}),
        ("on_site", "/findings", {"base_version": "0", **FINDINGS}),
    ],
)
def test_a_form_that_is_sent_twice_has_one_effect(tablet, people, device, state, route, values):
    number, form = order_at(people, device, state), sent(**values)
    assert [tablet.post(here(number, route), form).status_code for _ in range(2)] == [303, 303]
    order = order_of(number)
    assert len(order.logs) == (route == "/log")
    assert order.findings_version == (route == "/findings")


def test_a_signature_that_is_sent_twice_is_one(tablet, people, device):
    number = order_at(people, device, "to_sign")
    address = here(number, "/sign")
    form = signing(tablet.get(address), name="陈静怡", typed_name="陈静怡", rating="5")
    assert [tablet.post(address, form).status_code for _ in range(2)] == [303, 303]
    assert len(paper_of(number).current.signatures) == 3


# Log


def test_a_refused_line_keeps_its_text_and_writes_nothing(tablet, people, device):
    number = order_at(people, device, "on_site")
    form = sent(text="更换前", photos=(picture()[0], "x.png"), occurred_at="2090-01-01T10:00")
    answer = tablet.post(here(number, "/log"), form, content_type="multipart/form-data")
    assert answer.status_code == 422 and "更换前" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WorkLog)) == 0


def test_what_is_no_picture_nor_document_is_refused_at_the_field(tablet, people, device):
    number = order_at(people, device, "on_site")
    form = sent(text="见附件", photos=(io.BytesIO(b"MZ\x90\x00 not a picture"), "photo.jpg"))
    answer = tablet.post(here(number, "/log"), form, content_type="multipart/form-data")
    assert answer.status_code == 422 and 'id="photos-error"' in answer.text and "见附件" in answer.text


# Findings and tests


def test_empty_rows_are_spare_and_half_filled_ones_are_refused_where_they_stand(tablet, people, device):
    number = order_at(people, device, "on_site")
    rows = {"parts_replaced-0-name": "", "parts_replaced-1-part_number": "OX-11", "parts_replaced-1-quantity": "-1"}
    answer = tablet.post(here(number, "/findings"), sent(base_version="0", **FINDINGS, **rows))
    assert answer.status_code == 422
    assert 'id="parts_replaced-1-name-error"' in answer.text and 'id="parts_replaced-1-quantity-error"' in answer.text
    assert "parts_replaced-0-name-error" not in answer.text and "OX-11" in answer.text
    assert not order_of(number).findings_recorded


@pytest.mark.parametrize("name", ["parts_replaced-²-name", "parts_replaced-9999999999999-name", "parts_replaced-"])
def test_names_of_rows_that_no_browser_sends_do_no_harm(tablet, people, device, name):
    number = order_at(people, device, "on_site")
    answer = tablet.post(here(number, "/findings"), sent(base_version="0", **FINDINGS, **{name: "x"}))
    assert answer.status_code == 303 and order_of(number).parts_replaced == []


def test_two_who_write_the_findings_are_shown_both_and_lose_nothing(tablet, people, device):
    number = order_at(people, device, "on_site")
    tablet.post(here(number, "/findings"), sent(base_version="0", **FINDINGS))
    mine = FINDINGS | {"fault_cause": "氧电池接触不良"}
    answer = tablet.post(here(number, "/findings"), sent(base_version="0", **mine))
    assert answer.status_code == 409
    assert "氧电池失效" in answer.text and "氧电池接触不良" in answer.text
    assert 'name="base_version" value="1"' in answer.text.split('id="findings"')[1]
    assert tablet.post(here(number, "/findings"), sent(base_version="1", **mine)).status_code == 303
    assert order_of(number).fault_cause == "氧电池接触不良"


def test_two_who_record_the_tests_are_shown_both(tablet, people, device):
    number = order_at(people, device, "tested")
    form = sent(base_version="0", restored_at=local(clock.now()), **RESULTS | {"conclusion": "restricted"})
    answer = tablet.post(here(number, "/tests"), form)
    assert answer.status_code == 409 and "<mark>" in answer.text
    assert order_of(number).conclusion is Conclusion.USABLE


@pytest.mark.req("QCR-2")
def test_there_are_no_tests_before_the_findings(tablet, people, device):
    number = order_at(people, device, "on_site")
    assert tablet.post(here(number, "/start_tests"), sent()).status_code == 409
    assert order_of(number).state is OrderState.ON_SITE


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"functional_test": "not_applicable"}, "functional_test"),
        ({"test_data": " "}, "test_data"),
        ({"restored_at": ""}, "restored_at"),
        ({"restored_at": "2090-01-01T10:00"}, "restored_at"),
        ({"restored_at": "2020-01-01T10:00"}, "restored_at"),
        ({"restored_at": "0001-01-01T00:00"}, "restored_at"),
        ({"restored_at": "yesterday"}, "restored_at"),
        ({"conclusion": "perfect"}, "conclusion"),
    ],
)
def test_a_repair_is_tested_with_figures_and_a_time(tablet, people, device, wrong, field):
    number = order_at(people, device, "testing")
    form = sent(base_version="0", **{"restored_at": local(clock.now())} | RESULTS | wrong)
    answer = tablet.post(here(number, "/tests"), form)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text


def test_a_device_that_stays_stopped_needs_no_time_of_restoration(tablet, people, device):
    number = order_at(people, device, "testing")
    form = sent(base_version="0", restored_at="", **RESULTS | {"functional_test": "fail", "conclusion": "stop"})
    assert tablet.post(here(number, "/tests"), form).status_code == 303
    order = order_of(number)
    assert order.tests_recorded and order.restored_at is None


# Submitting


def test_what_failed_a_test_cannot_be_submitted_as_usable(tablet, people, device):
    number = order_at(people, device, "testing")
    form = sent(base_version="0", restored_at=local(clock.now()), **RESULTS | {"performance_test": "fail"})
    tablet.post(here(number, "/tests"), form)
    assert tablet.post(here(number, "/submit"), signing(tablet.get(here(number, "/submit")))).status_code == 409
    assert order_of(number).state is OrderState.TESTING


def test_nothing_is_submitted_without_tests(tablet, people, device):
    number = order_at(people, device, "testing")
    answer = tablet.post(here(number, "/submit"), signing(tablet.get(here(number, "/submit"))))
    assert answer.status_code == 409
    assert paper_of(number) is None


@pytest.mark.req("QCR-8")
def test_a_wrong_password_signs_nothing_and_stands_at_its_field(tablet, people, device):
    number = order_at(people, device, "tested")
    form = signing(tablet.get(here(number, "/submit")), password="not my password", place="住院部 3 楼")
    answer = tablet.post(here(number, "/submit"), form)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text and "住院部 3 楼" in answer.text
    assert paper_of(number) is None and "not my password" not in answer.text


def test_one_signs_what_one_was_shown_and_not_what_changed_since(tablet, people, device):
    number = order_at(people, device, "tested")
    form = signing(tablet.get(here(number, "/submit")))
    tablet.post(here(number, "/log"), sent(text="补充：已校准"))
    answer = tablet.post(here(number, "/submit"), form)
    assert answer.status_code == 409 and "补充：已校准" in answer.text
    assert paper_of(number) is None
    assert tablet.post(here(number, "/submit"), signing(answer)).status_code == 303


# The customer's signature


def test_nobody_signs_before_the_release(tablet, people, device):
    number = order_at(people, device, "to_release")
    seen = paper_of(number).current.content_hash
    form = signing(tablet.get(here(order_at(people, device, "to_sign"), "/sign")), seen=seen, name="陈静怡", rating="5")
    answer = tablet.post(here(number, "/sign"), form | {"typed_name": "陈静怡"})
    assert answer.status_code == 409
    assert len(paper_of(number).current.signatures) == 1


@pytest.mark.req("QCR-8")
def test_the_customer_signs_exactly_what_stood_on_the_page(tablet, people, device):
    number = order_at(people, device, "to_sign")
    form = signing(tablet.get(here(number, "/sign")), seen="0" * 64, name="陈静怡", typed_name="陈静怡", rating="5")
    answer = tablet.post(here(number, "/sign"), form)
    assert answer.status_code == 409
    assert hidden(answer, "seen") == paper_of(number).current.content_hash
    assert paper_of(number).state is State.FROZEN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"typed_name": ""}, "signature"),
        ({"typed_name": "Somebody Else"}, "signature"),
        ({"signature": "not a file", "typed_name": ""}, "signature"),
        ({"name": " "}, "name"),
        ({"rating": "9"}, "rating"),
        ({"password": "wrong wrong wrong"}, "password"),
    ],
)
def test_what_is_wrong_with_a_signature_stands_at_its_field(tablet, people, device, wrong, field):
    number = order_at(people, device, "to_sign")
    values = {"name": "陈静怡", "typed_name": "陈静怡", "rating": "4", "comment": "很及时"} | wrong
    answer = tablet.post(here(number, "/sign"), signing(tablet.get(here(number, "/sign")), **values))
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and "很及时" in answer.text
    assert paper_of(number).state is State.FROZEN


def test_a_drawn_signature_comes_back_with_a_refused_form(tablet, people, device):
    number = order_at(people, device, "to_sign")
    points = '[{"points":[{"x":1,"y":2}]}]'
    form = signing(tablet.get(here(number, "/sign")), name="陈静怡", signature=picture(), signature_points=points)
    answer = tablet.post(here(number, "/sign"), form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "&#34;x&#34;:1" in answer.text


def test_paper_needs_the_photo_and_the_reason(tablet, people, device):
    number = order_at(people, device, "to_sign")
    answer = tablet.post(here(number, "/paper"), signing(tablet.get(here(number, "/paper")), name="陈静怡"))
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text and 'id="reason-error"' in answer.text


# Back and forth


def test_handing_back_needs_a_reason_and_returns_the_request_to_dispatch(tablet, people, device):
    number = order_at(people, device, "accepted")
    assert tablet.post(here(number, "/decline"), sent(reason=" ")).status_code == 422
    assert tablet.post(here(number, "/decline"), sent(reason="无此型号培训")).status_code == 303
    order = order_of(number)
    assert (order.state, order.request.state) == (OrderState.CANCELLED, RequestState.ASSESSED)


def test_what_was_sent_back_says_why_and_is_taken_up_again(tablet, people, device):
    number = order_at(people, device, "to_release")
    with writing() as session:
        order = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        service.send_back(session, order, people.quality, "缺少漏电流数据")
    assert "缺少漏电流数据" in tablet.get(here(number)).text
    assert tablet.post(here(number, "/take_up"), sent()).status_code == 303
    assert order_of(number).state is OrderState.ON_SITE


def test_a_signed_report_is_opened_for_correction_with_a_reason(tablet, people, device):
    number = order_at(people, device, "done")
    assert tablet.post(here(number, "/correct"), sent(reason="备件序列号有误")).status_code == 303
    order = order_of(number)
    assert (order.state, order.request.state) == (OrderState.SENT_BACK, RequestState.IN_SERVICE)


def test_a_message_reaches_the_conversation_and_an_empty_one_does_not(tablet, people, device):
    number = order_at(people, device, "travelling")
    assert tablet.post(here(number, "/message"), sent(body="")).status_code == 422
    assert tablet.post(here(number, "/message"), sent(body="预计 14:30 到")).status_code == 303
    assert "预计 14:30 到" in tablet.get(here(number)).text


@pytest.mark.parametrize("state", ["assigned", "accepted", "on_site", "tested", "to_release", "to_sign", "done"])
def test_the_order_can_be_read_in_every_state(tablet, people, device, state):
    number = order_at(people, device, state)
    assert tablet.get(here(number)).status_code == 200
    assert tablet.get(here(number, "/report")).status_code == 200
