"""`python -m jobs.tick`: rings for what is due, fires what comes by the clock, and does the chores of HOOKS.

Any number of ticks may run; together they do no more than one.
"""

import logging
import signal
import threading
import time

from flask import Flask

from jobs.schedule import HOOKS, TABLE, Hook
from portal.core import clock, outbox, schedules
from portal.core.db import writing
from portal.core.schedules import Periodic

log = logging.getLogger(__name__)

NAME = "tick"
PAUSE_AFTER_FAILURE = 5.0


def fire_periodic(table: tuple[Periodic, ...] = TABLE) -> None:
    """Put what is due of `table` into the outbox."""
    at = clock.now()
    for periodic in table:
        if _fired.get(periodic.name) != periodic.latest_slot(at):
            with writing("tick.fire") as session:
                schedules.fire(session, periodic, at)
            _fired[periodic.name] = periodic.latest_slot(at)


_fired: dict = {}
"""Slots this process knows to be done with: spares the database the same question each second."""


def sign() -> None:
    with writing("tick.sign") as session:
        schedules.sign(session, NAME)


CHORES = (
    Hook("ring for what is due", 1, outbox.relay),
    Hook("ring again for what was not heard", outbox.RING_AGAIN_SECONDS, lambda: outbox.relay(again=True)),
    Hook("periodic jobs", 1, fire_periodic),
    Hook("sign of life", 5, sign),
    *HOOKS,
)


def tick(app: Flask, stop: threading.Event, chores: tuple[Hook, ...] = CHORES) -> None:
    """Do each chore at its interval until `stop`. One that fails is logged, tried again soon, and holds up no other."""
    next_at = dict.fromkeys(chores, 0.0)
    while not stop.is_set():
        for chore in chores:
            if next_at[chore] <= time.monotonic() and not stop.is_set():
                pause = chore.seconds if _do(app, chore) else max(chore.seconds, PAUSE_AFTER_FAILURE)
                next_at[chore] = time.monotonic() + pause
        stop.wait(max(0.05, min(next_at.values()) - time.monotonic()))


def _do(app: Flask, chore: Hook) -> bool:
    try:
        with app.app_context():
            chore.work()
    except Exception:
        log.exception("tick: %s", chore.name)
        return False
    return True


def main() -> None:
    from portal import create_app

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    tick(create_app(), stop)


if __name__ == "__main__":
    main()
