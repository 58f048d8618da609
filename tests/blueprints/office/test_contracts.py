"""Contracts: which policy, for whom, by which calendar, from when to when."""

import re

import pytest
import sqlalchemy as sa

from portal.domain.policies.models import ServiceContract
from tests.queries import count_queries

URL = "/office/contracts"


def said(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.fixture
def facts(device):
    """What is typed for a contract with the hospital of the device."""
    uid = device.organisation.uid
    return {"number": "HT-2026-018", "party": uid, "policy": "B", "starts_on": "2026-01-01", "ends_on": "2030-12-31"}


@pytest.fixture
def signed(browser, facts, session):
    """The address of a contract."""
    assert browser("quality2").post(f"{URL}/new", data=facts).status_code == 303
    return f"{URL}/{session.scalars(sa.select(ServiceContract)).one().uid}"


@pytest.mark.req("SLA-2")
def test_a_contract_is_added_and_says_that_its_policy_is_not_in_force(browser, signed):
    text = said(browser("quality2").get(URL))
    assert "HT-2026-018" in text and "policy not in force" in text


def test_a_contract_decides_the_trial_once_its_policy_is_in_force(browser, facts, device, people):
    browser("quality2").post(f"{URL}/new", data=facts | {"policy": "default"})
    text = said(browser("quality2").get("/office/policies/try", query_string={"contract": facts["number"]}))
    assert f"Contract: {facts['number']}" in text and "would hold otherwise" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": ""}, "number"),
        ({"party": "x"}, "party"),
        ({"policy": "law"}, "policy"),
        ({"calendar": "x"}, "calendar"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"ends_on": "2025-12-31"}, "ends_on"),
    ],
)
def test_what_no_contract_says_is_refused_at_its_field(browser, facts, values, field):
    answer = browser("quality2").post(f"{URL}/new", data=facts | values)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.get_data(as_text=True)


def test_there_is_one_contract_of_a_number(browser, facts, signed):
    answer = browser("quality2").post(f"{URL}/new", data=facts)
    assert answer.status_code == 422 and "with this number already" in said(answer)


def test_a_contract_is_changed_and_whoever_comes_second_sees_it(browser, facts, signed, session):
    client = browser("quality2")
    assert 'value="2030-12-31"' in client.get(signed).get_data(as_text=True)
    terms = facts | {"policy": "H", "ends_on": "2028-06-30", "base_version": "1"}
    assert client.post(signed, data=terms).status_code == 303
    kept = session.scalars(sa.select(ServiceContract)).one()
    assert (kept.policy.key, kept.ends_on.isoformat(), kept.number) == ("H", "2028-06-30", "HT-2026-018")
    assert client.post(signed, data=terms).status_code == 409
    terms = terms | {"ends_on": "2020-01-01", "base_version": "2"}
    assert client.post(signed, data=terms).status_code == 422


@pytest.mark.parametrize(("who", "sees", "writes"), [("desk", 200, 403), ("officer", 403, 403), ("manager", 200, 200)])
def test_who_sees_and_who_writes(browser, signed, who, sees, writes):
    client = browser(who)
    assert client.get(URL).status_code == sees
    assert client.get(signed).status_code == client.get(f"{URL}/new").status_code == writes


def test_a_dealer_sees_the_contracts_of_their_hospitals_alone(browser, signed):
    assert "HT-2026-018" not in browser("dealer_desk").get(URL).get_data(as_text=True)


def test_the_pages_need_few_statements(browser, signed):
    client = browser("manager")
    for path in (URL, f"{URL}/new", signed):
        with count_queries() as sent:
            client.get(path)
        assert len(sent) <= 8, sent
