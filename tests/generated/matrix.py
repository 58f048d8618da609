"""Who may open what: every route for everybody of the cast, and for nobody in particular.

`python -m tests.generated.matrix` writes docs/route_matrix.txt afresh, `python -m tests.generated.matrix /desk/board`
only the rows of routes that begin so (or as a further argument says), in some seconds. Read the difference before
committing it: each changed word is a right given or taken.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.routing import Rule

from portal.core.db import db
from portal.core.deadlines import Clock
from portal.core.files import Attachment
from portal.core.notices import Delivery, Notice
from portal.core.outbox import OutboxRow
from portal.core.verbs import Lifecycle, lifecycles
from portal.domain.absences.models import Absence
from portal.domain.accounts.models import Account
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import AnswerState
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import ChargeState
from portal.domain.checklists.models import Checklist, TestSheet
from portal.domain.complaints.models import Complaint
from portal.domain.devices.models import Device
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, REPAIR_PLAN, SERVICE_REPORT
from portal.domain.documents.models import Document, Rendition, Revision
from portal.domain.duty.models import DutyCall, DutyShift
from portal.domain.escalations.models import Escalation
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeState
from portal.domain.holds.models import EvidenceHold
from portal.domain.kits.models import KitItem
from portal.domain.labels.models import LabelFormat, LabelSheet
from portal.domain.nonconformities.models import Nonconformity
from portal.domain.organisations.models import Centre, Contact, Organisation, Site
from portal.domain.plans.models import PriceItem, RepairPlan
from portal.domain.policies.models import PriceTerms, ServiceContract, Waiting, WorkCalendar
from portal.domain.qualifications.models import Certificate
from portal.domain.ratings.models import RatingAspect, ServiceRating
from portal.domain.releases import queries
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing.models import EarlyRelease, LeavingItem, RequestRoute, ServiceRequest, WorkOrder
from portal.domain.servicing.words import EarlyState
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import StatementState
from portal.domain.wards.models import WardDesk, WardReport
from portal.settings import PROJECT
from tests.conftest import PASSWORD
from tests.generated.house import NOBODY, RATING_CODE, House, told_house

FILE = PROJECT / "docs" / "route_matrix.txt"

READERS = {
    "officer": "ofc",
    "officer2": "of2",
    "ward": "wrd",
    "technician": "tec",
    "technician2": "te2",
    "dealer_technician": "dtc",
    "dealer_desk": "dlr",
    "desk": "dsk",
    "quality": "qua",
    "stores": "sto",
    "finance": "fin",
    "manager": "man",
    "auditor": "aud",
    "admin": "adm",
    NOBODY: "—",
}
HOSPITALS = {"here": "officer", "there": "officer2"}
"""Two places, by whose officer they are: ours to serve, and a dealer's."""
OF_A_PLACE = {
    "complaints",
    "questions",
    "holds",
    "requests",
    "ward-reports",
    "wards",
    "sheets",
    "orders",
    "plans",
    "charges",
    "ratings",
    "clocks",
    "waitings",
    "devices",
    "documents",
    "files",
    "organisations",
    "contacts",
    "pdfs",
    "open",
    "inbox",
    "absences",
    "roster",
    "shifts",
    "calls",
}

HEAD = """\
Who may open what. Written by `python -m tests.generated.matrix`, compared by the tests.

here: a record of the first hospital, which our own centre serves, in a state that suits the route; its technician is
tec, in some rows te2. there: one of the second hospital, which the dealer of dlr and dtc serves.

200 opens · 303 done, leads on · ask: to sign in first · 403 the role may not · 404 not theirs, as if it were not there
422 let in, an empty form is not enough · 409 let in, not in this state · 410 no such link

"""


@dataclass(frozen=True)
class Address:
    """One route with a record filled in. `place` is empty where the record belongs to no hospital."""

    endpoint: str
    method: str
    rule: str
    place: str
    path: str

    @property
    def title(self) -> str:
        return f"{self.method:4} {self.rule}{f' · {self.place}' if self.place else ''}"


def addresses(app: Flask) -> list[Address]:
    """Every route with each of its methods and places, in the order of their rules; those that lack a record aside."""
    return [address for rule in _rules(app) if not unknown_nouns(rule) for address in _of_rule(app, rule)]


def _rules(app: Flask) -> list[Rule]:
    rules = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")
    return sorted(rules, key=lambda rule: (rule.rule, rule.endpoint))


