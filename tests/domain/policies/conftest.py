"""A house with everything that is shipped about promised times, and a case to play with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import jobs
import jobs.clocks
from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock
from portal.core.notices import Notice
from portal.core.outbox import OutboxRow
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.policies import rules, waiting
from portal.domain.policies.models import ServicePolicy, Waiting, WaitingReason
from portal.domain.servicing import clocks, service
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from tests.safety import NOTHING

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text):
    """An instant by the wall in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def wall(instant):
    return instant.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


MONDAY = at("2026-11-16 09:00")


class Case:
    """One request, told step by step at stated times."""

    def __init__(self, people, device_id):
        self.people, self.device_id = people, device_id
        self.request_id = self.order_id = None

    def at(self, when, do, record=ServiceRequest):
        """Do something to the request, or the order, at a time."""
        with clock.frozen(when), writing() as session:
            found = session.get_one(record, self.order_id if record is WorkOrder else self.request_id)
            return do(session, found)

    def report(self, when=MONDAY, person=None, **values):
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"} | values
        with clock.frozen(when), writing() as session:
            device = session.get_one(Device, self.device_id)
            person = person or self.people.officer
            self.request_id = service.create_request(session, person, device, **{"answers": NOTHING} | facts).id
        return self

    def assess(self, when, **values):
        def do(session, request):
            facts = {"urgency": request.urgency, "next_step": "派工"} | values
            service.assess(session, request, self.people.desk, request.assessment_version, **facts)

        self.at(when, do)

    def assign(self, when):
        technician = self.people.account("technician").id

        def do(session, request):
            return service.assign(session, request, self.people.desk, session.get_one(Account, technician)).id

        self.order_id = self.at(when, do)

    def step(self, when, name, occurred_at=None):
        act = getattr(service, name)
        self.at(when, lambda s, order: act(s, order, self.people.technician, occurred_at) and None, WorkOrder)

    def wait(self, when, reason_id, occurred_at=None, evidence="电话 8:55 陈静怡"):
        def do(session, request):
            reason = session.get_one(WaitingReason, reason_id)
            return clocks.wait(session, request, self.people.desk, reason, evidence, occurred_at).id

        return self.at(when, do)

    def go_on(self, when, waiting_id, occurred_at=None):
        def do(session, request):
            waiting.end(session, session.get_one(Waiting, waiting_id), self.people.desk, occurred_at)

        self.at(when, do)

    def record(self, when, event, occurred_at=None):
        def do(session, request):
            clocks.record(session, request, self.people.desk, event, "签收单 0317", occurred_at)

        self.at(when, do)

    def clocks(self):
        db.session.rollback()
        mine = sa.select(Clock).where(Clock.root_kind == "service_request", Clock.root_id == self.request_id)
        mine = mine.order_by(Clock.id).execution_options(populate_existing=True)
        return {clock.name: clock for clock in db.session.scalars(mine)}

    def __getitem__(self, name):
        return self.clocks()[name]


@pytest.fixture
def critical(people, device):
    """A case about a ventilator, which keeps somebody alive."""
    return Case(people, device.id)


@pytest.fixture
def case(people, device, session):
    """A case about a device that keeps nobody alive, at the same hospital, in town."""
    same_site = sa.select(Device).join(Product).where(Device.site_id == device.site_id)
    found = session.scalars(same_site.where(Product.life_support.is_(False)).order_by(Device.id)).first()
    return Case(people, found.id)


@pytest.fixture
def reason(session):
    """A waiting reason by its key."""
    return lambda key: session.scalars(sa.select(WaitingReason).where(WaitingReason.key == key)).one().id


def tick(when):
    """What the tick does at this time; how many it told."""
    with clock.frozen(when):
        return jobs.clocks.tell()


def told(session, person):
    """Kinds of notices in a person's inbox, oldest first."""
    session.rollback()
    mine = sa.select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return [kind for kind in session.scalars(mine) if kind.startswith(("clock", "urgent", "waiting", "plea"))]


@pytest.fixture
def policy(session):
    """A policy by its key."""
    return lambda key: session.scalars(sa.select(ServicePolicy).where(ServicePolicy.key == key)).one()


@pytest.fixture
def draft(session, policy):
    """The draft version of a shipped policy, by key."""
    return lambda key: rules.draft_of(session, policy(key).id)


def run_job(session, kind):
    """Do the oldest job of this kind that waits."""
    session.rollback()
    row = sa.select(OutboxRow.id).where(OutboxRow.kind == kind, OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)
    jobs.load()
    assert jobs.run(session.scalars(row.limit(1)).one(), raising=True)
    session.rollback()


def put_into_force(people, version, **figures):
    """Approve a draft, after its bare words got figures: clock → amount as stored."""
    with writing() as session:
        version = session.get_one(type(version), version.id)
        for rule in list(version.rules):
            if rule.amount is None:
                amount = figures[rule.clock]
                rules.set_rule(session, version, people.quality, version.draft_version, rule.id, amount=amount)
        rules.approve(session, version, people.manager, "as agreed")


def by_contract(people, organisation_id, version, **figures):
    """Put a draft into force for one hospital, by contract."""
    put_into_force(people, version, **figures)
    with writing() as session:
        rules.sign_contract(
            session,
            people.manager,
            number="HT-2026-018",
            organisation_id=organisation_id,
            policy_id=version.policy_id,
            starts_on=date(2020, 1, 1),
            ends_on=date(2035, 12, 31),
        )
