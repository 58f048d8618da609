"""The web server is killed in the midst of work: what was acknowledged stands, once; what was not leaves nothing."""

import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.db import db, new_uid
from portal.core.files import File
from portal.core.files.blobs import ORIGINAL
from portal.core.notices import Notice
from portal.core.outbox import OutboxRow
from portal.core.seals import verify
from portal.domain.servicing.models import ServiceRequest
from tests.blueprints.technicians.field import picture
from tests.faults.served import Visitor, Web
from tests.web.conftest import REPORT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 40
WRITERS = 3


@pytest.fixture
def serve(app: Any) -> Iterator[Callable[..., Web]]:
    servers = []

    def start(**how: bool) -> Web:
        db.session.rollback()
        servers.append(Web(app, **how))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


class Writer(threading.Thread):
    """Files one request after the other, and sends each again until it is acknowledged, as a person would."""

    def __init__(self, port: int, path: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.visitor, self.path, self.chance = Visitor(port), path, random.Random(name)  # noqa: S311
        self.stopping = threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.wrong: list[str] = []
        self.cut_off = 0
        self.visitor.sign_in("officer")
        self.visitor.get(path)

    def run(self) -> None:
        while not self.stopping.is_set():
            symptom = f"{self.name}-{len(self.acknowledged)}"
            form = REPORT | {"symptom": symptom, "idempotency_key": new_uid()}
            self.acknowledged[symptom] = self._send(form)

    def _send(self, form: dict[str, Any]) -> str:
        with_photo = self.chance.random() < 0.2
        while True:
            photo = {"photos": picture("JPEG", "IMG.jpg")} if with_photo else {}
            read = self.chance.random() >= 0.1  # every tenth answer is never read
            try:
                answer = self.visitor.post(self.path, form | photo, read=read)
            except (OSError, HTTPException):
                self.cut_off += 1
                time.sleep(0.05)
                continue
            if answer is not None and answer.status == 303:
                return answer.location
            if answer is not None and answer.status != 503:
                self.wrong.append(f"{answer.status} {_alert(answer.text)}")
                return ""


def test_what_was_acknowledged_stands_exactly_once_after_forty_kills(serve, app, device):
    web = serve(forking=True)
    chance = random.Random(7)  # noqa: S311
    with writing_on(web, device) as writers:
        for _ in range(KILLS):
            _wait_for_more(writers)
            time.sleep(chance.uniform(0, 0.1))  # anywhere within the work on the next one
            assert web.kill_worker()
    _stands_exactly_once(writers)
    _is_whole(app)


def test_the_real_server_loses_nothing_when_a_worker_or_all_of_it_is_killed(serve, app, device):
    web = serve()
    with writing_on(web, device) as writers:
        for kill in (web.kill_worker, web.kill_worker, lambda: web.kill() or web.start()):
            _wait_for_more(writers)
            kill()
        _wait_for_more(writers)
    _stands_exactly_once(writers)
    _is_whole(app)


def _alert(page: str) -> str:
    """What the page complains of."""
    return re.sub(r"(<[^>]*>|\s)+", " ", page.partition('role="alert"')[2].partition("</div>")[0])


@contextmanager
def writing_on(web: Web, device: Any) -> Iterator[list[Writer]]:
    """Three writers at work; at the end, when each has its last acknowledgement, none may have seen an error."""
    path = f"/customer/devices/{device.number}/report"
    writers = [Writer(web.port, path, f"writer-{n}") for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(120)
        assert not writer.is_alive()
    assert [wrong for writer in writers for wrong in writer.wrong] == [], web.log.read_text()[-3000:]
    assert sum(writer.cut_off for writer in writers) > 0, "no kill was felt"


def _wait_for_more(writers: list[Writer]) -> None:
    """Until another request is acknowledged: the server is at work again."""
    before, until = sum(len(writer.acknowledged) for writer in writers), time.monotonic() + 90
    while sum(len(writer.acknowledged) for writer in writers) <= before:
        assert time.monotonic() < until, "nothing is acknowledged any more"
        time.sleep(0.005)


def _stands_exactly_once(writers: list[Writer]) -> None:
    acknowledged = {symptom: place for writer in writers for symptom, place in writer.acknowledged.items()}
    db.session.rollback()
    kept = db.session.execute(sa.select(ServiceRequest.symptom, ServiceRequest.number)).all()
    assert Counter(symptom for symptom, _ in kept) == dict.fromkeys(acknowledged, 1)
    assert {symptom: f"/customer/requests/{number}" for symptom, number in kept} == acknowledged
    assert sorted(int(number[-5:]) for _, number in kept) == list(range(1, len(kept) + 1))


def _is_whole(app: Any) -> None:
    """The file is sound, the trail unbroken, every effect and every photo is there for its request."""
    with closing(sqlite3.connect(app.extensions["settings"].database_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert verify(db.session()).faults == []
    requests = set(db.session.scalars(sa.select(ServiceRequest.id)))
    told = sa.select(Notice.root_id).where(Notice.kind == "request_received")
    assert set(db.session.scalars(told)) == requests
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).where(OutboxRow.dead_at.isnot(None))) == 0
    )
    blobs, files = app.extensions["room"].blobs, db.session.scalars(sa.select(File)).all()
    assert [file.uid for file in files if not blobs.exists(file.key + ORIGINAL)] == []


def test_an_upload_that_is_cut_off_half_way_leaves_nothing(serve, app, device):
    web = serve()
    visitor, path = Visitor(web.port), f"/customer/devices/{device.number}/report"
    visitor.sign_in("officer")
    visitor.get(path)
    form = REPORT | {"symptom": "cut off", "idempotency_key": new_uid(), "photos": picture("BMP", "IMG.bmp")}
    before = _on_their_way(app)
    for _ in range(3):
        visitor.send_half(path, form)
    assert visitor.get("/customer/").status == 200
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(ServiceRequest.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(File.id))) == 0
    assert _on_their_way(app) == before


def _on_their_way(app: Any) -> set[Path]:
    return {path for path in app.extensions["room"].incoming.rglob("*") if path.is_file()}
