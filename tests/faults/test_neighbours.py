"""The database is locked or the queue away: a person waits a moment, or is told plainly, and loses no word."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import rq  # noqa: F401 a web process that has been up for a second has loaded it
import sqlalchemy as sa

from portal.core import db as database
from portal.core import outbox
from portal.core.db import db
from portal.core.outbox import OutboxRow, State
from tests.web.conftest import REPORT, requests_of, sent

LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
"""


@contextmanager
def locked(file: str) -> Iterator[subprocess.Popen]:
    """Another process holds the write lock of the database, until it is told to end."""
    other = subprocess.Popen(
        [sys.executable, "-c", LOCKER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "locked\n"
        yield other
    finally:
        other.kill()
        other.wait()


@pytest.fixture
def file(app: Any) -> str:
    return app.extensions["settings"].database_url.removeprefix("sqlite:///")


@pytest.fixture
def report(device: Any) -> str:
    return f"/customer/devices/{device.number}/report"


def test_a_request_waits_for_a_short_lock(browser, report, file):
    officer = browser("officer")
    with locked(file) as other:
        threading.Timer(0.5, other.kill).start()
        began = time.monotonic()
        answer = officer.post(report, sent(**REPORT))
    assert answer.status_code == 303
    assert time.monotonic() - began >= 0.4
    assert len(requests_of(REPORT["symptom"])) == 1


def test_a_long_lock_is_told_plainly_and_the_same_form_goes_through_afterwards(browser, report, file, monkeypatch):
    officer, form = browser("officer"), sent(**REPORT)
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 300)
    db.session.remove()
    db.engine.dispose()
    with locked(file):
        answer = officer.post(report, dict(form))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert REPORT["symptom"] in answer.text and REPORT["contact_phone"] in answer.text
    assert form["idempotency_key"] in answer.text
    assert requests_of(REPORT["symptom"]) == []
    assert officer.post(report, dict(form)).status_code == 303
    assert len(requests_of(REPORT["symptom"])) == 1


def test_pages_are_read_while_the_database_is_locked(browser, report, file):
    officer = browser("officer")
    with locked(file):
        began = time.monotonic()
        assert officer.get("/customer/").status_code == 200
        assert officer.get(report).status_code == 200
        assert time.monotonic() - began < 4


def test_signing_in_is_told_plainly_too(stranger, file, monkeypatch):
    monkeypatch.setattr(database, "SQLITE_BUSY_MS", 100)
    db.session.remove()
    db.engine.dispose()
    with locked(file):
        answer = stranger.post("/sign-in", data={"email": "officer@example.com", "password": "x" * 12})
    assert answer.status_code == 503
    assert "officer@example.com" in answer.text


@pytest.fixture
def queue() -> Iterator[Any]:
    """`queue(url)` names the queue server for one test."""
    before = outbox._bell
    yield outbox.connect
    outbox._bell = before


def waiting() -> list[OutboxRow]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.sent_at.is_(None))))


def test_a_request_is_filed_at_once_though_the_queue_is_gone(browser, report, queue, tmp_path):
    officer, before = browser("officer"), len(waiting())
    queue(f"unix://{tmp_path}/nobody.sock")
    began = time.monotonic()
    assert officer.post(report, sent(**REPORT)).status_code == 303
    assert time.monotonic() - began < 1
    told = waiting()[before:]
    assert told != []
    assert {row.state for row in told} == {State.DUE}


def test_a_queue_that_does_not_answer_holds_nobody_up_for_long(browser, report, queue, tmp_path):
    officer = browser("officer")
    with silent_server(tmp_path / "silent.sock") as url:
        queue(url)
        for longest in (2, 1):  # the first finds out; after it the bell is left alone for a while
            began = time.monotonic()
            assert officer.post(report, sent(**REPORT)).status_code == 303
            assert time.monotonic() - began < longest
    assert all(row.state is State.DUE for row in waiting())


@contextmanager
def silent_server(path: Path) -> Iterator[str]:
    """Takes connections and says nothing."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        yield f"unix://{path}"
