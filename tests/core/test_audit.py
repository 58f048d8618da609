"""The trail: whole, sealed, masked without breaking, and honest about tampering."""

import pytest
import sqlalchemy as sa

from portal.core import audit, seals
from portal.core.audit import AuditEntry, AuditPersonal, AuditSeal
from portal.core.db import db, writing
from portal.core.permissions import SYSTEM
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest


@pytest.fixture
def filed(device, people):
    with writing() as session:
        values = {"symptom": "报警", "contact_name": "陈静怡", "contact_phone": "1"}
        request = service.create_request(session, people.officer, session.get_one(Device, device.id), **values)
        service.post_message(session, request, people.officer, "补充")
        return request.id


@pytest.fixture
def seal_now(monkeypatch):
    """Seals at once, without waiting for open transactions."""
    monkeypatch.setattr(seals, "SETTLED_SECONDS", 0)

    def seal():
        with writing() as session:
            return seals.seal(session)

    return seal


def tamper(app, statement):
    """Change the trail as somebody with the database's password would: triggers off, no portal."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for event in ("update", "delete", "insert"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_entry_{event}")
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(statement)
        connection.commit()


@pytest.mark.req("DOC-2")
def test_an_untouched_trail_verifies(filed, session):
    verdict = seals.verify(session)
    assert verdict.faults == []
    assert verdict.entries > 100


@pytest.mark.req("DOC-2")
@pytest.mark.parametrize(
    "words", ['","occurred_at":"2020-01-01', "\\", '"root":["figure",1,1],"verb":"figure:change"}']
)
def test_words_that_look_like_the_trail_do_not_mislead_its_check(filed, app, session, people, words):
    with writing() as writer:
        service.post_message(writer, writer.get_one(ServiceRequest, filed), people.officer, words)
    assert seals.verify(session).faults == []
    session.rollback()
    tamper(app, "UPDATE audit_entry SET occurred_at = at, at = '2020-01-01 00:00:00.000000' WHERE seq = 2")
    assert "column was changed" in " ".join(seals.verify(session).faults)


@pytest.mark.req("DOC-2")
@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ("UPDATE audit_entry SET text = replace(text, '报警', '正常')", "does not match its hash"),
        ("UPDATE audit_entry SET actor_id = 999 WHERE verb = 'service_request:message'", "column was changed"),
        ("DELETE FROM audit_entry WHERE verb = 'service_request:create'", "missing or out of place"),
        ("DELETE FROM audit_entry WHERE verb = 'service_request:message'", "end of its trail is missing"),
    ],
)
def test_each_tampering_is_found(filed, app, session, change, sign):
    session.rollback()
    tamper(app, change)
    assert any(sign in fault for fault in seals.verify(session).faults)


def test_the_database_refuses_to_alter_the_trail(filed, seal_now):
    seal_now()
    for statement in (
        sa.update(AuditEntry).values(verb="x"),
        sa.delete(AuditEntry),
        sa.delete(AuditSeal),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), writing() as session:
            session.execute(statement)


def test_nothing_replaces_an_entry(filed, app):
    with writing() as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("REPLACE is SQLite's own")
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session.execute(sa.text("REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1"))


def test_masking_a_person_keeps_the_chain(filed, session):
    request = session.get_one(ServiceRequest, filed)
    ids = [entry.id for entry in audit.story(session, request)]
    with writing() as s:
        assert audit.mask(s, ids) == 2
    assert session.scalar(sa.select(sa.func.count()).where(AuditPersonal.entry_id.in_(ids))) == 0
    assert seals.verify(session).faults == []


def test_a_seal_covers_each_entry_once_and_is_chained(filed, session, seal_now):
    first = seal_now()
    assert seal_now() is None
    with writing() as s:
        service.post_message(s, s.get_one(ServiceRequest, filed), SYSTEM, "noch etwas")
    second = seal_now()
    assert second.first_entry_id > first.last_entry_id
    assert second.previous == first.hash
    verdict = seals.verify(session)
    assert (verdict.faults, verdict.unsealed) == ([], 0)


def test_entries_changed_together_with_their_chain_still_break_the_seal(filed, app, session, seal_now):
    """Whoever has the audit key could rehash one chain; the seal over all records shows it."""
    seal_now()
    session.rollback()
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "service_request:message")).one()
    text = entry.text.replace("补充", "别的")
    forged = audit.chain(entry.previous, text)
    entry_id, kind, root = entry.id, entry.root_kind, entry.root_id
    session.rollback()
    tamper(app, f"UPDATE audit_entry SET text = '{text.replace('%', '%%')}', hash = '{forged}' WHERE id = {entry_id}")
    tamper(app, f"UPDATE {kind} SET audit_head = '{forged}' WHERE id = {root}")
    faults = seals.verify(session).faults
    assert any("were changed" in fault for fault in faults)