def unknown_nouns(rule: Rule) -> set[str]:
    """The words of an address for which VALUES names no record."""
    return set(_nouns(rule).values()) - VALUES.keys()


def lacking(app: Flask) -> dict[str, set[str]]:
    """Route → the words for which VALUES must name a record."""
    return {rule.rule: unknown_nouns(rule) for rule in _rules(app) if unknown_nouns(rule)}


def _of_rule(app: Flask, rule: Rule) -> Iterator[Address]:
    places = HOSPITALS if OF_A_PLACE & set(_nouns(rule).values()) else {"": "officer"}
    for method in sorted(rule.methods & {"GET", "POST"}):
        for place, officer in places.items():
            organisation_id = _account(officer).organisation_id
            values = {name: VALUES[noun](rule.endpoint, organisation_id) for name, noun in _nouns(rule).items()}
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method)
            yield Address(rule.endpoint, method, rule.rule, place, path)


def _nouns(rule: Rule) -> dict[str, str]:
    """Parameter → the word before it in the address, which says what it names."""
    parts = rule.rule.strip("/").split("/")
    found = {}
    for before, part in zip(["", *parts], parts, strict=False):
        for name in re.findall(r"<(?:[^:<>]*:)?(\w+)>", part):
            found[name] = name if before.startswith("<") else before
    return found


def _account(key: str) -> Account:
    return db.session.execute(sa.select(Account).where(Account.email == f"{key}@example.com")).scalar_one()


def _fitting(model: Any, column: str) -> Callable[[str, int], Any]:
    """The hospital's first record, of those whose state allows the verb that the route is called after."""

    def value(endpoint: str, organisation_id: int) -> Any:
        records = db.session.scalars(
            sa.select(model).where(model.organisation_id == organisation_id).order_by(model.id)
        )
        verb = _verb(lifecycles[model.__tablename__], endpoint.partition(".")[2])
        ranked = sorted(records, key=lambda r: (verb is not None and not verb.possible_in(r.state), _is_side_case(r)))
        return getattr(ranked[0], column)

    return value


def _verb(lifecycle: Lifecycle, name: str) -> Any:
    return lifecycle.by_name.get(SPELT_OTHERWISE.get(name, name))


SPELT_OTHERWISE = {
    "tests": "record_tests",
    "findings": "record_findings",
    "leave": "record_leaving",
    "diagnosis": "diagnose",
    "paper": "finish",
    "sign": "finish",
    "receipt": "file_receipt",
    "cash": "finish",
    "plan_papers": "file_paper",
    "plan_approval": "in_approval",
    "fill_sheet": "record",
    "review_sheet": "review",
    "reject_sheet": "reject",
    "test_again": "review",
    "end_waiting": "end",
    "grant_hold": "grant",
    "decline_hold": "decline",
    "list_sealed": "list",
    "release_hold": "release",
    "answer_question": "answer",
    "withdraw_question": "withdraw",
    "correct_waiting": "correct",
    "follow_up_rating": "follow_up",
    "complain_of_rating": "complain",
    "record_rating": "record",
}
"""Routes that are called otherwise than the verb that is possible in the same states."""


def _is_side_case(record: Any) -> bool:
    """Whether another than the hospital's usual technician was sent, or nobody yet."""
    usual = {_account("technician").id, _account("dealer_technician").id}
    return getattr(record, "technician_id", None) not in usual


def _first(statement: sa.Select) -> Any:
    return db.session.execute(statement.limit(1)).scalar_one()


def _photo(endpoint: str, organisation_id: int) -> str:
    of_here = sa.select(ServiceRequest.id).where(ServiceRequest.organisation_id == organisation_id)
    at_requests = sa.and_(Attachment.root_kind == "service_request", Attachment.root_id.in_(of_here))
    return _first(sa.select(Attachment.uid).where(at_requests).order_by(Attachment.id))


def _pdf(endpoint: str, organisation_id: int) -> str:
    return _first(sa.select(Rendition.uid).join(Revision).where(Revision.document_id == _paper(organisation_id).id))


def _paper(organisation_id: int) -> Document:
    """The hospital's first report that was issued."""
    mine = Document.kind == SERVICE_REPORT.name, Document.organisation_id == organisation_id
    issued = Document.number.is_not(None), *mine
    return _first(sa.select(Document).where(*issued).order_by(Document.id))


ANSWERED = {
    "customers.sign": SERVICE_REPORT.name,
    "records.customer_signed": DO_NOT_USE_NOTICE.name,
    "customers.refuse_plan": REPAIR_PLAN.name,
    "customers.dispute_plan": REPAIR_PLAN.name,
}
"""Routes of a paper that waits for its customer, and of which kind."""


