"""Each morning the newest seal goes by mail to whoever is beyond the reach of the database's owner."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

import jobs
from jobs import tick
from jobs.schedule import TABLE
from portal.core import clock, outbox, seals
from portal.core.db import writing
from portal.core.outbox import OutboxRow
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from tests.servers import smtp_server

DAILY = tuple(each for each in TABLE if each.kind == "trail.mail")
MORNING = datetime(2026, 11, 23, 23, 1, tzinfo=UTC)  # 7:01 of the 24th in Shanghai


@pytest.fixture
def seal(people, device, monkeypatch):
    """The newest seal of a trail with an entry in it."""
    monkeypatch.setattr(seals, "SETTLED_SECONDS", 0)
    facts = {"symptom": "报警 E-42", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        service.create_request(session, people.officer, session.get_one(Device, device.id), **facts)
    with writing() as session:
        made = seals.seal(session)
        session.flush()
        return made.id, made.hash


@pytest.fixture
def mailed(app, monkeypatch):
    """Does all jobs that wait; the mails that a real server took."""
    jobs.load()
    with smtp_server() as server:
        settings = app.extensions["settings"]
        elsewhere = {"mail_url": server.url, "mail_from": "Care <care@portal.example>"}
        to = ("qa@elsewhere.example", "lawyer@elsewhere.example")
        monkeypatch.setitem(app.extensions, "settings", replace(settings, seal_mail_to=to, **elsewhere))

        def work(session):
            kinds = OutboxRow.kind.in_(["trail.mail", "notice.mail"])
            while ids := session.scalars(sa.select(OutboxRow.id).where(kinds, OutboxRow.done_at.is_(None))).all():
                session.rollback()
                for row_id in ids:
                    jobs.run(row_id, raising=True)
            return [each for each in server.received if "seal" in each.message.get_body(("plain",)).get_content()]

        yield work


def test_the_seal_is_mailed_with_its_number_and_hash(seal, mailed, session):
    with writing() as s:
        outbox.put(s, "trail.mail", {})
    letters = mailed(session)
    number, digest = seal
    assert sorted(letter.recipients[0] for letter in letters) == ["lawyer@elsewhere.example", "qa@elsewhere.example"]
    for letter in letters:
        text = letter.message.get_body(("plain",)).get_content()
        assert f"--seal {number} {digest}" in text.replace("\n", " ")
        assert "操作记录" in str(letter.message["Subject"])


def test_two_ticks_mail_it_once_a_day(app, seal, mailed, session, monkeypatch):
    for at in (MORNING - timedelta(days=1), MORNING, MORNING):
        monkeypatch.setattr(tick, "_fired", {})  # another process
        with clock.frozen(at):
            tick.fire_periodic(DAILY)
    assert len(mailed(session)) == 2, "one letter to each address"


def test_nobody_is_mailed_where_nobody_is_named(app, seal, session):
    jobs.load()
    with writing() as s:
        row = outbox.put(s, "trail.mail", {})
        s.flush()
        row_id = row.id
    assert jobs.run(row_id, raising=True)
    assert not session.scalar(sa.select(sa.func.count()).where(OutboxRow.kind == "notice.mail", OutboxRow.id > row_id))


def test_a_seal_that_was_kept_is_compared_with_the_trail(app, seal):
    number, digest = seal
    command = app.test_cli_runner().invoke
    same = command(args=["audit", "verify", "--seal", str(number), digest.upper()])
    assert (same.exit_code, "whole" in same.output) == (0, True), same.output
    for other in ((number, "0" * 64), (number + 1, digest)):
        answer = command(args=["audit", "verify", "--seal", *map(str, other)])
        assert answer.exit_code == 1
        assert f"seal {other[0]}: is missing" in answer.output
