"""Waiting reasons: who is chased, how often, when it goes up, whether clocks stand still."""

import pytest
import sqlalchemy as sa

from portal.domain.policies.models import Chased, WaitingReason

URL = "/office/waiting-reasons"
FACTS = {
    "name_en": "Customs clearance",
    "short_name": "customs",
    "chases": "stores",
    "every_days": "2",
    "reminders": "3",
    "goes_up_to": "manager",
    "in_use": "y",
}


@pytest.fixture
def reason(session):
    def look(key):
        session.rollback()
        return session.scalars(sa.select(WaitingReason).where(WaitingReason.key == key)).one()

    return look


def test_the_shipped_reasons_say_what_they_do(browser):
    html = browser("desk").get(URL).get_data(as_text=True)
    assert "等配件（本公司缺货）" in html and f'href="{URL}/parts"' not in html


def test_a_reason_is_added_and_changed(browser, reason):
    client = browser("quality2")
    assert client.post(f"{URL}/new", data=FACTS).status_code == 303
    made = reason("customs")
    assert (made.chases, made.every_days, made.stops_clocks, made.in_use) == (Chased.STORES, 2, False, True)
    assert client.post(f"{URL}/new", data=FACTS).status_code == 422
    assert 'value="2"' in client.get(f"{URL}/customs").get_data(as_text=True)
    new = FACTS | {"stops_clocks": "y", "every_days": "5", "base_version": "1"}
    assert client.post(f"{URL}/customs", data=new).status_code == 303
    assert (reason("customs").every_days, reason("customs").stops_clocks) == (5, True)
    assert client.post(f"{URL}/customs", data=new).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [("every_days", "0"), ("every_days", ""), ("reminders", "-1"), ("chases", "nobody"), ("short_name", "a b")],
)
def test_what_cannot_be_is_refused_at_its_field(browser, field, value):
    answer = browser("quality2").post(f"{URL}/new", data=FACTS | {field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(("who", "status"), [("desk", 403), ("auditor", 403), ("admin", 200)])
def test_who_writes(browser, who, status):
    assert browser(who).get(f"{URL}/parts").status_code == browser(who).get(f"{URL}/new").status_code == status
