import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.core import outbox
from portal.core.db import db, writing
from portal.core.errors import Message
from portal.core.notices import (
    KINDS,
    Addressee,
    Channel,
    Delivery,
    Notice,
    NoticeKind,
    Progress,
    choose,
    chosen,
    declare,
    deliver_again,
    inbox,
    mark_read,
    notify,
    undelivered,
    unread,
)
from portal.core.outbox import OutboxRow
from tests.jobs.house import clear_queue

ROOT = SimpleNamespace(__tablename__="service_request", id=42)
LI, WANG = 9001, 9002
KIND = {"label": Message("A test"), "title": Message("Request %(number)s was tested")}


def person(n, email="someone@hospital.example", language="zh"):
    return Addressee(email=email and f"{n}-{email}", language=language, zone="Asia/Shanghai", id=n)


@pytest.fixture
def kind():
    """Declares a kind for the time of the test."""
    made = []

    def make(**options):
        made.append(declare(NoticeKind("test.kind", **(KIND | options))))
        return made[-1]

    yield make
    for each in made:
        del KINDS[each.name]


@pytest.fixture(autouse=True)
def empty(app):
    clear_queue()


def tell(kind, *people, **params):
    with writing() as session:
        return notify(session, kind, people, root=ROOT, params={"number": "SR-1"} | params, cause_id=7)


def deliveries():
    db.session.rollback()
    return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


@pytest.mark.req("NTC-1")
def test_one_notice_is_an_inbox_entry_a_delivery_and_a_job(kind):
    assert tell(kind(), person(LI)) == 1
    [notice] = inbox(db.session, LI)
    assert (notice.root_kind, notice.root_id, notice.cause_id) == ("service_request", 42, 7)
    assert notice.title == Message("Request %(number)s was tested", number="SR-1")
    [delivery] = deliveries()
    assert (delivery.notice_id, delivery.channel, delivery.state) == (notice.id, Channel.MAIL, Progress.WAITING)
    assert delivery.address == f"{LI}-someone@hospital.example"
    [row] = outbox.waiting(db.session)
    assert (row.id, row.kind, row.payload) == (delivery.outbox_id, "notice.mail", {"deliveries": 1})


def test_nobody_is_told_of_what_was_rolled_back(kind):
    made = kind()
    with pytest.raises(ZeroDivisionError), writing() as session:
        notify(session, made, [person(LI)], root=ROOT, params={"number": "SR-1"})
        raise ZeroDivisionError
    assert (inbox(db.session, LI), deliveries(), outbox.waiting(db.session)) == ([], [], [])


def test_whom_two_rules_name_is_told_once(kind):
    assert tell(kind(), person(LI), person(WANG), person(LI)) == 2
    assert len(deliveries()) == 2


def test_nobody_to_tell_is_no_job(kind):
    assert tell(kind()) == 0
    assert outbox.waiting(db.session) == []


def test_somebody_without_an_address_finds_it_in_the_inbox(kind):
    tell(kind(), person(LI, email=None))
    assert len(inbox(db.session, LI)) == 1 and deliveries() == []


def test_somebody_without_an_account_gets_the_mail(kind):
    tell(kind(), Addressee("ward@hospital.example", "zh", "Asia/Shanghai"))
    [delivery] = deliveries()
    assert delivery.address == "ward@hospital.example"


def test_a_kind_that_is_not_for_the_inbox_stays_out_of_it(kind):
    tell(kind(inbox=False), person(LI))
    assert inbox(db.session, LI) == [] and unread(db.session, LI) == 0
    assert len(deliveries()) == 1


def test_each_delivery_has_an_id_of_its_own(kind):
    tell(kind(), *(person(n) for n in range(5)))
    assert len({delivery.message_id for delivery in deliveries()}) == 5


