"""Many at the same moment: nothing is lost, nothing happens twice, and of two who do the same thing one is told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core import audit, clock
from portal.core.db import db, new_uid, writing
from portal.core.errors import Busy, NotNow, PortalError
from portal.core.seals import verify
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import RequestMessage, ServiceRequest, WorkOrder
from tests.conftest import Browser
from tests.safety import NOTHING

WRITERS = 8
EACH = 12
FACTS = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}


def at_once(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Run all works in threads that begin together; what each returned, or the refusal that it ended in."""
    together = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            together.wait(10)
            try:
                return work()
            except PortalError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def file_one(device_id: int, person: Any, symptom: str = FACTS["symptom"]) -> str:
    with writing("filing") as session:
        device = session.get_one(Device, device_id)
        return service.create_request(session, person, device, answers=NOTHING, **FACTS | {"symptom": symptom}).number


def patiently(work: Callable[[], Any]) -> Any:
    """What a person does when told that the system is busy and nothing was changed: sends it once more."""
    for _ in range(5):
        try:
            return work()
        except Busy:
            continue
    return work()


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.req("INT-8")
def test_eight_writers_lose_nothing_and_share_no_number(app, device, people):
    device_id, officer = device.id, people.officer
    db.session.rollback()

    def work(writer: int) -> list[str]:
        return [patiently(lambda n=n: file_one(device_id, officer, f"fault {writer}-{n}")) for n in range(EACH)]

    told = at_once(app, *(lambda w=w: work(w) for w in range(WRITERS)))
    numbers = [number for found in told for number in found]
    assert sorted(int(number[-5:]) for number in numbers) == list(range(1, WRITERS * EACH + 1))
    kept = Counter(db.session.scalars(sa.select(ServiceRequest.symptom)))
    assert kept == {f"fault {w}-{n}": 1 for w in range(WRITERS) for n in range(EACH)}
    assert verify(db.session()).faults == []


def test_eight_messages_to_one_request_stand_in_one_unbroken_trail(app, device, people):
    number, person = file_one(device.id, people.officer), people.desk

    def post(n: int) -> None:
        with writing("message") as session:
            request = session.query(ServiceRequest).filter_by(number=number).one()
            service.post_message(session, request, person, f"message {n}")

    assert at_once(app, *(lambda n=n: post(n) for n in range(WRITERS))) == [None] * WRITERS
    assert count(RequestMessage) == WRITERS
    assert verify(db.session()).faults == []


@pytest.mark.req("DSP-5")
def test_of_two_dispatchers_one_wins_and_the_other_is_told(app, device, people):
    number = file_one(device.id, people.officer)
    desks = (people.desk, "technician"), (people.desk2, "technician2")
    ids = {key: people.account(key).id for _, key in desks}
    db.session.rollback()

    def assign(person: Any, key: str) -> str:
        with writing("assign") as session:
            request = session.query(ServiceRequest).filter_by(number=number).one()
            return service.assign(session, request, person, session.get_one(Account, ids[key])).number

    told = at_once(app, *(lambda p=p, k=k: assign(p, k) for p, k in desks))
    assert sorted(type(answer) for answer in told if isinstance(answer, Exception)) == [NotNow]
    assert count(WorkOrder) == 1
    assert verify(db.session()).faults == []


def test_of_two_dispatchers_at_their_screens_one_is_told(app, device, people, browser):
    number = file_one(device.id, people.officer)
    desks = [
        (browser(desk), people.account(key).uid) for desk, key in (("desk", "technician"), ("desk2", "technician2"))
    ]
    db.session.rollback()

    def click(desk: Browser, uid: str) -> int:
        return desk.post(
            f"/desk/requests/{number}/assign", {"idempotency_key": new_uid(), "technician": uid}
        ).status_code

    assert sorted(at_once(app, *(lambda d=d, u=u: click(d, u) for d, u in desks))) == [303, 409]
    assert count(WorkOrder) == 1


def test_a_form_sent_by_many_clicks_at_once_has_one_effect(app, device, people, browser):
    number = file_one(device.id, people.officer)
    officer, form = browser("officer"), {"idempotency_key": new_uid(), "body": "请尽快"}
    cookie = officer.client.get_cookie("session").value
    db.session.rollback()

    def click() -> int:
        tab = Browser(app, None)
        tab.client.set_cookie("session", cookie)
        return tab.post(f"/customer/requests/{number}/message", dict(form)).status_code

    assert at_once(app, *[click] * 6) == [303] * 6
    assert count(RequestMessage) == 1


def test_a_clock_that_jumps_back_does_not_disturb_the_order_of_the_trail(app, device, people, session):
    number = file_one(device.id, people.officer)
    for hours in (0, -30, -2, +5, -48):
        with clock.frozen(clock.now() + timedelta(hours=hours)), writing("message") as writer:
            request = writer.query(ServiceRequest).filter_by(number=number).one()
            service.post_message(writer, request, people.desk, f"{hours} hours")
    request = session.query(ServiceRequest).filter_by(number=number).one()
    entries = audit.story(session, request)
    assert [entry.seq for entry in entries] == list(range(len(entries), 0, -1))
    assert [message.body for message in request.messages] == [f"{h} hours" for h in (0, -30, -2, 5, -48)]
    assert verify(session()).faults == []
