"""The second proof of a signature, and who hears of wrong ones."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import audit, clock
from portal.core.db import db, writing
from portal.core.errors import NotValid
from portal.core.notices import Notice
from portal.domain.accounts import proofs
from portal.domain.accounts.notices import FAILED_PROOFS
from tests.conftest import PASSWORD


def fail(people, device, times=1):
    person = people.technician
    for _ in range(times):
        with writing() as session:
            proofs.note_failed_proof(session, person, session.merge(device))


def told():
    rows = db.session.scalars(sa.select(Notice).where(Notice.kind == FAILED_PROOFS.name).order_by(Notice.id))
    return [(row.person_id, row.params["times"]) for row in rows]


def test_only_ones_own_password_proves(people, device, session):
    assert proofs.prove(session, people.technician, PASSWORD, device)
    assert not proofs.prove(session, people.technician, PASSWORD.upper(), device)
    (entry,) = audit.story(session, people.account("technician"))[:-1]
    assert entry.verb == "account:fail_proof"


def test_after_ten_wrong_proofs_the_right_one_waits_too(people, device, session):
    person = people.technician
    for _ in range(10):
        assert not proofs.prove(session, person, "wrong", device)
    with pytest.raises(NotValid) as refusal:
        proofs.prove(session, person, PASSWORD, device)
    assert "Too many tries" in str(refusal.value.fields["password"][0])


def test_a_wrong_proof_stands_in_the_trail_with_what_was_to_be_signed(people, device, session):
    fail(people, device)
    entry = audit.story(session, people.account("technician"))[0]
    assert entry.verb == "account:fail_proof"
    assert entry.facts["reason"] == f"device {device.number}"


@pytest.mark.req("QCR-8")
def test_quality_hears_of_the_fifth_wrong_proof(people, device):
    fail(people, device, times=4)
    assert told() == []
    fail(people, device)
    watchers = sorted(people.account(key).id for key in ("quality", "quality2"))
    assert sorted(told()) == [(watcher, 5) for watcher in watchers]


def test_wrong_proofs_of_other_days_and_other_people_do_not_add_up(people, device):
    with clock.frozen(clock.now() - timedelta(hours=25)):
        fail(people, device, times=4)
    fail(people, device, times=4)
    with writing() as session:
        proofs.note_failed_proof(session, people.officer, session.merge(device))
    assert told() == []
