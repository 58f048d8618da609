"""What is read once in a transaction."""

import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.once import forget, once


def counting():
    """A reading that says how many times it was carried out."""
    times = iter(range(1, 100))
    return lambda: next(times)


def test_what_is_asked_twice_in_a_transaction_is_read_once(app):
    read = counting()
    with writing() as session:
        assert [once(session, ("policy", 7, 1), read) for _ in range(3)] == [1, 1, 1]
        assert once(session, ("policy", 7, 2), read) == 2


def test_the_next_transaction_reads_it_anew(app):
    read = counting()
    for expected in (1, 2):
        with writing() as session:
            assert once(session, "figure", read) == expected
    for expected in (3, 4):
        db.session.execute(sa.select(1))  # begins to read
        assert once(db.session(), "figure", read) == expected
        db.session.rollback()


def test_what_was_edited_is_read_anew_at_once(app):
    read = counting()
    with writing() as session:
        once(session, "figure", read)
        forget(session, "figure")
        forget(session, "something that nobody has read")
        assert once(session, "figure", read) == 2