def _document(endpoint: str, organisation_id: int) -> str:
    """One that waits for its customer, to be signed or answered; else one that was issued."""
    kind = ANSWERED.get(endpoint, "")
    papers = db.session.scalars(sa.select(Document).where(Document.organisation_id == organisation_id))
    waiting = next(
        (paper for paper in papers if paper.kind == kind and (paper.awaits_customer or paper.awaits_receipt)), None
    )
    return waiting.uid if waiting else _paper(organisation_id).uid


def _notice(endpoint: str, organisation_id: int) -> int:
    told = (
        Notice.person_id
        == sa.select(Account.id)
        .where(Account.organisation_id == organisation_id)
        .order_by(Account.id)
        .limit(1)
        .scalar_subquery()
    )
    return _first(sa.select(Notice.id).where(told).order_by(Notice.id))


def _site_with_a_code(organisation_id: int) -> sa.Select:
    found = sa.select(Site.uid).join(WardDesk, WardDesk.site_id == Site.id)
    return found.where(Site.organisation_id == organisation_id).order_by(Site.id)


def _contact(endpoint: str, organisation_id: int) -> str:
    return _first(sa.select(Contact.uid).where(Contact.organisation_id == organisation_id))


def _centre(endpoint: str, organisation_id: int) -> str:
    """The centre that serves the hospital."""
    serving = sa.select(Device.centre_id).where(Device.organisation_id == organisation_id)
    return _first(sa.select(Centre.uid).where(Centre.id.in_(serving)).order_by(Centre.id))


def _shift(endpoint: str, organisation_id: int) -> str:
    """The last shift of that centre, which has not begun."""
    here = sa.select(Centre.id).where(Centre.uid == _centre(endpoint, organisation_id)).scalar_subquery()
    return _first(sa.select(DutyShift.uid).where(DutyShift.centre_id == here).order_by(DutyShift.starts_at.desc()))


def _absence(endpoint: str, organisation_id: int) -> str:
    """Of one of our own people, or of the dealer's; one that is to be decided, if there is one."""
    ours = organisation_id == _account("officer").organisation_id
    of_whom = Absence.dealer_id.is_(None) if ours else Absence.dealer_id.is_not(None)
    return _first(sa.select(Absence.uid).where(of_whom).order_by(Absence.state.desc(), Absence.id))


def _duty_call(endpoint: str, organisation_id: int) -> str:
    of_here = sa.select(ServiceRequest.id).where(ServiceRequest.organisation_id == organisation_id)
    return _first(sa.select(DutyCall.uid).where(DutyCall.request_id.in_(of_here)).order_by(DutyCall.id))


def _always(value: Any) -> Callable[[str, int], Any]:
    return lambda endpoint, organisation_id: value


OF_A_DRAFT = {
    f"office.{name}"
    for name in ("policy_draft", "new_promise", "edit_promise", "drop_promise", "approve_policy", "discard_policy")
}
"""Routes of a policy that is still a draft."""


def _order(endpoint: str, organisation_id: int) -> str:
    """The order of the sheet that the route is about, else one whose state fits."""
    if endpoint in OF_A_SHEET:
        uid = _fitting(TestSheet, "uid")(endpoint, organisation_id)
        return _first(sa.select(WorkOrder.number).join(TestSheet).where(TestSheet.uid == uid))
    if endpoint in OF_AN_EARLY_RELEASE:
        due = EarlyRelease.organisation_id == organisation_id, EarlyRelease.state == EarlyState.DUE
        return _first(sa.select(WorkOrder.number).join(EarlyRelease).where(*due).order_by(EarlyRelease.id))
    return _fitting(WorkOrder, "number")(endpoint, organisation_id)


OF_AN_EARLY_RELEASE = {"quality.accept_release", "quality.refuse_release"}
OF_A_SHEET = {
    *("technicians.sheet", "technicians.fill_sheet", "technicians.test_again"),
    *("technicians.open_nonconformity", "technicians.needs_part"),
}
"""Routes of a test sheet below its work order."""


def _checklist(endpoint: str, organisation_id: int) -> Checklist:
    """One with a draft where the route is about that, else one that is published."""
    drafted = endpoint.removeprefix("office.") in OF_A_CHECKLIST_DRAFT
    return next(each for each in db.session.scalars(sa.select(Checklist)) if bool(each.draft) == drafted)