class TestChoice:
    def test_refuses_one_way_and_keeps_the_inbox(self, kind):
        made = kind()
        with writing() as session:
            choose(session, LI, made, Channel.MAIL, False)
        tell(made, person(LI), person(WANG))
        assert [delivery.address[:4] for delivery in deliveries()] == [str(WANG)]
        assert len(inbox(db.session, LI)) == 1

    def test_adds_a_way_that_is_not_the_default(self, kind):
        made = kind()
        with writing() as session:
            choose(session, LI, made, Channel.WEBHOOK, True)
        tell(made, person(LI))
        assert {delivery.channel for delivery in deliveries()} == {Channel.MAIL, Channel.WEBHOOK}
        assert {row.kind for row in outbox.waiting(db.session)} == {"notice.mail", "notice.webhook"}

    def test_can_be_changed_and_is_read_with_the_defaults(self, kind):
        made = kind()
        for wanted in (False, True, False):
            with writing() as session:
                choose(session, LI, made, Channel.MAIL, wanted)
            assert chosen(db.session, LI)["test.kind", Channel.MAIL] is wanted
        assert chosen(db.session, LI)["test.kind", Channel.WEBHOOK] is False
        assert chosen(db.session, WANG)["test.kind", Channel.MAIL] is True

    def test_cannot_refuse_what_is_mandatory(self, kind):
        made = kind(mandatory=True)
        with pytest.raises(ValueError, match="cannot be refused"), writing() as session:
            choose(session, LI, made, Channel.MAIL, False)
        assert ("test.kind", Channel.MAIL) not in chosen(db.session, LI)


class TestInbox:
    def test_is_newest_first_in_pages(self, kind):
        made = kind()
        for n in range(5):
            tell(made, person(LI), number=f"SR-{n}")
        first = inbox(db.session, LI, limit=3)
        rest = inbox(db.session, LI, limit=3, before_id=first[-1].id)
        assert [notice.params["number"] for notice in first + rest] == ["SR-4", "SR-3", "SR-2", "SR-1", "SR-0"]

    def test_is_ones_own(self, kind):
        tell(kind(), person(LI))
        assert inbox(db.session, WANG) == []
        with writing() as session:
            mark_read(session, WANG, [inbox(session, LI)[0].id])
        assert unread(db.session, LI) == 1

    def test_counts_what_is_unread(self, kind):
        made = kind()
        for _ in range(3):
            tell(made, person(LI))
        with writing() as session:
            mark_read(session, LI, [inbox(session, LI)[0].id])
        assert unread(db.session, LI) == 2
        with writing() as session:
            mark_read(session, LI)
        assert unread(db.session, LI) == 0

    def test_stops_counting_where_it_no_longer_matters(self, kind):
        made = kind()
        for _ in range(5):
            tell(made, person(LI))
        assert unread(db.session, LI, at_most=3) == 3


class TestUndelivered:
    def test_is_listed_until_it_is_asked_for_again_with_the_same_id(self, kind):
        tell(kind(), person(LI), person(WANG))
        gone, fine = deliveries()
        with writing() as session:
            session.get_one(Delivery, gone.id).state = Progress.DEAD
            session.get_one(Delivery, fine.id).state = Progress.SENT
        [(delivery, notice)] = undelivered(db.session)
        assert (delivery.id, notice.person_id) == (gone.id, LI)
        kept = delivery.message_id
        with writing() as session:
            deliver_again(session, session.get_one(Delivery, gone.id))
        assert undelivered(db.session) == []
        again = deliveries()[0]
        assert (again.message_id, again.state) == (kept, Progress.WAITING)
        assert db.session.get_one(OutboxRow, again.outbox_id).kind == "notice.mail"

    def test_what_was_sent_is_not_sent_again(self, kind):
        tell(kind(), person(LI))
        before = len(outbox.waiting(db.session))
        with writing() as session:
            delivery = session.scalars(sa.select(Delivery)).one()
            delivery.state = Progress.SENT
            deliver_again(session, delivery)
        assert len(outbox.waiting(db.session)) == before


def test_two_kinds_of_one_name_are_refused(kind):
    kind()
    with pytest.raises(ValueError, match=r"test\.kind"):
        kind()


def test_a_crowd_is_told_by_batches(kind):
    made = kind()
    begun = time.process_time()
    tell(made, *(person(n) for n in range(2_000)))
    assert time.process_time() - begun < 2
    rows = db.session.scalars(sa.select(OutboxRow)).all()
    assert [row.payload["deliveries"] for row in rows] == [200] * 10
    per_job = sa.select(sa.func.count()).select_from(Delivery).group_by(Delivery.outbox_id)
    assert set(db.session.scalars(per_job)) == {200}
    pairs = sa.select(Notice.person_id, Delivery.address).join(Notice)
    assert all(address == f"{n}-someone@hospital.example" for n, address in db.session.execute(pairs))
