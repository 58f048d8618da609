"""One address for every record; each reader lands on their own page of it."""

import pytest

from portal.domain.servicing.models import WorkOrder


@pytest.fixture
def numbers(report, device, session) -> dict[str, str]:
    order = session.get_one(WorkOrder, report.root_id)
    return {
        "request": order.request.number,
        "order": order.number,
        "report": report.number,
        "device": device.number,
        "uid": report.uid,
    }


@pytest.mark.parametrize(
    ("key", "what", "page"),
    [
        ("officer", "request", "/customer/requests/{request}"),
        ("officer", "order", "/customer/requests/{request}"),
        ("officer", "report", "/customer/documents/{uid}"),
        ("officer", "device", "/customer/devices/{device}"),
        ("technician", "request", "/technician/orders/{order}"),
        ("technician", "order", "/technician/orders/{order}"),
        ("technician", "report", "/technician/orders/{order}/report"),
        ("desk", "request", "/desk/requests/{request}"),
        ("desk", "device", "/desk/devices/{device}"),
        ("quality", "order", "/quality/orders/{order}"),
        ("quality", "report", "/quality/documents/{uid}"),
    ],
)
def test_each_reader_is_led_to_their_own_page_which_opens(browser, numbers, key, what, page):
    reader = browser(key)
    answer = reader.get(f"/open/{numbers[what]}")
    assert (answer.status_code, answer.location) == (303, page.format(**numbers))
    assert reader.get(answer.location).status_code == 200


def test_a_number_may_be_typed_in_small_letters(browser, numbers):
    assert browser("desk").get(f"/open/{numbers['request'].lower()}").location.endswith(numbers["request"])


@pytest.mark.parametrize(
    ("key", "what"),
    [
        *(("officer2", what) for what in ("request", "order", "report", "device")),
        *(("technician2", what) for what in ("request", "order", "report")),  # devices of the own centre they may see
    ],
)
def test_what_is_not_theirs_is_not_found(browser, numbers, key, what):
    assert browser(key).get(f"/open/{numbers[what]}").status_code == 404


@pytest.mark.parametrize("number", ["RK-SR-2026-99999", "RK-XX-2026-00001", "SR", "1", "%00", f"RK-SR-2026-{10**300}"])
def test_a_number_that_never_was_is_not_found(browser, app, number):
    assert browser("officer").get(f"/open/{number}").status_code in (400, 404)