OF_A_CHECKLIST_DRAFT = {
    *("checklist_draft", "new_checklist_item", "checklist_item", "move_checklist_item"),
    *("drop_checklist_item", "publish_checklist", "discard_checklist"),
}
"""Routes of a checklist that has a draft."""


def _statement(endpoint: str, organisation_id: int) -> str:
    """A draft where the route issues it, else one that was issued."""
    state = StatementState.DRAFT if endpoint == "office.issue_statement" else StatementState.ISSUED
    return _first(sa.select(Statement.uid).where(Statement.state == state).order_by(Statement.id))


def _charge(endpoint: str, organisation_id: int) -> str:
    """One whose state allows the verb; of the first hospital or, where it has none, of any."""
    verb = {"invoice_charge": ("open",), "discount_charge": ("open",), "cancel_charge": ("open", "invoiced")}
    states = verb.get(endpoint.partition(".")[2], tuple(ChargeState))
    mine = sa.select(Charge.uid).where(Charge.organisation_id == organisation_id, Charge.state.in_(states))
    return db.session.scalar(mine.order_by(Charge.id).limit(1)) or _first(sa.select(Charge.uid).order_by(Charge.id))


VALUES: dict[str, Callable[[str, int], Any]] = {
    "requests": _fitting(ServiceRequest, "number"),
    "ward-reports": _fitting(WardReport, "number"),
    "wards": lambda _, organisation_id: _first(_site_with_a_code(organisation_id)),
    "ward-users": lambda *_: _account("ward").uid,
    "d": lambda *_: _first(sa.select(Device.label_code).join(WardDesk, WardDesk.site_id == Device.site_id)),
    "w": lambda *_: _first(sa.select(WardReport.status_code).order_by(WardReport.id)),
    "badge": lambda *_: _account("technician").badge_code,
    "clocks": _fitting(Clock, "uid"),
    "complaints": _fitting(Complaint, "uid"),
    "holds": _fitting(EvidenceHold, "uid"),
    "questions": _fitting(Escalation, "uid"),
    "sheets": _fitting(TestSheet, "uid"),
    "nonconformities": lambda *_: _first(sa.select(Nonconformity.uid).order_by(Nonconformity.id)),
    "checklists": lambda *place: _checklist(*place).uid,
    "items": lambda *place: _checklist(*place).draft.items[0].uid,
    "routes": lambda *_: _first(sa.select(RequestRoute.uid).order_by(RequestRoute.id)),
    "waitings": _fitting(Waiting, "uid"),
    "orders": _order,
    "open": _fitting(ServiceRequest, "number"),
    "devices": _fitting(Device, "number"),
    "documents": _document,
    "files": _photo,
    "pdfs": _pdf,
    "inbox": _notice,
    "contacts": _contact,
    "organisations": lambda _, organisation_id: db.session.get_one(Organisation, organisation_id).uid,
    "people": lambda endpoint, _: (
        _account("technician" if any(word in endpoint for word in ("certificate", "badge")) else "stores").uid
    ),
    "certificates": lambda *_: _first(sa.select(Certificate.uid).order_by(Certificate.id)),
    "products": lambda *_: _first(sa.select(Product.uid).order_by(Product.id)),
    "verify": lambda *_: _paper(_account("officer").organisation_id).number,
    "jobs": lambda *_: _first(sa.select(OutboxRow.id).order_by(OutboxRow.id)),
    "notices": lambda *_: _first(sa.select(Delivery.message_id).order_by(Delivery.id)),
    "roles": _always(1),
    "grant": _always("desk"),
    "invite": _always("desk"),
    "language": _always("zh"),
    "fault-codes": lambda endpoint, _: _first(
        sa.select(FaultCode.uid)
        .where(FaultCode.state == (CodeState.RETIRED if "revive" in endpoint else CodeState.IN_USE))
        .order_by(FaultCode.id)
    ),
    "answers": lambda endpoint, _: _first(
        sa.select(KnownAnswer.uid)
        .where(KnownAnswer.state == (AnswerState.RETIRED if "revive" in endpoint else AnswerState.IN_USE))
        .order_by(KnownAnswer.id)
    ),
    "families": lambda *_: _first(sa.select(ProductFamily.uid).order_by(ProductFamily.id)),
    "policies": lambda endpoint, _: "A" if endpoint in OF_A_DRAFT else "default",
    "plans": _fitting(RepairPlan, "uid"),
    "charges": _charge,
    "ratings": _fitting(ServiceRating, "uid"),
    "rating-aspects": lambda *_: _first(sa.select(RatingAspect.uid).order_by(RatingAspect.position)),
    "statements": _statement,
    "runs": lambda *_: _first(sa.select(StatementRun.uid).order_by(StatementRun.id)),
    "payments": lambda *_: _first(sa.select(ChargePayment.uid).order_by(ChargePayment.state.desc(), ChargePayment.id)),
    "price-terms": lambda *_: _first(sa.select(PriceTerms.uid).order_by(PriceTerms.id)),
    "label-formats": lambda *_: _first(sa.select(LabelFormat.uid).order_by(LabelFormat.id)),
    "labels": lambda *_: _first(sa.select(LabelSheet.uid).order_by(LabelSheet.id)),
    "prices": lambda *_: _first(sa.select(PriceItem.uid).order_by(PriceItem.id)),
    "release-reasons": lambda *_: _first(sa.select(ReleaseReason.uid).order_by(ReleaseReason.id)),
    "rules": lambda *_: queries.draft(db.session()).rules[0].uid,
    "promises": _always(1),
    "calendars": lambda *_: _first(sa.select(WorkCalendar.uid).order_by(WorkCalendar.id)),
    "day": _always("2026-10-01"),
    "contracts": lambda *_: _first(sa.select(ServiceContract.uid).order_by(ServiceContract.id)),
    "waiting-reasons": _always("parts"),
    "absences": _absence,
    "kit": lambda *_: _first(sa.select(KitItem.uid).order_by(KitItem.product_id, KitItem.id)),
    "leaving-items": lambda *_: _first(sa.select(LeavingItem.uid).order_by(LeavingItem.id)),
    "roster": _centre,
    "shifts": _shift,
    "calls": _duty_call,
    "figures": _always("claimed_time_hours"),
    "r": _always(RATING_CODE),
    "reset": _always("no-such-token"),
    "invitation": _always("no-such-token"),
    "first-admin": _always("no-such-token"),
}


