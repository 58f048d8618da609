"""What a hospital sees of what it was promised."""

from datetime import timedelta

import pytest

import jobs.clocks
from portal.core import clock
from portal.core.db import writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service


def filed(people, device, ago):
    with clock.frozen(clock.now() - ago), writing() as session:
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        return service.create_request(session, people.officer, session.get_one(Device, device.id), **facts).number


@pytest.mark.req("SLA-1")
def test_the_page_of_a_request_says_what_is_promised_and_how_long_is_left(browser, people, device):
    number = filed(people, device, timedelta(minutes=5))
    html = browser("officer").get(f"/customer/requests/{number}").get_data(as_text=True)
    section = html.split('id="promises"')[1].split("</section>")[0]
    assert "首次答复" in section and "到场" in section and "剩" in section
    assert "/wait" not in section and "/happened" not in section


def test_a_broken_promise_is_not_hidden_but_our_cause_is(browser, people, device):
    number = filed(people, device, timedelta(days=2))
    jobs.clocks.tell()
    html = browser("officer").get(f"/customer/requests/{number}").get_data(as_text=True)
    assert "已超时" in html and "超时原因" not in html


def test_home_and_list_say_what_comes_next(browser, people, device):
    filed(people, device, timedelta(minutes=5))
    for path in ("/customer/", "/customer/requests"):
        html = browser("officer").get(path).get_data(as_text=True)
        assert 'class="clock-brief' in html and "首次答复" in html


def test_another_hospital_sees_nothing_of_it(browser, people, device):
    number = filed(people, device, timedelta(minutes=5))
    html = browser("officer").get(f"/customer/requests/{number}").get_data(as_text=True)
    address = html.split('hx-get="/clocks/')[1].split('"')[0]
    assert browser("officer").get(f"/clocks/{address}").status_code == 200
    assert browser("officer2").get(f"/clocks/{address}").status_code == 404
