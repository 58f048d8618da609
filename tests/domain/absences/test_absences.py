"""Leave: asked for by oneself, approved by another, and nobody is sent to an appointment in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.absences import queries, service
from portal.domain.absences.models import Absence
from portal.domain.absences.words import AbsenceKind, AbsenceState
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing import service as servicing
from portal.domain.servicing.candidates import candidates
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from tests.safety import NOTHING

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def filed(people, device):
    """A request of the first hospital."""
    return file(people, device)


def file(people, device):
    facts = {"symptom": "屏幕闪烁", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        record = session.get_one(Device, device.id)
        return servicing.create_request(session, people.officer, record, answers=NOTHING, **facts).id


def ask(people, by, who="technician", first=MONDAY, last=MONDAY + timedelta(days=2), kind=AbsenceKind.ANNUAL):
    account_id = people.account(who).id
    with writing() as session:
        account = session.get_one(Account, account_id)
        return service.ask(session, account, getattr(people, by), kind, first, last).id


def decide(people, by, absence_id, refusal=None):
    with writing() as session:
        service.decide(session, session.get_one(Absence, absence_id), getattr(people, by), refusal)


def state(absence_id):
    db.session.expire_all()
    return db.session.get_one(Absence, absence_id).state


def assign(people, request_id, technician="technician", **values):
    account_id = people.account(technician).id
    with writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        return servicing.assign(session, request, people.desk, session.get_one(Account, account_id), **values).id


def at(day, hour):
    """That hour in Shanghai."""
    return datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


def told(kind):
    found = sa.select(Account.name).join(Notice, Notice.person_id == Account.id).where(Notice.kind == kind)
    return list(db.session.scalars(found))


def test_who_asks_for_themselves_waits_for_another(people):
    asked = ask(people, "technician")
    assert state(asked) is AbsenceState.ASKED and told("absence_asked") == ["林建国"]
    decide(people, "manager", asked)
    assert state(asked) is AbsenceState.APPROVED and told("absence_decided") == ["李伟"]


def test_what_the_manager_enters_for_another_is_decided(people):
    assert state(ask(people, "manager")) is AbsenceState.APPROVED
    own = ask(people, "manager", "manager")
    assert state(own) is AbsenceState.ASKED
    with pytest.raises(NotNow):
        decide(people, "manager", own)


def test_leave_is_refused_with_a_reason_only(people):
    asked = ask(people, "technician")
    with pytest.raises(NotValid):
        decide(people, "manager", asked, " ")
    decide(people, "manager", asked, "当周有验收")
    with pytest.raises(NotNow):
        decide(people, "manager", asked)


def test_who_may_not_ask_or_decide_is_refused(people):
    for by, who in (("technician2", "technician"), ("quality", "technician"), ("dealer_desk", "technician")):
        with pytest.raises(NotAllowed):
            ask(people, by, who)
    asked = ask(people, "technician")
    for by in ("desk", "technician2", "dealer_desk"):
        with pytest.raises(NotAllowed):
            decide(people, by, asked)


def test_a_dealer_decides_for_its_own_people(people):
    assert state(ask(people, "dealer_desk", "dealer_technician")) is AbsenceState.APPROVED


def test_days_that_are_over_or_taken_are_refused(people):
    ask(people, "technician")
    for first, last, field in (
        (MONDAY + timedelta(days=2), MONDAY + timedelta(days=9), "first_on"),
        (MONDAY, MONDAY - timedelta(days=1), "last_on"),
        (date(2026, 11, 1), date(2026, 11, 22), "last_on"),
    ):
        with pytest.raises(NotValid) as refused:
            ask(people, "technician", first=first, last=last)
        assert list(refused.value.fields) == [field]


@pytest.mark.req("DSP-1")
def test_nobody_is_sent_to_an_appointment_in_an_approved_absence(people, filed):
    absence = ask(people, "technician")
    assert all(c.can_go for c in candidates(db.session, db.session.get_one(ServiceRequest, filed), at(MONDAY, 9)))
    decide(people, "manager", absence)
    with pytest.raises(NotValid) as refused:
        assign(people, filed, appointment_from=at(MONDAY, 9))
    (told_,) = refused.value.fields["technician"]
    assert told_.params["day"] == MONDAY + timedelta(days=2) and "another day" in told_.msgid
    with pytest.raises(NotValid):
        assign(people, filed, appointment_from=at(MONDAY - timedelta(days=1), 22), appointment_to=at(MONDAY, 9))
    assert assign(people, filed, appointment_from=at(MONDAY + timedelta(days=3), 9))


@pytest.mark.req("DSP-1")
def test_an_appointment_is_not_moved_into_an_absence(people, filed):
    ask(people, "manager")
    order_id = assign(people, filed, appointment_from=at(MONDAY - timedelta(days=2), 9))
    with pytest.raises(NotValid), writing() as session:
        order = session.get_one(WorkOrder, order_id)
        servicing.reschedule(
            session, order, people.desk, "客户改期", order.appointment_version, appointment_from=at(MONDAY, 9)
        )


@pytest.mark.req("DSP-1")
def test_candidates_show_the_absence_and_the_appointments_of_that_day(people, filed, device):
    request = db.session.get_one(ServiceRequest, filed)
    ask(people, "manager", "technician2")
    found = {c.account.name: c for c in candidates(db.session, request, at(MONDAY, 9))}
    assert found["赵永强"].absence.kind is AbsenceKind.ANNUAL and not found["赵永强"].can_go
    assert found["李伟"].absence is None and found["李伟"].visits == 0
    assign(people, filed, appointment_from=at(MONDAY, 14))
    db.session.expire_all()
    request = db.session.get_one(ServiceRequest, filed)
    by_day = {
        hour: candidates(db.session, request, hour) for hour in (at(MONDAY, 9), at(MONDAY + timedelta(days=1), 9))
    }
    assert [next(c.visits for c in found if c.account.name == "李伟") for found in by_day.values()] == [1, 0]


@pytest.mark.req("DSP-1")
def test_who_is_at_the_hospital_on_that_day_anyway_stands_first(people, filed, device):
    assign(people, filed, appointment_from=at(MONDAY, 14))
    request = db.session.get_one(ServiceRequest, file(people, device))
    first, second = candidates(db.session, request, at(MONDAY, 9))
    assert (first.account.name, first.nearby, first.visits) == ("李伟", 1, 1)
    assert second.can_go and (second.nearby, second.visits) == (0, 0)
    assert not any(each.nearby for each in candidates(db.session, request, at(MONDAY + timedelta(days=1), 9)))


def test_taken_back_one_is_there_again(people, filed):
    absence = ask(people, "manager")
    with writing() as session:
        service.cancel(session, session.get_one(Absence, absence), people.technician)
    assert assign(people, filed, appointment_from=at(MONDAY, 9))


def test_what_is_over_is_not_taken_back(people):
    absence = ask(people, "manager")
    with clock.frozen(NOW + timedelta(days=30)), pytest.raises(NotNow), writing() as session:
        service.cancel(session, session.get_one(Absence, absence), people.technician)


def test_each_sees_their_own_and_the_desk_sees_all(people):
    ask(people, "technician")
    ask(people, "dealer_desk", "dealer_technician")
    seen = {
        who: [a.account.name for a in queries.absences(db.session, getattr(people, who), NOW.date())]
        for who in ("technician", "technician2", "dealer_desk", "desk")
    }
    assert seen == {"technician": ["李伟"], "technician2": [], "dealer_desk": ["周磊"], "desk": ["李伟", "周磊"]}
    assert [a.name for a in queries.whom(db.session, people.technician)] == ["李伟"]
    assert {a.name for a in queries.whom(db.session, people.dealer_desk)} == {"周磊", "孙晓燕"}
