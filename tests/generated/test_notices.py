"""Every kind of notice is said in both languages, from what the tales left in people's inboxes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from jinja2 import StrictUndefined

from jobs.notices import write
from portal.core.db import db, writing
from portal.core.deadlines import Clock
from portal.core.notices import KINDS, Delivery, Notice
from portal.domain.accounts.models import Account
from portal.domain.charges.models import Charge
from portal.domain.devices.models import Device
from portal.domain.documents.models import Revision
from portal.domain.escalations.models import Escalation
from portal.domain.holds.models import EvidenceHold
from portal.domain.policies.models import Waiting
from portal.domain.servicing.models import ServiceRequest
from portal.web.languages import as_reader, say
from tests.generated import tables  # noqa: F401 the kinds are declared where their domains are loaded

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

Sample = tuple[str, int, dict[str, Any]]
"""What a notice is about: the kind and id of its record, and what its words name."""


def _of_an_account() -> Sample:
    return "account", db.session.query(Account).filter_by(email="officer@example.com").one().id, {}


def _of_a_clock() -> Sample:
    clock = _last(Clock)
    return clock.root_kind, clock.root_id, {"number": clock.root_number, "clock": clock.id, "percent": 75}


def _of_a_waiting() -> Sample:
    waiting = _last(Waiting)
    return waiting.root_kind, waiting.root_id, {"number": waiting.root_number, "waiting": waiting.id}


def _of_a_document() -> Sample:
    revision = _last(Revision)
    params = {"number": revision.document.number, "revision": revision.revision}
    return "document", revision.document_id, params


def _of_a_second_step() -> Sample:
    kind, account_id, _ = _of_an_account()
    return kind, account_id, {"act": "reset_second_step"}


def _of_a_seal() -> Sample:
    return "audit_seal", 812, {"number": 812, "entry": 40_961, "hash": "5d" * 32}


def _of_a_device() -> Sample:
    device = _last(Device)
    return "device", device.id, {"number": device.number, "device": device.serial, "reason": "a reason"}


def _of_a_request() -> Sample:
    request = _last(ServiceRequest)
    return "service_request", request.id, {"number": request.number, "into": request.number}


def _of_a_dispute() -> Sample:
    kind, request_id, params = _of_a_request()
    return kind, request_id, params | {"request": params["number"], "reason": "a reason"}


def _of_a_hold() -> Sample:
    hold = _last(EvidenceHold)
    return "evidence_hold", hold.id, {"number": hold.number, "device": hold.device.serial, "reason": hold.reason}


def _of_a_question() -> Sample:
    question = _last(Escalation)
    return "escalation", question.id, {"number": question.number, "order": question.order.number}


def _of_a_charge() -> Sample:
    charge = _last(Charge)
    return "charge", charge.id, {"number": charge.number, "invoice": "2531", "due": "2026-11-30"}


def _of_a_decision() -> Sample:
    kind, request_id, params = _of_a_dispute()
    return kind, request_id, params | {"stands": ""}


def _last(model: Any) -> Any:
    return db.session.scalars(sa.select(model).order_by(model.id.desc()).limit(1)).one()


UNTOLD: dict[str, Callable[[], Sample]] = {
    "trail_sealed": _of_a_seal,
    "clock_warning": _of_a_clock,
    "clock_broken": _of_a_clock,
    "plea_made": _of_a_clock,
    "plea_decided": _of_a_clock,
    "waiting_reminder": _of_a_waiting,
    "waiting_too_long": _of_a_waiting,
    "pdf_failed": _of_a_document,
    "second_step_changed": _of_a_second_step,
    "device_lifted": _of_a_device,
    "plan_disputed": _of_a_dispute,
    "dispute_decided": _of_a_decision,
    "charge_overdue": _of_a_charge,
    "request_merged": _of_a_request,
    "appointment_moved": _of_a_request,
    "hold_declined": _of_a_hold,
    "hold_released": _of_a_hold,
    "question_to_maker": _of_a_question,
    "question_withdrawn": _of_a_question,
    "question_waits": _of_a_question,
}
"""Kinds that the tales do not tell of, and that are about more than an account: what stands for it."""


@pytest.fixture
def strict(house, monkeypatch):
    """A word that a template asks for and nobody gives is an error, not a gap."""
    monkeypatch.setattr(house.app.jinja_env, "undefined", StrictUndefined)
    return house


def told_of(kind: str) -> Notice:
    """A notice of this kind: one that somebody was sent, else one made here."""
    found = db.session.query(Notice).filter_by(kind=kind).order_by(Notice.id).first()
    if found is not None:
        return found
    root_kind, root_id, params = UNTOLD.get(kind, _of_an_account)()
    params = dict.fromkeys(PLACEHOLDER.findall(KINDS[kind].title.msgid), "3") | params
    reader = db.session.query(Account).filter_by(email="desk@example.com").one()
    notice = Notice(person_id=reader.id, kind=kind, root_kind=root_kind, root_id=root_id, params=params, in_inbox=True)
    with writing("sample") as session:
        session.add(notice)
    return notice


@pytest.mark.req("NTC-1")
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_notice_is_written_in_both_languages(strict, kind):
    notice, letters = told_of(kind), {}
    for language in ("zh", "en"):
        delivery = Delivery(
            id=0, notice_id=notice.id, language=language, zone="Asia/Shanghai", message_id="m", address="a"
        )
        letters[language] = write(delivery, notice)
    zh, en = letters["zh"], letters["en"]
    assert zh.subject != en.subject
    assert CHINESE.search(zh.subject) and zh.text.count("\n") >= 2
    for letter in (zh, en):
        assert "%(" not in letter.subject + letter.text
        assert "None" not in letter.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_notice_has_its_line_in_the_inbox_and_its_name_among_the_choices(house, kind):
    for language in ("zh", "en"):
        with as_reader(language, "Asia/Shanghai"):
            title, label = say(told_of(kind).title), say(KINDS[kind].label)
        assert "%(" not in title
        assert bool(CHINESE.search(label)) is (language == "zh")
