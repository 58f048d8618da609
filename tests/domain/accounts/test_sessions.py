"""A session ends on the server: by signing out, by time, and with the account."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import writing
from portal.domain.accounts import service, sessions
from portal.domain.accounts.models import Account


@pytest.fixture
def officer_id(people):
    return people.account("officer").id


def start(account_id, agent="a browser"):
    with writing() as session:
        return sessions.start(session, session.get_one(Account, account_id), "192.0.2.1", agent)


def test_a_session_is_found_by_its_token_only(officer_id, session):
    token = start(officer_id)
    assert sessions.find(session, token).account_id == officer_id
    assert sessions.find(session, sessions.token_hash(token)) is None
    assert sessions.find(session, "") is None


def test_a_session_ends_when_it_is_not_used_for_a_shift(officer_id, session):
    token = start(officer_id)
    with clock.frozen(clock.now() + timedelta(hours=11)), writing() as s:
        sessions.touch(s, sessions.find(s, token).id, clock.now())
    with clock.frozen(clock.now() + timedelta(hours=22)):
        assert sessions.find(session, token)
        assert sessions.running(session, officer_id)
    with clock.frozen(clock.now() + timedelta(hours=24)):
        assert sessions.find(session, token) is None
        assert sessions.running(session, officer_id) == []


def test_a_session_ends_after_two_weeks_however_busy_it_is(officer_id, session):
    token, start_time = start(officer_id), clock.now()
    for hours in range(10, 14 * 24, 10):
        with clock.frozen(start_time + timedelta(hours=hours)), writing() as s:
            sessions.touch(s, sessions.find(s, token).id, clock.now())
    with clock.frozen(start_time + timedelta(days=14, seconds=1)):
        assert sessions.find(session, token) is None


def test_signing_out_ends_one_session(officer_id, session):
    one, other = start(officer_id), start(officer_id)
    with writing() as s:
        sessions.end(s, sessions.find(s, one).id)
    assert sessions.find(session, one) is None
    assert sessions.find(session, other)


def test_signing_out_everywhere_leaves_the_session_that_asks(officer_id, people, session):
    one, other = start(officer_id), start(officer_id)
    with writing() as s:
        here = sessions.find(s, one).id
        service.sign_out_everywhere(s, s.get_one(Account, officer_id), people.officer, here)
    assert sessions.find(session, one)
    assert sessions.find(session, other) is None


def test_disabling_an_account_ends_its_sessions(officer_id, people, session):
    token = start(officer_id)
    with writing() as s:
        service.disable(s, s.get_one(Account, officer_id), people.admin, "left the hospital")
    assert sessions.find(session, token) is None
    assert sessions.running(session, officer_id) == []
    with writing() as s:
        service.enable(s, s.get_one(Account, officer_id), people.admin)
    assert sessions.find(session, token) is None
