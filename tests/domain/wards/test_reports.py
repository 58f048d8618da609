"""What a ward reports: it waits for the equipment department, except where it must not wait."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs.wards import AT_ONCE
from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.complaints.models import Complaint
from portal.domain.devices.models import Device, State
from portal.domain.organisations.models import Site
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Harm, RequestState, Urgency
from portal.domain.wards import queries, service
from portal.domain.wards.models import WardReport
from portal.domain.wards.words import ReportState, Route

TOLD = {"symptom": "No air", "reporter_name": "Nurse Li", "extension": "8121"}
HARMLESS = {"harm": Harm.NO, "is_hazard": False}


@pytest.fixture
def desk(people, device):
    """The device's site, whose wards report to the equipment department first."""
    return opened(people, device, Route.HOSPITAL)


def opened(people, device, route):
    with writing() as session:
        return service.open_desk(session, people.officer, session.get_one(Site, device.site_id), route).id


def report(device, **values):
    with writing() as session:
        known = session.get_one(Device, device.id)
        person = service.reporter(known, "Nurse Li", "en", "192.0.2.1")
        return service.report(session, person, known, **TOLD | HARMLESS | values).id


def do(report_id, act):
    with writing() as session:
        return act(session, session.get_one(WardReport, report_id))


def fresh(model, record_id):
    db.session.rollback()
    return db.session.get_one(model, record_id)


def told_of(report_id) -> list[str]:
    db.session.rollback()
    about = Notice.root_kind == "ward_report", Notice.root_id == report_id
    return list(db.session.scalars(sa.select(Notice.kind).where(*about)))


def requests() -> list[ServiceRequest]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ServiceRequest).order_by(ServiceRequest.id)))


def file_request(people, device, **values):
    with writing() as session:
        told = {"symptom": "Alarm", "contact_name": "Chen", "contact_phone": "8000"}
        known = session.get_one(Device, device.id)
        return servicing.create_request(session, people.officer, known, **told | values).id


@pytest.mark.req("INT-15")
def test_a_report_waits_for_the_equipment_department_which_is_told(people, device, desk):
    made = fresh(WardReport, report(device))
    assert (made.state, made.request_id, made.number[:5]) == (ReportState.REPORTED, None, "RK-WR")
    assert told_of(made.id) == ["ward_reported"] and requests() == []
    assert db.session.scalar(sa.select(Notice.person_id)) == people.account("officer").id


@pytest.mark.req("INT-15")
def test_what_is_confirmed_becomes_a_request_whose_clocks_start_then(people, device, desk):
    with clock.frozen(clock.now() - timedelta(hours=5)):
        filed = report(device)
    made = do(filed, lambda session, found: service.confirm(session, found, people.officer, urgency=Urgency.URGENT).id)
    request, record = fresh(ServiceRequest, made), fresh(WardReport, filed)
    assert (request.state, request.urgency, request.symptom) == (RequestState.RECEIVED, Urgency.URGENT, "No air")
    assert (request.contact_name, request.contact_phone, request.language) == ("Nurse Li", "8121", "en")
    assert request.reported_at - record.reported_at > timedelta(hours=4)
    assert (record.state, record.request_id) == (ReportState.CONFIRMED, made)
    assert record.settled_by_id == people.account("officer").id and request.screens == []


def test_the_department_may_say_it_better(people, device, desk):
    filed = report(device)
    better = {"symptom": "E-42 at start-up", "contact_name": "Chen", "contact_phone": "8000"}
    made = do(filed, lambda session, found: service.confirm(session, found, people.officer, **better).id)
    assert fresh(ServiceRequest, made).symptom == "E-42 at start-up" and fresh(WardReport, filed).symptom == "No air"


@pytest.mark.req("INT-15", "INT-12")
def test_what_was_known_goes_on_in_the_open_request(people, device, desk):
    known, filed = file_request(people, device), report(device)

    def merge(session, found):
        service.merge(session, found, people.officer, session.get_one(ServiceRequest, known))

    do(filed, merge)
    message = fresh(ServiceRequest, known).messages[-1]
    assert (message.body, message.author_name, message.from_customer) == ("No air", "Nurse Li (8121)", True)
    assert fresh(WardReport, filed).state is ReportState.MERGED and len(requests()) == 1


def test_it_goes_on_only_in_an_open_request_of_the_same_device(people, device, elsewhere_here, desk):
    other, filed = file_request(people, elsewhere_here), report(device)
    with pytest.raises(NotValid), writing() as session:
        into = session.get_one(ServiceRequest, other)
        service.merge(session, session.get_one(WardReport, filed), people.officer, into)


@pytest.fixture
def elsewhere_here(device):
    """Another device of the same site."""
    return db.session.scalars(sa.select(Device).where(Device.site_id == device.site_id, Device.id != device.id)).first()


@pytest.mark.req("INT-15")
@pytest.mark.parametrize(
    ("end", "state"), [(service.solve, ReportState.SOLVED), (service.dismiss, ReportState.DISMISSED)]
)
def test_the_hospital_ends_it_itself_and_says_how(people, device, desk, end, state):
    filed = report(device)
    do(filed, lambda session, found: end(session, found, people.officer, "The plug was loose"))
    record = fresh(WardReport, filed)
    assert (record.state, record.answer) == (state, "The plug was loose") and requests() == []


