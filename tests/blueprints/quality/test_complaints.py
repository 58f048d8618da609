"""Complaints on the pages: opened by answers, judged by quality; devices stopped and let go again."""

import re

import pytest

from portal.core.db import db
from portal.domain.devices.models import Device, State
from tests.safety import SAFE
from tests.web.conftest import sent

NO = SAFE | {"grounds": ""}


@pytest.fixture
def number(browser, device):
    """A request filed over the portal, without safety questions."""
    report = sent(symptom="有烧焦味", urgency="urgent", contact_name="陈静怡", contact_phone="021-6482 1166")
    return browser("officer").post(f"/customer/devices/{device.number}/report", report).location.rsplit("/")[-1]


def answer(client, number, **answers):
    return client.post(f"/desk/requests/{number}/screen", sent(**NO | answers))


@pytest.mark.req("INT-11")
def test_the_desk_is_reminded_until_the_questions_are_answered(browser, number):
    desk = browser("desk")
    assert f"/desk/requests/{number}/screen" in desk.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert answer(desk, number, harm="").status_code == 422
    assert answer(desk, number).status_code == 303
    assert "尚未回答安全性问题" not in desk.get(f"/desk/requests/{number}").get_data(as_text=True)


def test_quality_judges_what_a_yes_has_opened(browser, number):
    assert answer(browser("desk"), number, is_complaint="yes").status_code == 303
    quality = browser("quality")
    uid = re.search(r"/quality/complaints/([0-9a-f-]{36})", quality.get("/quality/complaints").get_data(as_text=True))[
        1
    ]
    here = f"/quality/complaints/{uid}"
    judgement = {"is_substantiated": "yes", "is_reportable": "no", "opinion": "电源板老化", "base_version": "0"}
    assert quality.post(f"{here}/assess", sent(**judgement | {"opinion": ""})).status_code == 422
    assert quality.post(f"{here}/assess", sent(**judgement)).status_code == 303
    assert quality.post(f"{here}/assess", sent(**judgement)).status_code == 409
    deadly = judgement | {"is_reportable": "yes", "is_group": "y", "base_version": "1"}
    assert quality.post(f"{here}/assess", sent(**deadly)).status_code == 422, "what the event did is not said"
    assert quality.post(f"{here}/assess", sent(**deadly | {"outcome": "death"})).status_code == 303
    html = quality.get(here).get_data(as_text=True)
    assert "导致死亡" in html and "死亡事件报告" in html
    assert "电源板老化" in browser("desk").get(here).get_data(as_text=True)
    assert browser("desk").post(f"{here}/assess", sent(**judgement)).status_code == 403
    assert browser("officer").get(here).status_code == 403


def test_a_complaint_shows_what_is_promised_and_quality_records_that_it_was_verified(browser, number):
    assert answer(browser("desk"), number, is_complaint="yes").status_code == 303
    quality = browser("quality2")
    here = re.search(r"/quality/complaints/[0-9a-f-]{36}", quality.get("/quality/complaints").get_data(as_text=True))[0]
    html = quality.get(here).get_data(as_text=True)
    assert "Verification on site" in html and "Opinion on disposal" in html and "data-left" in html
    why = quality.get(re.search(r"/clocks/[0-9a-f-]{36}", html)[0]).get_data(as_text=True)
    assert "002-a 4.4" in why and here in why
    happened = {"event": "complaint_verified", "evidence": "现场核实单 0317"}
    assert quality.post(f"{here}/happened", sent(**happened | {"evidence": ""})).status_code == 422
    assert quality.post(f"{here}/happened", sent(**happened)).status_code == 303
    html = quality.get(here).get_data(as_text=True)
    assert "Final opinion on disposal" in html and "Kept or not needed (1)" in html
    assert browser("desk").post(f"{here}/happened", sent(**happened)).status_code == 403


@pytest.mark.req("INT-9")
def test_a_device_is_stopped_and_let_go_again(browser, device):
    here = f"/desk/devices/{device.number}"
    assert browser("desk").post(f"{here}/stop", sent(reason="")).status_code == 422
    assert browser("desk").post(f"{here}/stop", sent(reason="冒烟")).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Device, device.id).state is State.DO_NOT_USE
    assert browser("desk").post(f"{here}/lift", sent(reason="好了")).status_code == 403
    assert browser("quality").post(f"{here}/lift", sent(reason="复检合格")).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Device, device.id).state is State.IN_USE
