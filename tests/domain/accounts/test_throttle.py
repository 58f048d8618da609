"""Ten wrong tries, then a wait: for one account from anywhere, and for one address at any account."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import writing
from portal.domain.accounts import throttle
from portal.domain.accounts.throttle import Gate, TooManyTries


def take(name="a@example.com", address="192.0.2.1", gate=Gate.PASSWORD):
    with writing() as session:
        return throttle.take(session, gate, name, address)


def test_after_ten_tries_at_one_account_its_eleventh_waits_from_wherever_it_comes(app):
    for n in range(10):
        take(address=f"192.0.2.{n}")
    with pytest.raises(TooManyTries, match="wait 15 minutes"):
        take(address="198.51.100.7")
    take(name="b@example.com", address="198.51.100.7")


def test_after_ten_tries_from_one_address_its_eleventh_waits_whomever_it_names(app):
    for n in range(10):
        take(name=f"{n}@example.com")
    with pytest.raises(TooManyTries):
        take(name="new@example.com")
    take(name="new@example.com", address="198.51.100.7")


def test_the_wait_is_over_when_the_oldest_try_is(app):
    start = clock.now()
    for n in range(10):
        with clock.frozen(start + timedelta(minutes=n)):
            take()
    with clock.frozen(start + timedelta(minutes=10)), pytest.raises(TooManyTries, match="wait 5 minutes"):
        take()
    with clock.frozen(start + timedelta(minutes=15, seconds=1)):
        take()


def test_a_refused_try_does_not_prolong_the_wait(app):
    start = clock.now()
    with clock.frozen(start):
        for _ in range(10):
            take()
    for minute in range(1, 15):
        with clock.frozen(start + timedelta(minutes=minute)), pytest.raises(TooManyTries):
            take()
    with clock.frozen(start + timedelta(minutes=15, seconds=1)):
        take()


def test_a_right_try_is_not_counted(app):
    for _ in range(20):
        with writing() as session:
            throttle.give_back(session, throttle.take(session, Gate.PASSWORD, "a@example.com", "192.0.2.1"))
    take()


def test_upper_case_is_no_other_account(app):
    for n in range(10):
        take(name=" A@Example.com ", address=f"192.0.2.{n}")
    with pytest.raises(TooManyTries):
        take(address="198.51.100.7")


def test_a_house_cannot_escape_through_its_many_ipv6_addresses(app):
    for n in range(10):
        take(name=f"{n}@example.com", address=f"2001:db8:1:2::{n}")
    with pytest.raises(TooManyTries):
        take(name="new@example.com", address="2001:db8:1:2:ffff::1")
    take(name="new@example.com", address="2001:db8:1:3::1")


def test_asking_for_links_does_not_lock_the_sign_in(app):
    for _ in range(10):
        take(gate=Gate.LINK)
    with pytest.raises(TooManyTries):
        take(gate=Gate.LINK)
    take()


def test_old_tries_are_forgotten(app):
    take()
    with writing() as session:
        assert throttle.tidy(session, clock.now() + timedelta(seconds=1)) == 1
