"""Labels: asked for from the list or from one device, made elsewhere, fetched by who asked."""

import re

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.devices.models import Device
from portal.domain.labels.models import LabelFormat, LabelSheet, SheetState
from tests.web.conftest import sent


@pytest.fixture
def formats(session):
    return session.scalars(sa.select(LabelFormat).order_by(LabelFormat.id)).all()


def ask(client, query, form, **values):
    return client.post(f"/labels/new?{query}", sent(format=form.uid, language="zh", **({"skipped": "0"} | values)))


def sheet(session):
    session.expire_all()
    return session.scalars(sa.select(LabelSheet).order_by(LabelSheet.id.desc())).first()


@pytest.mark.req("INT-10")
def test_one_device_or_those_of_the_list_get_labels(browser, device, formats, session):
    client = browser("desk2")
    assert "/labels/new?device=" in client.get(f"/desk/devices/{device.number}").text
    answer = ask(client, f"device={device.number}", formats[0], skipped="3")
    assert answer.status_code == 303
    made = sheet(session)
    assert made.device_ids == [device.id] and made.skipped == 3 and made.state is SheetState.ASKED
    page = client.get(answer.location).text
    assert "1 label is being made" in page and 'hx-trigger="every 2s"' in page
    hospital = device.organisation.uid
    listed = client.get(f"/desk/devices?hospital={hospital}").text
    assert f"/labels/new?hospital={hospital}" in listed
    assert ask(client, f"hospital={hospital}", formats[0]).status_code == 303
    here = session.scalars(sa.select(Device.id).where(Device.organisation_id == device.organisation_id)).all()
    assert set(sheet(session).device_ids) == set(here)


@pytest.mark.parametrize(
    ("values", "says"),
    [({"skipped": "24"}, "24 places"), ({"skipped": "x"}, "skipped"), ({"format": "none"}, "format")],
)
def test_what_cannot_be_printed_is_said_at_its_field(browser, device, formats, values, says):
    data = sent(**({"format": formats[0].uid, "language": "en", "skipped": "0"} | values))
    answer = browser("desk2").post(f"/labels/new?device={device.number}", data)
    assert answer.status_code == 422 and says in answer.text


def test_too_many_or_none_are_told_before_anything_is_typed(browser, session):
    with writing("test") as writer:
        writer.connection().exec_driver_sql("UPDATE figure SET value = 5 WHERE name = 'labels_at_once'")
        writer.connection().exec_driver_sql(
            "INSERT INTO figure (name, value, unit, source, figure_version, audit_seq, audit_head) "
            "SELECT 'labels_at_once', 5, 'labels', 'test', 1, 0, '' WHERE NOT EXISTS "
            "(SELECT 1 FROM figure WHERE name = 'labels_at_once')"
        )
    client = browser("desk2")
    assert "more than 5 devices" in client.get("/labels/new").text
    assert "No device fits" in client.get("/labels/new?serial=nothing-begins-so").text


def test_a_technician_prints_for_the_own_centre_only(browser, device, formats, session):
    elsewhere = session.scalars(sa.select(Device).where(Device.dealer_id.is_not(None))).first()
    client = browser("technician")
    assert ask(client, f"device={device.number}", formats[3]).status_code == 303
    assert client.get(f"/labels/new?device={elsewhere.number}").status_code == 404
    assert ask(client, f"device={elsewhere.number}", formats[3]).status_code == 404


def test_a_sheet_is_for_who_asked_for_it(browser, device, formats):
    address = ask(browser("desk2"), f"device={device.number}", formats[0]).location
    assert browser("desk").get(address).status_code == 404
    assert browser("desk2").get(f"{address}/pdf").status_code == 404
    for who in ("officer", "quality", "auditor"):
        assert browser(who).get("/labels/new").status_code == 403


def test_sent_twice_is_printed_once(browser, device, formats, session):
    client, data = browser("desk2"), sent(format=formats[0].uid, language="zh", skipped="0")
    first = client.post(f"/labels/new?device={device.number}", data)
    again = client.post(f"/labels/new?device={device.number}", data)
    assert first.location == again.location
    assert session.scalar(sa.select(sa.func.count()).select_from(LabelSheet)) == 1


@pytest.mark.req("INT-10")
def test_a_new_code_takes_the_old_label_out_of_force(browser, device, session):
    client, old = browser("desk2"), device.label_code
    assert client.post(f"/desk/devices/{device.number}/relabel", sent(reason="")).status_code == 422
    assert client.post(f"/desk/devices/{device.number}/relabel", sent(reason="label copied")).status_code == 303
    db.session.expire_all()
    new = session.get_one(Device, device.id).label_code
    assert new != old
    assert "No device with this label" in client.get("/search", query_string={"q": f"https://x.cn/d/{old}"}).text
    assert client.get("/search", query_string={"q": f"https://x.cn/d/{new}"}).status_code == 303
    assert "label copied" in client.get(f"/desk/devices/{device.number}").text
    assert browser("technician").post(f"/desk/devices/{device.number}/relabel", sent(reason="x")).status_code == 403


FORMAT = {
    "name_zh": "试验",
    "page_width": "100",
    "page_height": "60",
    "label_width": "50",
    "label_height": "30",
    "across": "2",
    "down": "2",
    "left": "0",
    "top": "0",
    "gap_across": "0",
    "gap_down": "0",
    "in_use": "y",
}


def test_formats_are_rows_that_managers_keep(browser, formats, session):
    client = browser("manager")
    assert client.get("/office/label-formats").text.count("/office/label-formats/") == len(formats) + 1
    assert client.post("/office/label-formats/new", sent(**FORMAT)).status_code == 303
    session.expire_all()
    made = session.scalars(sa.select(LabelFormat).order_by(LabelFormat.id.desc())).first()
    assert (made.label_width, made.per_page) == (500, 4)
    url = f"/office/label-formats/{made.uid}"
    assert re.search(r'name="page_width"[^>]*value="100', client.get(url).text)
    assert client.post(url, sent(**FORMAT | {"across": "3", "base_version": "1"})).status_code == 422
    assert client.post(url, sent(**FORMAT | {"left": "-1", "base_version": "1"})).status_code == 422
    assert client.post("/office/label-formats/new", sent(**FORMAT | {"down": "3"})).status_code == 409
    changed = {name: value for name, value in FORMAT.items() if name != "in_use"} | {"base_version": "1"}
    assert client.post(url, sent(**changed)).status_code == 303
    assert client.post(url, sent(**changed | {"name_zh": "乙"})).status_code == 409
    assert made.uid not in browser("desk2").get("/labels/new").text
    assert browser("desk2").get("/office/label-formats").status_code == 403
