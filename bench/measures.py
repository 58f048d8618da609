"""What is measured. Each function gives the rows of one table; the first row of a table is its head."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.house import House
from bench.measuring import Sample, by_turns, watched
from jobs.documents import make
from portal.core import clock, seals
from portal.core.db import db, new_uid
from portal.core.deadlines import Clock
from portal.core.deadlines.ledger import next_due
from portal.domain.devices.models import Device
from portal.domain.documents.models import Rendition
from portal.domain.servicing.models import ServiceRequest

Table = Iterator[tuple[str, ...]]

PAGES = (
    ("desk: open requests", "desk", "/desk/requests"),
    ("desk: all requests", "desk", "/desk/requests?state=all"),
    ("desk: devices", "desk", "/desk/devices"),
    ("desk: one request", "desk", "/desk/requests/{request}"),
    ("hospital: home", "officer", "/customer/"),
    ("hospital: its requests", "officer", "/customer/requests"),
    ("hospital: its devices", "officer", "/customer/devices"),
    ("hospital: one request", "officer", "/customer/requests/{request}"),
    ("dealer: its requests", "dealer_desk", "/desk/requests?state=all"),
    ("technician: my day", "technician", "/technician/"),
    ("quality: to release", "quality", "/quality/"),
    ("office: people", "admin", "/office/people"),
    ("office: the trail", "auditor", "/office/trail"),
)
MANY_CLOCKS = 1_000_000
DEEP = 100
"""How many times “next” is pressed to come to a deep page."""


def pages(small: House, large: House, rounds: int) -> Table:
    """Pages in both houses, against a bare answer of Flask."""
    yield "page", "small, ms", "large, ms", "large : small", "large : bare", "statements", "KB"
    acts: dict[Any, Callable[[], Any]] = {"bare": _bare()}
    for title, reader, address in PAGES:
        for house in (small, large):
            acts[title, house is large] = _opening(house, reader, address.format(request=_request(house)))
    samples = by_turns(acts, rounds)
    yield "bare Flask", *(f"{samples['bare'].ms:.2f}",) * 2, "", "1", "0", "0"
    for title, *_ in PAGES:
        little, much = samples[title, False], samples[title, True]
        watched(large, acts[title, True], much)
        yield title, *_compared(little, much), f"{much.ms / samples['bare'].ms:.0f}", *_weight(much)


def depth(small: House, large: House, rounds: int) -> Table:
    """The first page of a list against a deep one; the desk's list against one hospital's and one dealer's."""
    yield "list of all requests, large house", "first page, ms", "deep page, ms", "deep : first", "statements", "KB"
    for title, reader, first in (
        ("desk", "desk", "/desk/requests?state=all"),
        ("hospital", "officer", "/customer/requests"),
        ("dealer", "dealer_desk", "/desk/requests?state=all"),
    ):
        acts = {0: _opening(large, reader, first), 1: _opening(large, reader, _deep(large, reader, first))}
        samples = by_turns(acts, rounds)
        watched(large, acts[1], samples[1])
        yield title, *_compared(samples[0], samples[1]), *_weight(samples[1])


def writes(small: House, large: House, rounds: int) -> Table:
    """What people write, and how long they keep others from writing meanwhile."""
    yield "act", "small, ms", "large, ms", "large : small", "lock small, ms", "lock large, ms", "statements"
    for title, posting in (("a fault is reported", _reporting), ("a message is written", _talking)):
        acts = {house is large: posting(house) for house in (small, large)}
        samples = by_turns(acts, rounds)
        for house in (small, large):
            for _ in range(rounds):
                watched(house, acts[house is large], samples[house is large])
        locks = (f"{samples[size].lock_ms:.1f}" for size in (False, True))
        yield title, *_compared(samples[False], samples[True]), *locks, str(samples[True].statements)


def tick(small: House, large: House, rounds: int) -> Table:
    """How the tick finds what has come among a million clocks, against as many as the demonstration has."""
    yield "the tick looks for what has come", "few, ms", "many, ms", "many : few", "few clocks", "many clocks"
    houses, times = {False: small, True: large}, {False: [], True: []}
    sizes = _clocks(small, 0), _clocks(large, MANY_CLOCKS)
    for _ in range(rounds):
        for size, house in houses.items():
            with house.app.app_context():
                started = time.perf_counter()
                next_due(db.session(), clock.now())
                times[size].append((time.perf_counter() - started) * 1000)
    few_ms, many_ms = (statistics.median(times[size]) for size in houses)
    counts = (f"{count:,}" for count in sizes)
    yield "warnings and breaches", f"{few_ms:.1f}", f"{many_ms:.1f}", f"{many_ms / few_ms:.2f}", *counts


