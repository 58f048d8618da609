"""The board shows each open order once, under its state, to whom it concerns."""

import pytest

from tests.queries import count_queries


@pytest.mark.req("DSP-5")
def test_an_order_stands_under_its_state_until_it_is_over(desk, browser):
    client = browser("desk")
    assert "No open work orders" in browser("desk2").get("/desk/board").get_data(as_text=True)
    order = desk.assign(desk.file())
    with count_queries() as sent:
        html = client.get("/desk/board").get_data(as_text=True)
    assert order in html and 'id="assigned"' in html and "李伟" in html
    assert len(sent) <= 4, sent
    assert client.post(f"/desk/orders/{order}/cancel", data={"reason": "客户改期"}).status_code == 303
    assert order not in client.get("/desk/board").get_data(as_text=True)


def test_a_dealer_sees_its_own_orders_only(desk, browser, elsewhere):
    ours = desk.assign(desk.file())
    theirs = desk.assign(desk.file("officer2", elsewhere.id), technician="dealer_technician")
    html = browser("dealer_desk").get("/desk/board").get_data(as_text=True)
    assert theirs in html and ours not in html
