"""Certificates on a person's page."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.qualifications import queries


def typed(**values):
    first = clock.now().date()
    facts = {"subject": "I", "certificate_number": "PX-77", "valid_from": first, "valid_until": first}
    return facts | values


@pytest.mark.req("STF-1")
def test_the_office_records_a_certificate_and_withdraws_it(browser, people):
    account, client = people.account("technician"), browser("manager")
    here = f"/office/people/{account.uid}"
    assert "PX-77" not in client.get(here).get_data(as_text=True)
    assert client.post(f"{here}/certificates/new", typed()).status_code == 303
    assert "PX-77" in client.get(here).get_data(as_text=True)
    (made,) = [each for each in queries.of_person(db.session, account.id) if each.certificate_number == "PX-77"]
    withdraw = f"{here}/certificates/{made.uid}/withdraw"
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "考核未通过"}).status_code == 303
    db.session.expire_all()
    assert queries.of_person(db.session, account.id)[-1].withdrawn_on is not None
    assert client.post(withdraw, {"reason": "再次"}).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "IV"},
        {"subject": ""},
        {"certificate_number": ""},
        {"valid_until": clock.now().date() - timedelta(9)},
    ],
)
def test_what_makes_no_certificate_is_refused_at_its_field(browser, people, wrong):
    uid = people.account("technician").uid
    answer = browser("manager").post(f"/office/people/{uid}/certificates/new", typed(**wrong))
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_another_persons_certificate_is_not_found_here(browser, people):
    theirs = queries.of_person(db.session, people.account("technician2").id)[0]
    uid = people.account("technician").uid
    assert browser("manager").get(f"/office/people/{uid}/certificates/{theirs.uid}/withdraw").status_code == 404