def _clocks(house: House, wanted: int) -> int:
    """Copy the settled and the open clocks of the house, due later, until there are so many; returns how many."""
    with house.app.app_context():
        copied = [c.name for c in Clock.__table__.columns if c.name not in ("id", "uid", "root_id", "next_event_at")]
        later = "CASE WHEN next_event_at IS NULL THEN NULL ELSE '2099-01-01 00:00:00.000000' END"
        names = ", ".join(copied)
        raw = db.engine.raw_connection()
        try:
            count = raw.execute("SELECT count(*) FROM clock").fetchone()[0]
            while count < wanted:
                raw.execute(
                    f"INSERT INTO clock ({names}, uid, root_id, next_event_at) "  # noqa: S608 our own columns
                    f"SELECT {names}, lower(hex(randomblob(18))), root_id + (SELECT max(root_id) FROM clock), {later} "
                    f"FROM clock LIMIT {wanted - count}"
                )
                count = raw.execute("SELECT count(*) FROM clock").fetchone()[0]
            raw.execute("ANALYZE clock")
            raw.commit()
        finally:
            raw.close()
        return count


def paper(small: House, large: House, rounds: int) -> Table:
    """The report of one order as a sealed PDF: the first one loads the engine, the others only fork."""
    yield "service report", "ms", "later : first", "pages", "KB"
    with small.app.app_context():
        rendition_id = db.session.scalars(sa.select(Rendition.id).order_by(Rendition.id).limit(1)).one()
        times = []
        for _ in range(max(rounds // 3, 3)):
            started = time.perf_counter()
            made = make(rendition_id)
            times.append((time.perf_counter() - started) * 1000)
    first, later = times[0], sorted(times[1:])[len(times[1:]) // 2]
    weight = str(made.pages), f"{len(made.pdf) / 1024:.0f}"
    yield "the first", f"{first:.0f}", "1", *weight
    yield "the next", f"{later:.0f}", f"{later / first:.2f}", *weight


def trail(small: House, large: House, rounds: int) -> Table:
    """Checking the whole trail."""
    yield "audit verify", "entries", "seconds", "seconds for 1,000,000", "faults"
    for title, house in (("small", small), ("large", large)):
        with house.app.app_context():
            started = time.perf_counter()
            verdict = seals.verify(db.session)
            seconds = time.perf_counter() - started
        million = seconds / verdict.entries * 1_000_000
        yield title, f"{verdict.entries:,}", f"{seconds:.2f}", f"{million:.0f}", str(len(verdict.faults))


MEASURES = {each.__name__: each for each in (pages, depth, writes, paper, tick, trail)}


def _compared(one: Sample, other: Sample) -> tuple[str, str, str]:
    return f"{one.ms:.1f}", f"{other.ms:.1f}", f"{other.ms / one.ms:.2f}"


def _weight(sample: Sample) -> tuple[str, str]:
    return str(sample.statements), f"{sample.size / 1024:.0f}"


def _bare() -> Callable[[], Any]:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    client = app.test_client()
    return lambda: client.get("/")


def _opening(house: House, reader: str, address: str) -> Callable[[], Any]:
    browser = house.browser(reader)

    def act() -> Any:
        answer = browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer

    return act


def _request(house: House) -> str:
    """The first request of the first officer's hospital."""
    with house.app.app_context():
        return db.session.scalars(sa.select(ServiceRequest.number).order_by(ServiceRequest.id).limit(1)).one()


def _deep(house: House, reader: str, address: str) -> str:
    """Where “next” leads after it was pressed often, or as often as it goes."""
    browser = house.browser(reader)
    for _ in range(DEEP):
        following = re.search(r'rel="next" href="([^"]*)"', browser.get(address).text)
        if following is None:
            break
        address = unescape(following[1])
    return address


def _posting(house: House, reader: str, address: str, facts: dict[str, str]) -> Callable[[], Any]:
    browser = house.browser(reader)

    def act() -> Any:
        answer = browser.post(address, data=facts | {"idempotency_key": new_uid()})
        assert answer.status_code == 303, f"{address}: {answer.status_code}"
        return answer

    return act


def _reporting(house: House) -> Callable[[], Any]:
    with house.app.app_context():
        number = db.session.scalars(sa.select(Device.number).order_by(Device.id).limit(1)).one()
    facts = {
        "symptom": "开机自检失败，提示呼气阀故障。",
        "urgency": "normal",
        "contact_name": "陈静怡",
        "contact_phone": "021-5588 6655",
    }
    return _posting(house, "officer", f"/customer/devices/{number}/report", facts)


def _talking(house: House) -> Callable[[], Any]:
    return _posting(house, "officer", f"/customer/requests/{_request(house)}/message", {"body": "请问何时到场？"})
