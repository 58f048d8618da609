"""Safety questions: what a yes leads to, and that nothing goes on without an answer."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.complaints import service as complaints
from portal.domain.complaints.models import Complaint, Outcome, State
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.devices.models import State as DeviceState
from portal.domain.servicing import routing, service
from portal.domain.servicing.models import RequestRoute, ServiceRequest
from portal.domain.servicing.report import payload
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Asked, Concern, Division, Harm, Kind, RequestState
from tests.safety import NOTHING

HAZARD = Answers(Harm.POSSIBLE, is_event=True, is_complaint=False, is_hazard=True, grounds="箱温偏差，患儿已转箱")


def file(people, device, by="desk", answers=None, **values):
    facts = {"symptom": "箱温不准", "contact_name": "刘护士长", "contact_phone": "8021"} | values
    with writing() as session:
        record = session.get_one(Device, device.id)
        return service.create_request(session, getattr(people, by), record, answers=answers, **facts).id


def screen(people, request_id, answers, asked=Asked.CLOSING, by="desk"):
    person = getattr(people, by)
    with writing() as session:
        service.screen(session, session.get_one(ServiceRequest, request_id), person, asked, answers)


def complaint():
    db.session.expire_all()
    return db.session.scalars(sa.select(Complaint)).one_or_none()


def told(kind):
    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


@pytest.mark.req("INT-11")
def test_a_yes_at_intake_opens_a_complaint_at_once_and_quality_is_told(people, device):
    request_id = file(people, device, answers=HAZARD)
    record = complaint()
    assert record.request_id == request_id and "-CP-" in record.number
    assert (record.state, record.harm, record.is_event) == (State.OPEN, Harm.POSSIBLE, True)
    assert record.content == "箱温偏差，患儿已转箱"
    assert people.account("quality").id in told("complaint_opened")


@pytest.mark.req("INT-11")
@pytest.mark.parametrize("asked", list(Asked))
def test_a_no_opens_nothing(people, device, asked):
    request_id = file(people, device, answers=NOTHING)
    screen(people, request_id, NOTHING, asked)
    assert complaint() is None


def test_a_yes_at_the_end_opens_it_then(people, device):
    request_id = file(people, device, answers=NOTHING)
    screen(people, request_id, Answers(Harm.NO, is_event=False, is_complaint=True))
    assert complaint().harm is Harm.NO and complaint().content == "箱温不准"


def test_worse_answers_open_it_again_and_the_same_do_not(people, device):
    request_id = file(people, device, answers=HAZARD)
    with writing() as session:
        values = {"is_substantiated": True, "is_reportable": False, "opinion": "无伤害"}
        complaints.assess(session, session.get_one(Complaint, complaint().id), people.quality, 0, **values)
    screen(people, request_id, HAZARD)
    assert complaint().state is State.ASSESSED
    screen(people, request_id, Answers(Harm.YES, is_event=True, is_complaint=True, grounds="患儿发热"))
    assert (complaint().state, complaint().harm) == (State.OPEN, Harm.YES)


def test_a_yes_needs_its_grounds(people, device):
    with pytest.raises(NotValid) as refused:
        Answers(Harm.POSSIBLE, is_event=False, is_complaint=False)
    assert "grounds" in refused.value.fields


def test_only_quality_judges(people, device):
    file(people, device, answers=HAZARD)
    record_id = complaint().id
    values = {"is_substantiated": True, "is_reportable": True, "opinion": "x", "outcome": Outcome.LESSER}
    with pytest.raises(NotAllowed), writing() as session:
        complaints.assess(session, session.get_one(Complaint, record_id), people.desk, 0, **values)


@pytest.mark.req("INT-9")
def test_a_hazard_stops_the_device_and_the_hospital_is_told(people, device):
    file(people, device, answers=HAZARD)
    assert db.session.get_one(Device, device.id).state is DeviceState.DO_NOT_USE
    assert people.account("officer").id in told("device_stopped")
    with pytest.raises(NotAllowed), writing() as session:
        devices.lift(session, session.get_one(Device, device.id), people.desk, "看上去好了")
    with writing() as session:
        devices.lift(session, session.get_one(Device, device.id), people.quality, "已复检合格")
    assert db.session.get_one(Device, device.id).state is DeviceState.IN_USE
    assert people.account("officer").id in told("device_lifted")


def test_the_report_prints_the_answers(people, device):
    request_id = file(people, device, answers=NOTHING)
    with writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        order = service.assign(session, request, people.desk, people.account("technician"))
    assert payload(db.session.merge(order))["statements"] == {"complaint": False, "adverse_event": False}
    screen(people, request_id, HAZARD)
    db.session.expire_all()
    assert payload(db.session.merge(order))["statements"] == {"complaint": True, "adverse_event": True}


@pytest.mark.req("INT-6")
@pytest.mark.parametrize(
    ("kind", "concern", "division"),
    [
        (Kind.REPAIR, Concern.PRODUCT, Division.SERVICE),
        (Kind.COMPLAINT, Concern.PRODUCT, Division.QUALITY),
        (Kind.COMPLAINT, Concern.CONDUCT, Division.MANAGER),
        (Kind.REPAIR, Concern.PACKAGING, Division.LOGISTICS),
        (Kind.RETURN, Concern.OTHER, Division.LOGISTICS),
    ],
)
def test_a_request_is_led_to_who_looks_into_it(people, device, kind, concern, division):
    request_id = file(people, device, kind=kind, concern=concern)
    assert db.session.get_one(ServiceRequest, request_id).routed_to is division


def test_who_is_led_to_is_told_and_routes_can_be_changed(people, device):
    with writing() as session:
        of_conduct = sa.select(RequestRoute).where(RequestRoute.concern == Concern.CONDUCT)
        routing.change(session, session.scalars(of_conduct).one(), people.manager, Division.QUALITY)
    file(people, device, concern=Concern.CONDUCT)
    assert people.account("quality").id in told("request_routed")


ENDS = {
    "refused": lambda session, request, people, **given: service.refuse_request(
        session, request, people.desk, "不在服务范围", **given
    ),
    "cancelled": lambda session, request, people, **given: service.cancel_request(
        session, request, people.desk, "医院自行处理", **given
    ),
    "withdrawn by the hospital": lambda session, request, people, **given: service.cancel_request(
        session, request, people.officer, "已恢复", **given
    ),
}


@pytest.mark.req("INT-11")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_no_request_ends_before_it_is_asked_whether_somebody_was_harmed(people, device, end):
    request_id = file(people, device, by="officer")
    with pytest.raises(NotNow), writing() as session:
        end(session, session.get_one(ServiceRequest, request_id), people)
    with writing() as session:
        answers = Answers.told(Harm.YES, "护士触电")
        end(session, session.get_one(ServiceRequest, request_id), people, answers=answers)
    complaint = complaints.of_request(db.session, db.session.get_one(ServiceRequest, request_id))
    assert (complaint.state, complaint.harm, complaint.is_event) == (State.OPEN, Harm.YES, True)
    assert complaint.content == "护士触电" and people.account("quality").id in told("complaint_opened")


@pytest.mark.req("INT-11")
def test_a_merge_does_not_swallow_a_complaint(people, device):
    first, second = file(people, device), file(people, device, by="officer")
    with pytest.raises(NotNow), writing() as session:
        one, other = session.get_one(ServiceRequest, first), session.get_one(ServiceRequest, second)
        service.merge(session, other, people.desk, one)
    with writing() as session:
        one, other = session.get_one(ServiceRequest, first), session.get_one(ServiceRequest, second)
        service.merge(session, other, people.desk, one, answers=HAZARD)
    other = db.session.get_one(ServiceRequest, second)
    assert other.state is RequestState.MERGED and other.device.state is DeviceState.DO_NOT_USE
    assert complaints.of_request(db.session, other).content == HAZARD.grounds


def test_only_who_may_withdraw_a_request_says_whether_somebody_was_harmed(people, device):
    request_id = file(people, device, by="officer")
    with pytest.raises(NotAllowed), writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        service.screen(session, request, people.officer2, Asked.INTAKE, NOTHING)


def test_the_same_reported_twice_goes_on_in_one(people, device):
    first, second = file(people, device), file(people, device, symptom="还是不准")
    with writing() as session:
        one, other = session.get_one(ServiceRequest, first), session.get_one(ServiceRequest, second)
        service.merge(session, other, people.desk, one, answers=NOTHING)
    one, other = db.session.get_one(ServiceRequest, first), db.session.get_one(ServiceRequest, second)
    assert other.state is RequestState.MERGED and other.merged_into_id == first
    assert "还是不准" in one.messages[-1].body
    assert people.account("officer").id in told("request_merged")
    with pytest.raises((NotNow, NotValid)), writing() as session:
        again = session.get_one(ServiceRequest, second)
        service.merge(session, again, people.desk, again)
