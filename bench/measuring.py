"""Time, statements and write locks of one act at a time, in houses of different size."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from bench.house import House
from portal.core.db import db


@dataclass
class Sample:
    """What rounds of one act took: milliseconds each, milliseconds of the write lock each, statements of one."""

    times: list[float] = field(default_factory=list)
    locks: list[float] = field(default_factory=list)
    statements: int = 0
    size: int = 0

    @property
    def ms(self) -> float:
        return statistics.median(self.times)

    @property
    def lock_ms(self) -> float:
        return statistics.median(self.locks) if self.locks else 0.0


def by_turns(acts: dict[Any, Callable[[], Any]], rounds: int) -> dict[Any, Sample]:
    """Do every act `rounds` times, by turns, so that whatever else the machine does falls on all of them alike."""
    samples = {key: Sample() for key in acts}
    for key, act in acts.items():
        samples[key].size = len(act().data)  # once before: caches are filled, templates compiled
    for _ in range(rounds):
        for key, act in acts.items():
            started = time.perf_counter()
            act()
            samples[key].times.append((time.perf_counter() - started) * 1000)
    return samples


def watched(house: House, act: Callable[[], Any], sample: Sample) -> None:
    """Do the act once more and note its statements and how long it held the write lock."""
    with watching(house) as seen:
        act()
    sample.statements = len(seen.statements)
    sample.locks += seen.locks


@dataclass
class Seen:
    statements: list[str] = field(default_factory=list)
    locks: list[float] = field(default_factory=list)
    began: float = 0.0


@contextmanager
def watching(house: House) -> Iterator[Seen]:
    """What the database of the house is asked inside, and how long each transaction held its write lock."""
    seen = Seen()

    def asked(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.statements.append(statement)

    def begun(connection: sa.Connection) -> None:
        seen.began = time.perf_counter() if connection.get_execution_options().get("writing") else 0.0

    def ended(connection: sa.Connection) -> None:
        if seen.began:
            seen.locks.append((time.perf_counter() - seen.began) * 1000)

    with house.app.app_context():
        engine = db.engine
    listeners = (("before_cursor_execute", asked), ("begin", begun), ("commit", ended))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
