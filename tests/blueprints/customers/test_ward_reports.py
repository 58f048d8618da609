"""The equipment department reads what its wards reported, and decides."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.core.db import db, new_uid, writing
from portal.core.files import Attachment
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Site
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Harm
from portal.domain.wards import service
from portal.domain.wards.models import WardReport
from portal.domain.wards.words import ReportState, Route
from tests.queries import count_queries

REQUEST = {"symptom": "No air at all", "urgency": "urgent", "contact_name": "Chen", "contact_phone": "8000"}


@pytest.fixture
def officer(browser):
    return browser("officer")


@pytest.fixture
def filed(people, device):
    with writing() as session:
        service.open_desk(session, people.officer, session.get_one(Site, device.site_id), Route.HOSPITAL)
    return report(device)


def report(device, **values) -> str:
    told = {"symptom": "湿化器报警", "reporter_name": "李护士", "extension": "8121"}
    with writing() as session:
        known = session.get_one(Device, device.id)
        person = service.reporter(known, "李护士", "zh", "192.0.2.1")
        harmless = {"harm": Harm.NO, "is_hazard": False}
        return service.report(session, person, known, **told | harmless | values).number


def the_report(number) -> WardReport:
    db.session.rollback()
    return db.session.scalars(sa.select(WardReport).where(WardReport.number == number)).one()


def post(client, number, verb, **values):
    return client.post(f"/customer/ward-reports/{number}/{verb}", {"idempotency_key": new_uid()} | values)


@pytest.mark.req("INT-15")
def test_what_waits_stands_on_the_first_page_with_its_count(officer, filed, device):
    for _ in range(4):
        report(device)
    html = officer.get("/customer/").text
    assert "科室报修 (5)" in html and html.count("/customer/ward-reports/RK-WR") == 3
    assert officer.get("/customer/ward-reports?state=reported").text.count("/customer/ward-reports/RK-WR") == 5
    assert officer.get(f"/open/{filed}").location.endswith(f"/customer/ward-reports/{filed}")


@pytest.mark.req("INT-15")
def test_confirming_makes_a_request_with_what_the_department_says(officer, filed):
    page = officer.get(f"/customer/ward-reports/{filed}").text
    assert "湿化器报警" in page and 'value="李护士"' in page and 'value="8121"' in page
    answer = post(officer, filed, "confirm", **REQUEST)
    made = db.session.scalars(sa.select(ServiceRequest)).one()
    assert answer.location.endswith(made.number) and made.symptom == "No air at all"
    assert the_report(filed).request_id == made.id
    assert made.number in officer.get(f"/customer/ward-reports/{filed}").text


def test_the_desk_reads_who_reported_and_who_passed_it_on(officer, browser, filed):
    post(officer, filed, "confirm", **REQUEST)
    number = db.session.scalars(sa.select(ServiceRequest.number)).one()
    page = browser("desk2").get(f"/desk/requests/{number}").text
    assert filed in page and "李护士" in page and "8121" in page and "陈静怡" in page


@pytest.mark.req("INT-15")
def test_merging_leads_to_the_conversation_of_the_open_request(officer, filed, people, device):
    with writing() as session:
        told = {"symptom": "Alarm", "contact_name": "Chen", "contact_phone": "8000"}
        known = servicing.create_request(session, people.officer, session.get_one(Device, device.id), **told).number
    assert known in officer.get(f"/customer/ward-reports/{filed}").text
    assert post(officer, filed, "merge", into="RK-SR-2026-99999").status_code == 422
    answer = post(officer, filed, "merge", into=known)
    assert answer.location.endswith(f"{known}#conversation")
    assert "湿化器报警" in officer.get(answer.location).text


@pytest.mark.req("INT-15")
@pytest.mark.parametrize(("verb", "state"), [("solve", ReportState.SOLVED), ("dismiss", ReportState.DISMISSED)])
def test_ending_it_needs_words_that_the_ward_reads(officer, stranger, filed, verb, state):
    refused = post(officer, filed, verb, answer=" ")
    assert refused.status_code == 422 and f'id="{verb}-answer-error"' in refused.text
    assert post(officer, filed, verb, answer="插头松动，已插紧").status_code == 303
    record = the_report(filed)
    assert record.state is state and record.settled_by.name == "陈静怡"
    assert "插头松动，已插紧" in stranger.get(f"/w/{record.status_code}").text


def test_what_is_decided_is_not_decided_again(officer, filed):
    post(officer, filed, "solve", answer="done")
    answer = post(officer, filed, "confirm", **REQUEST)
    assert answer.status_code == 409 and db.session.scalars(sa.select(ServiceRequest.id)).all() == []


def test_a_photo_of_the_ward_goes_with_the_request(officer, stranger, filed, device):
    with writing() as session:
        code = session.scalars(sa.select(WardReport)).one().site
        code = service.queries.desk_of(session, code.id).code
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#345").save(out, "JPEG")
    out.seek(0)
    told = {"symptom": "E-42", "harm": "no", "is_hazard": "no", "reporter_name": "Li", "extension": "1", "code": code}
    stranger.post(f"/d/{device.label_code}/report", data=told | {"photos": (out, "a.jpg")})
    number = db.session.scalars(sa.select(WardReport.number).order_by(WardReport.id.desc())).first()
    post(officer, number, "confirm", **REQUEST)
    kinds = db.session.scalars(sa.select(Attachment.root_kind).order_by(Attachment.id)).all()
    assert kinds == ["ward_report", "service_request"]
    uid = db.session.scalars(sa.select(Attachment.uid).order_by(Attachment.id)).first()
    assert officer.get(f"/files/{uid}").status_code == 404  # still being prepared


@pytest.mark.parametrize(("who", "status"), [("officer2", 404), ("ward", 403), ("desk", 403), ("technician", 403)])
def test_others_neither_see_nor_decide(browser, filed, who, status):
    client = browser(who)
    assert client.get(f"/customer/ward-reports/{filed}").status_code == status
    assert post(client, filed, "solve", answer="x").status_code == status
    assert the_report(filed).state is ReportState.REPORTED


def test_the_list_asks_no_more_for_many(officer, filed, device):
    with count_queries() as few:
        officer.get("/customer/ward-reports")
    for _ in range(8):
        report(device)
    with count_queries() as many:
        officer.get("/customer/ward-reports")
    assert len(many) <= len(few)


@pytest.mark.req("INT-12")
def test_who_reports_sees_what_is_open_first_and_how_to_add_to_it(officer, browser, filed, people, device):
    with writing() as session:
        told = {"symptom": "Alarm of the officer", "contact_name": "Chen", "contact_phone": "8000"}
        known = servicing.create_request(session, people.officer, session.get_one(Device, device.id), **told).number
    form = f"/customer/devices/{device.number}/report"
    page = officer.get(form).text
    assert f"/customer/requests/{known}#conversation" in page and filed in page
    assert page.index("#conversation") < page.index('name="symptom"')
    nurses = browser("ward").get(form).text
    assert "已有他人报修" in nurses and "Alarm of the officer" not in nurses and filed not in nurses
