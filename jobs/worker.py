"""`python -m jobs.worker`: waits for the bell and forks for each row of the outbox.

The renderer is imported and warmed before the first fork, and the database is left alone until after it. When the
queue server is away the worker waits for it. On SIGTERM the running job has a few seconds to end; then its row is
handed back.
"""

import gc
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

import jobs
from jobs import keeper
from jobs import lease as leases
from portal.core import documents
from portal.core.db import db
from portal.core.errors import Busy
from portal.core.outbox import FUNCTION, QUEUES

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
KILL_SECONDS = keeper.HAND_BACK_SECONDS + 2


class Refused(Exception):
    """Something stood in the queue that the outbox did not put there."""


class OutboxJob(Job):
    """The one job that the queue may hold: `jobs.run` with the id of a row.

    Whoever can write to the queue server could otherwise name any function of any module: RQ would import and call
    it, also as a callback, and would post to any webhook.
    """

    success_callback = None
    failure_callback = None
    stopped_callback = None

    @property
    def func(self) -> Any:
        only_an_id = len(self.args) == 1 and type(self.args[0]) is int and not self.kwargs and self.instance is None
        if self.func_name != FUNCTION or not only_an_id:
            raise Refused(f"{self.func_name!r:.80}")
        return jobs.run

    def send_webhooks(self, status: Any, *, exc_string: str | None = None) -> None:
        """Nothing: the outbox tells who must know."""

    def _handle_failure(self, exc_string: str, pipeline: Any, **_: Any) -> None:
        """Leave nothing behind that would mute the next bell: the row holds the truth."""
        self.delete(pipeline=pipeline, remove_from_queue=False)


class OutboxWorker(Worker):
    """RQ's forking worker, less what we do not use, and steadier when the queue server goes away."""

    max_connection_wait_time = 5.0

    @property
    def must_stop(self) -> bool:
        return self._shutdown_requested_date is not None

    def setup_work_horse_signals(self) -> None:
        keeper.alone = True
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, keeper.stop_soon)

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)
            last = threading.Timer(KILL_SECONDS, self.kill_horse)
            last.daemon = True
            last.start()

    def maintain_heartbeats(self, job: Job, execution: Any) -> None:
        """The job goes on without the queue server; its lease is kept in the database."""
        with suppress(RedisError):
            super().maintain_heartbeats(job, execution)

    def subscribe(self) -> None:
        """Take no commands through the queue server: fewer who may stop us, and no thread beside the fork."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def teardown(self) -> None:
        with suppress(RedisError):
            super().teardown()


def serve(url: str) -> None:
    """Work until SIGTERM or SIGINT, through any number of losses of the queue server."""
    while True:
        connection = Redis.from_url(url, socket_connect_timeout=2)
        try:
            worker = _worker(connection)
            worker.work(logging_level="WARNING")  # each job has its own line in our log
            if worker.must_stop:
                return
        except (RedisError, OSError) as error:
            log.warning("the queue server is away (%s), waiting for it", type(error).__name__)
        finally:
            connection.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # RQ's handlers belong to the worker that has just ended
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        time.sleep(RETRY_SECONDS)


def _worker(connection: Redis) -> OutboxWorker:
    return OutboxWorker(
        [Queue(name, connection=connection, serializer="json", job_class=OutboxJob) for name in QUEUES],
        connection=connection,
        serializer="json",
        job_class=OutboxJob,
        worker_ttl=40,
        maintenance_interval=15,
        job_monitoring_interval=5,
    )


def work(app: Flask, url: str) -> None:
    """Get everything ready that each fork would otherwise do anew, then serve."""
    jobs.load()
    with app.app_context():
        warm()
        gc.collect()
        gc.freeze()
        serve(url)


def warm() -> None:
    """Load the PDF engine, and have the statements of every job compiled. What cannot be warmed is met cold later."""
    try:
        documents.warm()
    except documents.RenderFailed as failure:
        log.error("PDFs cannot be made: %s (%s)", failure, failure.detail)
    configure_mappers()
    try:
        leases.rehearse()
    except (SQLAlchemyError, Busy) as error:
        log.warning("the database is away (%s), its statements stay cold", type(error).__name__)
    finally:
        db.session.remove()
        db.engine.dispose()  # no connection may be shared with a fork


def main() -> None:
    from portal import create_app

    app = create_app()
    work(app, app.extensions["settings"].redis_url)


if __name__ == "__main__":
    main()
