import threading
from datetime import timedelta

import pytest

from jobs import lease as leases
from jobs.lease import LeaseLost, claim
from portal.core import clock, outbox
from portal.core.db import db, writing
from portal.core.outbox import State
from tests.jobs.house import ask, change, row


def test_of_eight_workers_at_once_one_gets_the_row(app):
    row_id = ask("test.mark", mark="x")
    ready, claims = threading.Barrier(8), []

    def reach():
        with app.app_context():
            ready.wait()
            claims.append(claim(row_id))

    workers = [threading.Thread(target=reach) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len([won for won in claims if won]) == 1 and len(claims) == 8
    assert (row(row_id).state, row(row_id).tries) == (State.LEASED, 1)


def test_a_claimed_row_is_not_claimed_again_while_the_lease_lasts(app):
    row_id = ask("test.mark", mark="x")
    assert claim(row_id) and claim(row_id) is None


@pytest.mark.parametrize(
    "seconds", [-1, outbox.LEASE_SECONDS + 3600], ids=["run out", "further ahead than a lease can last"]
)
def test_a_lease_that_cannot_be_trusted_makes_way(app, seconds):
    row_id = ask("test.mark", mark="x")
    claim(row_id)
    change(row_id, lease_until=clock.now() + timedelta(seconds=seconds))
    assert claim(row_id).tries == 2


@pytest.mark.parametrize("end", ["done_at", "dead_at"])
def test_an_ended_row_is_not_claimed(app, end):
    row_id = ask("test.mark", mark="x")
    change(row_id, **{end: clock.now()})
    assert claim(row_id) is None


def test_a_planned_row_is_not_claimed_before_its_time(app):
    row_id = ask("test.mark", mark="x")
    change(row_id, not_before=clock.now() + timedelta(seconds=30))
    assert claim(row_id) is None


def test_a_row_that_never_was_is_not_claimed(app):
    assert claim(999) is None


@pytest.mark.parametrize(
    "change_it",
    [
        leases.keep,
        leases.finish,
        leases.hand_back,
        lambda session, lease: leases.put_off(session, lease, "late", 60),
        lambda session, lease: leases.give_up(session, lease, "late"),
    ],
    ids=["keep", "finish", "hand back", "put off", "give up"],
)
def test_who_lost_the_lease_can_change_nothing(app, change_it):
    row_id = ask("test.mark", mark="x")
    slow = claim(row_id)
    change(row_id, lease_until=clock.now() - timedelta(seconds=1))
    quick = claim(row_id)
    with pytest.raises(LeaseLost), writing() as session:
        change_it(session, slow)
    assert (row(row_id).lease_token, row(row_id).state) == (quick.token, State.LEASED)


def test_what_is_finished_cannot_be_finished_twice(app):
    lease = claim(ask("test.mark", mark="x"))
    with writing() as session:
        leases.finish(session, lease)
    with pytest.raises(LeaseLost), writing() as session:
        leases.finish(session, lease)


def test_keeping_moves_the_end_of_the_lease(app):
    row_id = ask("test.mark", mark="x")
    lease = claim(row_id)
    change(row_id, lease_until=clock.now() + timedelta(seconds=1))
    with writing() as session:
        leases.keep(session, lease)
    assert row(row_id).lease_until > clock.now() + timedelta(seconds=outbox.LEASE_SECONDS - 5)


def test_a_row_handed_back_is_due_at_once_and_the_try_does_not_count(app):
    row_id = ask("test.mark", mark="x")
    lease = claim(row_id)
    with writing() as session:
        leases.hand_back(session, lease)
    assert (row(row_id).state, row(row_id).tries) == (State.DUE, 0)
    assert claim(row_id).tries == 1


def test_a_long_error_is_cut(app):
    row_id = ask("test.mark", mark="x")
    lease = claim(row_id)
    with writing() as session:
        leases.put_off(session, lease, "é" * 10_000, 60)
    assert len(row(row_id).error) == leases.MAX_ERROR


def test_the_session_is_left_clean_by_a_claim(app):
    claim(ask("test.mark", mark="x"))
    assert not db.session().in_transaction()
