"""Evidence holds through the forms: asked for, placed, sealed with both signatures, released by a second person."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.domain.documents.models import Document
from portal.domain.holds.models import EvidenceHold
from tests.blueprints.technicians.field import order_at, picture, sent, signing

WHY = {"ground": "dispute", "reason": "家属对术中通气提出异议", "reference": "医务〔2026〕37 号"}
ITEM = {"item": "呼吸机主机", "quantity": "1 台", "condition": "外壳完好", "seal_number": "FC-0031"}
FILES = {"content_type": "multipart/form-data"}


def text(answer):
    return answer.get_data(as_text=True)


def listed(version="0", **values):
    rows = {f"items-0-{name}": value for name, value in ITEM.items()}
    return sent(base_version=version, sealed_where="设备科库房", **rows) | values


@pytest.fixture
def held(browser, device):
    """Where the page of a hold is that quality placed."""
    answer = browser("quality").post(f"/devices/{device.number}/hold", sent(**WHY))
    assert answer.status_code == 303
    return answer.location


@pytest.mark.req("RPR-13")
def test_it_is_said_loudly_to_staff_and_hospital_on_device_request_and_order(browser, people, device):
    order = order_at(people, device, "agreed")
    browser("quality").post(f"/devices/{device.number}/hold", sent(**WHY))
    request = order.replace("-WO-", "-SR-")
    pages = {
        "officer": (f"/customer/devices/{device.number}", f"/customer/requests/{request}"),
        "desk": (f"/desk/devices/{device.number}", f"/desk/requests/{request}"),
        "technician": (f"/technician/orders/{order}",),
        "quality": (f"/quality/orders/{order}",),
    }
    for key, paths in pages.items():
        reader = browser(key)
        for path in paths:
            assert WHY["reason"] in text(reader.get(path)), path
    tablet = browser("technician")
    page = text(tablet.get(f"/technician/orders/{order}"))
    assert "findings-form" not in page and "start_tests" not in page and f"{order}/log" in page
    assert tablet.post(f"/technician/orders/{order}/start_tests", sent()).status_code == 409


@pytest.mark.req("RPR-13")
def test_both_sides_sign_the_sealing_list(browser, held):
    quality, officer = browser("quality"), browser("officer")
    form = listed(photos=picture("JPEG", "封条.jpg"))
    assert quality.post(f"{held}/list", form, **FILES).status_code == 303
    page = quality.get(held)
    assert "FC-0031" in text(page)
    assert quality.post(f"{held}/seal", signing(page, password="wrong")).status_code == 422
    assert quality.post(f"{held}/seal", signing(page)).status_code == 303
    paper = db.session.scalars(sa.select(Document)).one()
    assert f"/customer/documents/{paper.uid}" in text(officer.get("/customer/"))
    page = officer.get(f"/customer/documents/{paper.uid}")
    assert "FC-0031" in text(page)
    assert officer.post(f"/customer/documents/{paper.uid}/sign", signing(page, place="设备科")).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Document, paper.id).number
    assert browser("quality").get(f"/quality/documents/{paper.uid}").status_code == 200


def test_the_hospital_may_sign_on_paper(browser, held):
    quality = browser("quality")
    quality.post(f"{held}/list", listed())
    quality.post(f"{held}/seal", signing(quality.get(held)))
    uid = db.session.scalars(sa.select(Document)).one().uid
    page = quality.get(f"/documents/{uid}/on_paper")
    signed = signing(page, name="陈静怡", reason="停电", photo=picture("JPEG", "封存清单.jpg"))
    assert quality.post(f"/documents/{uid}/on_paper", signing(page, name="陈静怡"), **FILES).status_code == 422
    assert quality.post(f"/documents/{uid}/on_paper", signed, **FILES).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Document)).one().number


@pytest.mark.req("RPR-13")
def test_the_hospital_signs_on_the_technicians_tablet(browser, people, device):
    order_at(people, device, "accepted")
    held = browser("quality").post(f"/devices/{device.number}/hold", sent(**WHY)).location
    tablet = browser("technician")
    tablet.post(f"{held}/list", listed())
    tablet.post(f"{held}/seal", signing(tablet.get(held)))
    uid = db.session.scalars(sa.select(Document)).one().uid
    page = tablet.get(f"/documents/{uid}/on_tablet")
    signed = signing(page, name="陈静怡", signature=picture())
    assert tablet.post(f"/documents/{uid}/on_tablet", signed, **FILES).status_code == 303
    assert browser("technician2").get(f"/documents/{uid}/on_tablet").status_code == 404
    db.session.rollback()
    assert db.session.scalars(sa.select(Document)).one().current.signatures[-1].witness_name == people.technician.name


@pytest.mark.req("RPR-13")
def test_whoever_held_it_sees_why_they_cannot_release_it(browser, held):
    quality, manager = browser("quality"), browser("manager")
    assert quality.post(f"{held}/release", sent(reason="鉴定结束")).status_code == 409
    assert manager.post(f"{held}/release", sent(reason="")).status_code == 422
    assert manager.post(f"{held}/release", sent(reason="鉴定结束")).status_code == 303
    assert manager.post(f"{held}/release", sent(reason="再次")).status_code == 409


def test_a_technician_asks_and_quality_decides(browser, device):
    tablet, quality = browser("technician"), browser("quality")
    held = tablet.post(f"/devices/{device.number}/hold", sent(**WHY)).location
    assert tablet.post(f"{held}/grant", sent()).status_code == 403
    assert browser("dealer_technician").get(held).status_code == 404
    assert browser("officer").get(held).status_code == 403
    assert quality.post(f"/devices/{device.number}/hold", sent(**WHY)).status_code == 409
    assert quality.post(f"{held}/decline", sent(reason="")).status_code == 422
    assert quality.post(f"{held}/grant", sent()).status_code == 303
    assert quality.post(f"{held}/decline", sent(reason="迟了")).status_code == 409


def test_what_is_incomplete_is_given_back(browser, device, held):
    quality = browser("quality")
    assert quality.post(f"/devices/{device.number}/hold", sent(reason="没有依据")).status_code == 422
    refused = quality.post(f"{held}/list", listed(**{"items-0-condition": ""}))
    assert refused.status_code == 422 and ITEM["item"] in text(refused)
    assert quality.post(f"{held}/list", listed()).status_code == 303
    stale = quality.post(f"{held}/list", listed(sealed_where="别处"))
    assert stale.status_code == 409 and "别处" in text(stale)


def test_a_form_sent_twice_holds_once(browser, device):
    quality, form = browser("quality"), sent(**WHY)
    first, second = (quality.post(f"/devices/{device.number}/hold", form) for _ in range(2))
    assert first.location == second.location
    assert len(db.session.scalars(sa.select(EvidenceHold)).all()) == 1
