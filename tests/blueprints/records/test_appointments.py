"""One page on which desk and technician agree on another appointment."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from tests.safety import screened

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def numbers(people, device):
    """(request, work order) of tomorrow's visit."""
    technician_id = people.account("technician").id
    facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        request = service.create_request(session, people.officer, session.get_one(Device, device.id), **facts)
        screened(session, request, people.desk)
        start = clock.now() + timedelta(days=1)
        technician = session.get_one(Account, technician_id)
        order = service.assign(session, request, people.desk, technician, appointment_from=start)
        return request.number, order.number


def typed(days=2, **values):
    start = (clock.now() + timedelta(days=days)).astimezone(SHANGHAI)
    facts = {"appointment_from": f"{start:%Y-%m-%dT%H:%M}", "reason": "配件周四到货", "base_version": "0"}
    return facts | {"meeting_place": "门诊楼地下车库", "opened_by": "8021", "protection": "穿铅衣"} | values


@pytest.mark.req("DSP-2", "DSP-7")
@pytest.mark.parametrize("who", ["desk", "technician"])
def test_who_moves_it_comes_back_and_everybody_reads_place_and_reason(browser, numbers, who):
    request, order = numbers
    client = browser(who)
    assert client.get(f"/orders/{order}/appointment").status_code == 200
    answer = client.post(f"/orders/{order}/appointment", typed())
    assert answer.status_code == 303 and answer.location.rstrip("/").endswith((request, order))
    pages = {"officer": f"/customer/requests/{request}", "technician": f"/technician/orders/{order}"}
    for key, address in pages.items():
        html = browser(key).get(address).get_data(as_text=True)
        assert all(text in html for text in ("配件周四到货", "门诊楼地下车库", "8021", "穿铅衣"))
    assert "配件周四到货" in browser("desk").get(f"/desk/requests/{request}").get_data(as_text=True)


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"appointment_from": ""}, {"days": -1}])
def test_what_is_missing_is_told_at_its_field(browser, numbers, wrong):
    answer = browser("desk").post(f"/orders/{numbers[1]}/appointment", typed(**wrong))
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_who_is_slower_sees_both_and_loses_nothing(browser, numbers):
    address = f"/orders/{numbers[1]}/appointment"
    assert browser("technician").post(address, typed()).status_code == 303
    answer = browser("desk").post(address, typed(meeting_place="急诊入口"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "急诊入口" in html and "门诊楼地下车库" in html
    assert 'name="base_version" value="1"' in html
    db.session.expire_all()
