"""The write lock is held briefly, and nothing slow is done under it.

How long is told by what the writing thread does, not by the clock on the wall, which also counts what others do on the
same machine: calls of functions are counted, and what waits (disk, network, a child, a hash, a page) is found by name.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from cProfile import Profile
from typing import Any

import argon2
import jinja2
import pytest
from sqlalchemy import event

from portal.core import clock
from portal.core import db as database
from portal.core.db import db, slow_writes, writing
from tests.blueprints.technicians.field import FINDINGS, RESULTS, consent_here, local, picture, sent, signing
from tests.safety import SAFE
from tests.web.conftest import REPORT

MOST_CALLS = 45_000
"""As many calls as 50 ms hold on a processor of 2.5 GHz that does nothing else (measured: 1.1 µs a call)."""
MOST_STATEMENTS = 60
"""The customer's consent to a plan: it is signed, issued, in force, the order may go on, nobody waits any more."""
SLOW = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "time.sleep")
LOADING = (".py", ".pyc", ".so", ".json", "/site-packages")  # a module that is used for the first time


class Watch:
    """What is done in this thread while a write transaction of it is open."""

    def __init__(self) -> None:
        self.here = threading.local()
        self.seen: list[str] = []
        self.statements: list[int] = []
        self.calls: list[int] = []

    def note(self, what: str) -> None:
        if getattr(self.here, "writing", False):
            self.seen.append(what)

    def begins(self, connection: Any) -> None:
        self.here.writing = connection.get_execution_options().get("writing", False)
        self.here.count = 0
        if self.here.writing:
            self.here.profile = Profile()
            self.here.profile.enable()

    def ends(self, connection: Any) -> None:
        if getattr(self.here, "writing", False):
            self.here.profile.disable()
            self.calls.append(sum(entry.callcount for entry in self.here.profile.getstats()))
            self.statements.append(self.here.count)
        self.here.writing = False

    def counts(self, *_: Any) -> None:
        self.here.count = getattr(self.here, "count", 0) + 1


_watches: list[Watch] = []


def _heard(name: str, words: tuple[Any, ...]) -> None:
    if _watches and name in SLOW and not (words and str(words[0]).endswith(LOADING)):
        for watch in _watches:
            watch.note(f"{name} {words[0] if words else ''}")


@pytest.fixture
def watch(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    found = Watch()
    if not getattr(sys, "_aftercare_hears", False):
        sys.addaudithook(_heard)  # can never be taken away again, so it is put up once and asks who is watching
        sys._aftercare_hears = True
    for owner, name in ((jinja2.Template, "render"), (jinja2.Template, "new_context"), (argon2.PasswordHasher, "hash"),
                        (argon2.PasswordHasher, "verify")):  # fmt: skip
        monkeypatch.setattr(owner, name, _noted(found, f"{owner.__name__}.{name}", getattr(owner, name)))
    listeners = (("begin", found.begins), ("commit", found.ends), ("rollback", found.ends))
    for name, listener in (*listeners, ("before_cursor_execute", found.counts)):
        event.listen(db.engine, name, listener)
    _watches.append(found)
    yield found
    _watches.remove(found)
    for name, listener in (*listeners, ("before_cursor_execute", found.counts)):
        event.remove(db.engine, name, listener)


def _noted(watch: Watch, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*args: Any, **kwargs: Any) -> Any:
        watch.note(name)
        return function(*args, **kwargs)

    return noted


def done(answer: Any, status: int = 303) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return answer


def tell(browser: Any, people: Any, device: Any) -> None:
    """The whole story through the doors, from the report of a fault to the closed request."""
    officer, desk, tablet, quality = map(browser, ("officer", "desk", "technician", "quality"))
    files = {"content_type": "multipart/form-data"}
    report = sent(**REPORT, photos=picture("JPEG", "IMG_1.jpg"))
    number = done(officer.post(f"/customer/devices/{device.number}/report", report, **files)).location.rsplit("/")[-1]
    done(officer.post(f"/customer/requests/{number}/message", sent(body="请尽快")))
    judged = SAFE | {"urgency": "urgent", "next_step": "上门", "base_version": "0"}
    done(desk.post(f"/desk/requests/{number}/assess", sent(**judged)))
    done(desk.post(f"/desk/requests/{number}/assign", sent(technician=people.account("technician").uid)))
    here = f"/technician/orders/{number.replace('-SR-', '-WO-')}"
    for step in ("accept", "depart", "arrive"):
        done(tablet.post(f"{here}/{step}", sent()))
    consent_here(tablet, number.replace("-SR-", "-WO-"))
    done(tablet.post(f"{here}/log", sent(text="更换氧电池", photos=picture("JPEG", "电池.jpg")), **files))
    done(tablet.post(f"{here}/findings", sent(base_version="0", **FINDINGS)))
    done(tablet.post(f"{here}/start_tests", sent()))
    done(tablet.post(f"{here}/tests", sent(base_version="0", restored_at=local(clock.now()), **RESULTS)))
    done(tablet.post(f"{here}/safety", sent(**SAFE)))
    done(tablet.post(f"{here}/submit", signing(tablet.get(f"{here}/submit"))))
    review = f"/quality/orders/{number.replace('-SR-', '-WO-')}"
    done(quality.post(f"{review}/release", signing(quality.get(review))))
    page = done(tablet.get(f"{here}/sign?language=zh"), 200)
    customer = {"name": "陈静怡", "function": "设备科长", "rating": "5", "signature": picture()}
    done(tablet.post(f"{here}/sign?language=zh", signing(page, **customer), **files))
    done(officer.post(f"/customer/requests/{number}/close", sent()))


def test_a_whole_story_holds_the_lock_briefly_and_does_nothing_slow_under_it(watch, browser, people, device):
    tell(browser, people, device)  # compiles the statements, which happens once in the life of a process
    assert watch.seen == []
    watch.calls.clear()
    watch.statements.clear()
    tell(browser, people, device)
    assert len(watch.statements) > 20
    assert max(watch.statements) <= MOST_STATEMENTS
    if db.engine.dialect.name == "sqlite":  # where one who writes keeps all others waiting
        assert max(watch.calls) <= MOST_CALLS


def test_a_lock_held_too_long_is_noticed(app):
    with writing("dawdling"):
        time.sleep(2 * database.SLOW_WRITE_SECONDS)
    assert [label for label, _ in slow_writes] == ["dawdling"]


@pytest.mark.parametrize("slow", [lambda: open("/etc/hostname").close(), lambda: jinja2.Template("x").render()])
def test_what_is_slow_is_noticed(watch, app, slow):
    with writing("slow"):
        slow()
    assert watch.seen != []
    watch.seen.clear()
    slow()
    assert watch.seen == []
