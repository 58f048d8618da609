"""What operators type about background work."""

import sqlalchemy as sa

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, writing
from portal.core.outbox import OutboxRow, put


def given_up() -> int:
    with writing() as session:
        row = put(session, "trail.seal", {})
        row.dead_at = clock.now()
        session.flush()
        return row.id


def test_a_retry_stands_in_the_trail_as_the_systems_act(app):
    row_id = given_up()
    answer = app.test_cli_runner().invoke(args=["outbox", "retry", str(row_id)])
    assert (answer.exit_code, answer.output.strip()) == (0, "it will be tried again")
    db.session.expire_all()
    assert db.session.get_one(OutboxRow, row_id).dead_at is None
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb.endswith(":run_again"))).one()
    assert entry.actor_id is None


def test_what_was_not_given_up_is_left_alone(app):
    answer = app.test_cli_runner().invoke(args=["outbox", "retry", "12345"])
    assert answer.exit_code != 0 and "not a row that was given up" in answer.output