def test_nothing_is_decided_twice(people, device, desk):
    filed = report(device)
    do(filed, lambda session, found: service.solve(session, found, people.officer, "done"))
    with pytest.raises(NotNow):
        do(filed, lambda session, found: service.confirm(session, found, people.officer))
    assert requests() == []


@pytest.mark.parametrize("who", ["ward", "officer2", "desk", "technician"])
def test_others_decide_nothing(people, device, desk, who):
    filed = report(device)
    with pytest.raises(NotAllowed):
        do(filed, lambda session, found: service.solve(session, found, getattr(people, who), "done"))


@pytest.mark.req("INT-15", "INT-9", "INT-11")
@pytest.mark.parametrize("danger", [{"harm": Harm.YES}, {"harm": Harm.POSSIBLE}, {"is_hazard": True}])
def test_danger_waits_for_nobody(people, device, desk, danger):
    filed = report(device, **danger, grounds="The alarm stayed silent")
    (request,) = requests()
    record = fresh(WardReport, filed)
    assert (record.state, record.request_id, record.settled_by_id) == (ReportState.CONFIRMED, request.id, None)
    assert request.urgency is Urgency.CRITICAL and request.screens[-1].author_name == "Nurse Li"
    assert request.screens[-1].is_event is (danger.get("harm") is Harm.YES)
    complaint = db.session.scalars(sa.select(Complaint)).one_or_none()
    assert (complaint is not None) is ("harm" in danger)
    assert (fresh(Device, device.id).state is State.DO_NOT_USE) is ("is_hazard" in danger)
    told = set(db.session.scalars(sa.select(Notice.kind)))
    assert {"ward_reported", "request_received", "request_filed"} <= told


def test_danger_needs_its_grounds(device, desk):
    with pytest.raises(NotValid) as refusal:
        report(device, harm=Harm.POSSIBLE)
    assert "grounds" in refusal.value.fields


@pytest.mark.req("INT-15", "INT-11")
def test_danger_told_of_a_known_fault_is_answered_there(people, device, desk):
    known = file_request(people, device)
    with writing() as session:
        found, request = session.get_one(Device, device.id), session.get_one(ServiceRequest, known)
        person = service.reporter(found, "Nurse Li", "zh", "192.0.2.1")
        danger = {"harm": Harm.YES, "is_hazard": True, "grounds": "A patient fell"}
        filed = service.report(session, person, found, same_as=request, **TOLD | danger).id
    assert fresh(WardReport, filed).state is ReportState.MERGED and len(requests()) == 1
    request = fresh(ServiceRequest, known)
    assert request.messages[-1].body == "No air" and request.screens[-1].harm is Harm.YES
    assert fresh(Device, device.id).state is State.DO_NOT_USE


@pytest.mark.req("INT-15")
def test_where_the_hospital_wishes_it_reports_go_straight_to_the_company(people, device):
    opened(people, device, Route.COMPANY)
    record = fresh(WardReport, report(device, device_stopped=True))
    assert record.state is ReportState.CONFIRMED and record.request.urgency is Urgency.URGENT
    assert record.request.screens == [] and record.request.reported_by_id is None


def test_a_request_said_to_be_the_same_must_be_open_and_of_this_device(people, device, elsewhere_here, desk):
    other = file_request(people, elsewhere_here)
    with writing() as session:
        known = session.get_one(Device, device.id)
        person = service.reporter(known, "Nurse Li", "zh", "")
        into = session.get_one(ServiceRequest, other)
        assert service.report(session, person, known, same_as=into, **TOLD | HARMLESS).same_as_id is None


def test_nobody_reports_where_the_hospital_has_not_opened_it(people, device):
    with pytest.raises(NotNow):
        report(device)
    opened(people, device, Route.CLOSED)
    with pytest.raises(NotNow):
        report(device)


def test_a_reporter_reaches_one_site_alone(people, device, elsewhere):
    with writing() as session:
        service.open_desk(session, people.officer2, session.get_one(Site, elsewhere.site_id), Route.HOSPITAL)
    with pytest.raises(NotAllowed), writing() as session:
        person = service.reporter(session.get_one(Device, device.id), "Nurse Li", "zh", "")
        service.report(session, person, session.get_one(Device, elsewhere.id), **TOLD | HARMLESS)


@pytest.fixture
def elsewhere(people):
    officer2 = people.account("officer2")
    return db.session.scalars(sa.select(Device).where(Device.organisation_id == officer2.organisation_id)).first()


@pytest.mark.req("INT-15")
def test_the_department_is_reminded_of_what_it_has_not_looked_at_once_a_turn(people, device, desk):
    filed = report(device)
    for hours, reminders in ((3, 0), (5, 1), (6, 1), (9.5, 2)):
        with clock.frozen(clock.now() + timedelta(hours=hours)), writing() as session:
            service.remind(session, clock.now(), AT_ONCE)
        assert told_of(filed).count("ward_report_waits") == reminders, hours
    do(filed, lambda session, found: service.solve(session, found, people.officer, "done"))
    with clock.frozen(clock.now() + timedelta(days=9)), writing() as session:
        assert service.remind(session, clock.now(), AT_ONCE) == 0


def test_the_reporters_link_ends_some_time_after_the_last_step(people, device, desk):
    filed = report(device)
    record = fresh(WardReport, filed)
    assert queries.by_status_code(db.session, record.status_code).id == filed
    with clock.frozen(clock.now() + timedelta(days=89)):
        assert service.can_be_followed(db.session, record)
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert not service.can_be_followed(db.session, record)