def verdict(answer: Any) -> str:
    """An answer in the matrix's words."""
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return "ask"
    return str(answer.status_code)


METHODS = ("GET ", "POST ")

Matrix = dict[str, dict[str, str]]
"""Title → reader → verdict."""


@cache
def written(file: Path = FILE) -> Matrix:
    """The matrix as committed."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith(METHODS)]
    rows = [line.rsplit(None, len(READERS)) for line in lines]
    return {title: dict(zip(READERS, verdicts, strict=True)) for title, *verdicts in rows}


def spelt(found: Matrix) -> str:
    """The matrix as it is committed."""
    width = max(map(len, found))
    keys = "\n".join(f"{short}  {key}" for key, short in READERS.items())
    head = f"{'':{width}} {' '.join(f'{short:>3}' for short in READERS.values())}\n"
    rows = (f"{title:{width}} {' '.join(f'{row[key]:>3}' for key in READERS)}\n" for title, row in found.items())
    return HEAD + keys + "\n\n" + head + "".join(rows)


def column(house: House, reader: str, found: list[Address]) -> dict[str, str]:
    """What one reader is answered at every address, each time in the house as it was told."""
    browser, answers = house.browser(reader), {}
    house.reset()
    for address in found:
        answer = browser.open(address.path, method=address.method)
        answers[address.title] = verdict(answer)
        answer.close()
        if address.method == "POST" and answer.status_code < 400:
            house.reset()
            browser = house.browser(reader)
    return answers


def rewritten(house: House, *beginnings: str) -> Matrix:
    """The matrix with the rows of routes that begin so asked anew, and the others as committed."""
    with house.app.app_context():
        found = addresses(house.app)
    asked = [address for address in found if address.rule.startswith(beginnings)]
    columns = {reader: column(house, reader, asked) for reader in READERS}
    rows = {a.title: {reader: columns[reader][a.title] for reader in READERS} for a in asked}
    before = written() if FILE.exists() else {}
    titles = [a.title for a in found if a.title in rows or a.title in before]
    return {title: rows.get(title) or before[title] for title in titles}


def main(*beginnings: str) -> None:
    logging.disable(logging.WARNING)
    folders = SimpleNamespace(mktemp=lambda name: Path(tempfile.mkdtemp(prefix=name)))
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with told_house(folders, cheap) as house:
        FILE.write_text(spelt(rewritten(house, *beginnings or ("/",))), "utf-8")
        for rule, nouns in lacking(house.app).items():
            print(f"{rule}: say in VALUES of tests/generated/matrix.py which record stands for {', '.join(nouns)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
