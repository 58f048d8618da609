"""Somebody without an account scans a device's label, reports a fault, and follows what becomes of it."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.core import codes
from portal.core.db import db, new_uid, writing
from portal.core.files import Attachment, File
from portal.core.permissions import SYSTEM
from portal.domain.accounts.models import SignInAttempt
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device, State
from portal.domain.organisations.models import Site
from portal.domain.policies import service as policies
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.wards import service
from portal.domain.wards.models import WardDesk, WardReport
from portal.domain.wards.words import ReportState, Route

TOLD = {
    "symptom": "湿化器报警，无法消除",
    "harm": "no",
    "is_hazard": "no",
    "reporter_name": "李护士",
    "extension": "8121",
}


@pytest.fixture
def desk(people, device):
    with writing() as session:
        site = session.get_one(Site, device.site_id)
        return service.open_desk(session, people.officer, site, Route.HOSPITAL).code


@pytest.fixture
def page(device):
    return f"/d/{device.label_code}"


def send(stranger, page, code, **values):
    return stranger.post(f"{page}/report", data=TOLD | {"code": code, "idempotency_key": new_uid()} | values)


def reports() -> list[WardReport]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(WardReport).order_by(WardReport.id)))


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#345").save(out, "JPEG")
    out.seek(0)
    return out, "故障照片.jpg"


@pytest.mark.req("INT-10")
def test_the_label_leads_everybody_to_the_device(stranger, page, desk, device):
    answer = stranger.get(page)
    html = answer.text
    assert answer.status_code == 200 and answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in html and f"{page}/report" in html
    assert device.product.model in html and device.asset_number in html and device.company.phone in html
    assert device.serial not in html


def test_the_code_is_read_however_it_is_typed(stranger, device):
    assert stranger.get(f"/d/{codes.spell(device.label_code).lower()}").status_code == 200


def test_the_label_says_loudly_that_a_device_must_not_be_used(stranger, page, device):
    with writing() as session:
        devices.stop(session, session.get_one(Device, device.id), SYSTEM, "leaks")
    html = stranger.get(page, headers={"Accept-Language": "en"}).text
    assert "Do not use this device" in html and "leaks" not in html


@pytest.mark.req("INT-12")
def test_the_label_says_what_is_reported_already_but_not_by_whom(stranger, page, people, device):
    with writing() as session:
        told = {"symptom": "A secret symptom", "contact_name": "Chen Secret", "contact_phone": "13900001111"}
        servicing.create_request(session, people.officer, session.get_one(Device, device.id), **told)
    html = stranger.get(page, headers={"Accept-Language": "en"}).text
    assert "Already reported for this device" in html
    assert not any(word in html for word in told.values())


@pytest.mark.req("INT-10")
@pytest.mark.parametrize(
    ("who", "way"),
    [
        ("officer", "/customer/devices/{}/report"),
        ("ward", "/customer/devices/{}/report"),
        ("desk", "/desk/devices/{}"),
        ("technician", "/desk/devices/{}"),
    ],
)
def test_who_is_signed_in_is_led_on_to_their_own_page(browser, page, device, who, way):
    answer = browser(who).get(page)
    assert (answer.status_code, answer.location) == (303, way.format(device.number))


def test_another_hospitals_officer_sees_no_more_than_everybody(browser, page):
    assert browser("officer2").get(page).status_code == 200


def test_who_tries_out_labels_must_wait(stranger, people, page):
    with writing() as session:
        policies.set_figure(session, people.manager, "unknown_labels_per_address", 0, 3, "a drill")
    for _ in range(3):
        assert stranger.get(f"/d/{codes.draw(13)}").status_code == 404
    assert stranger.get(f"/d/{codes.draw(13)}").status_code == 429
    assert stranger.get(page).status_code == 429


@pytest.mark.req("INT-15")
def test_a_ward_reports_without_an_account_and_follows_it(stranger, page, desk, device):
    answer = send(stranger, page, desk, photos=photo())
    (made,) = reports()
    assert answer.status_code == 303 and answer.location == f"/w/{made.status_code}"
    assert (made.device_id, made.site_id, made.department_id) == (device.id, device.site_id, device.department_id)
    assert (made.state, made.reporter_name, made.extension) == (ReportState.REPORTED, "李护士", "8121")
    assert db.session.scalars(sa.select(Attachment.purpose)).all() == ["symptom"]
    assert db.session.scalars(sa.select(File.organisation_id)).all() == [device.organisation_id]
    assert db.session.scalars(sa.select(SignInAttempt)).all() != []  # the report counts, the right code does not
    html = stranger.get(answer.location, headers={"Accept-Language": "en"}).text
    assert "The equipment department of your hospital will look at it." in html and made.number in html
    assert "8121" not in html and "李护士" not in html


def test_the_reporter_reads_what_was_decided(stranger, page, desk, people):
    status = send(stranger, page, desk).location
    with writing() as session:
        filed = session.scalars(sa.select(WardReport)).one()
        made = service.confirm(session, filed, people.officer).number
    html = stranger.get(status, headers={"Accept-Language": "en"}).text
    assert "Your report is with the service company." in html and made in html
    assert people.account("officer").name not in html


@pytest.mark.req("INT-15")
def test_a_wrong_code_is_named_at_its_field_and_all_that_was_typed_stays(stranger, page, desk):
    answer = send(stranger, page, "AAAAAA", photos=photo())
    assert answer.status_code == 422 and reports() == []
    assert 'id="code-error"' in answer.text and TOLD["symptom"] in answer.text and 'value="8121"' in answer.text
    assert db.session.scalars(sa.select(File.id)).all() == []


def test_who_tries_out_codes_must_wait_and_loses_nothing(stranger, page, desk, people):
    with writing() as session:
        policies.set_figure(session, people.manager, "tries_per_account", 0, 2, "a drill")
    for _ in range(2):
        assert send(stranger, page, "AAAAAA").status_code == 422
    answer = send(stranger, page, desk)
    assert answer.status_code == 422 and TOLD["symptom"] in answer.text and reports() == []


def test_one_label_takes_only_so_many_reports(stranger, page, desk, people):
    with writing() as session:
        policies.set_figure(session, people.manager, "ward_reports_per_device", 0, 2, "a drill")
    assert [send(stranger, page, desk).status_code for _ in range(3)] == [303, 303, 422]
    assert len(reports()) == 2


@pytest.mark.parametrize("lacking", ["symptom", "harm", "is_hazard", "reporter_name", "extension", "code"])
def test_what_is_missing_is_named(stranger, page, desk, lacking):
    answer = stranger.post(f"{page}/report", data={k: v for k, v in (TOLD | {"code": desk}).items() if k != lacking})
    assert answer.status_code == 422 and f'id="{lacking}-error"' in answer.text and reports() == []


def test_danger_needs_its_grounds(stranger, page, desk):
    answer = send(stranger, page, desk, harm="possible")
    assert answer.status_code == 422 and 'id="grounds-error"' in answer.text and reports() == []


def test_sent_twice_it_is_one_report(stranger, page, desk):
    key = new_uid()
    first, second = (send(stranger, page, desk, idempotency_key=key) for _ in range(2))
    assert first.location == second.location and len(reports()) == 1


@pytest.mark.req("INT-9", "INT-15")
def test_a_danger_stops_the_device_and_reaches_the_company_at_once(stranger, page, desk, device):
    status = send(stranger, page, desk, harm="yes", is_hazard="yes", grounds="患者血氧下降").location
    db.session.rollback()
    assert db.session.get_one(Device, device.id).state is State.DO_NOT_USE
    assert db.session.scalars(sa.select(ServiceRequest)).one().urgency == "critical"
    assert "停用" in stranger.get(status, headers={"Accept-Language": "zh"}).text


@pytest.mark.req("INT-12")
def test_a_known_fault_is_added_to(stranger, page, desk, people, device):
    with writing() as session:
        told = {"symptom": "Alarm", "contact_name": "Chen", "contact_phone": "8000"}
        known = servicing.create_request(session, people.officer, session.get_one(Device, device.id), **told).uid
    send(stranger, page, desk, same_as=known)
    assert reports()[0].same_as.uid == known
    assert send(stranger, page, desk, same_as="another").status_code == 422


def test_where_nobody_may_report_the_page_says_whom_to_call(stranger, page, device):
    html = stranger.get(f"{page}/report", headers={"Accept-Language": "en"}).text
    assert "Reporting by the label is not open at this site." in html and 'name="symptom"' not in html
    assert send(stranger, page, "AAAAAA").status_code == 422 and reports() == []


def test_a_hostile_file_is_refused(stranger, page, desk):
    answer = send(stranger, page, desk, photos=(io.BytesIO(b"<svg onload=alert(1)>"), "photo.jpg"))
    assert answer.status_code == 422 and 'id="photos-error"' in answer.text and reports() == []


def test_no_other_link_leads_to_a_report(stranger, page, desk):
    send(stranger, page, desk)
    assert stranger.get(f"/w/{codes.draw(26)}").status_code == 410
    assert stranger.get(f"/w/{reports()[0].number}").status_code == 410


def test_both_languages_are_spoken_and_can_be_switched(stranger, page, desk):
    assert "Report a fault" in stranger.get(page, headers={"Accept-Language": "en"}).text
    assert "报修" in stranger.get(page, headers={"Accept-Language": "zh-CN"}).text
    stranger.post("/language", data={"language": "en", "next": page})
    assert "Report a fault" in stranger.get(page, headers={"Accept-Language": "zh-CN"}).text
    assert db.session.scalars(sa.select(WardDesk.code)).one() not in stranger.get(page).text
