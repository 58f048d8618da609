"""The page that shows every component."""

import pytest


@pytest.mark.parametrize("audience", ["staff", "customer", "technician", "plain", "../../etc"])
def test_the_administrator_sees_them_in_every_frame(browser, audience):
    answer = browser("admin").get(f"/office/components?as={audience}")
    assert answer.status_code == 200 and "signature" in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["manager", "desk", "officer"])
def test_nobody_else(browser, who):
    assert browser(who).get("/office/components").status_code == 403
