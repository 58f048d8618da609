"""What a technician cannot solve alone goes to a colleague or to the manufacturer, and the answer comes back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import Text2, db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Delivery, Notice
from portal.core.permissions import SYSTEM
from portal.domain.escalations import queries, service
from portal.domain.escalations.models import Escalation, State
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import Organisation, OrganisationKind
from portal.domain.policies import waiting
from portal.domain.servicing import service as service_of_orders
from portal.domain.servicing.models import WorkOrder
from tests.blueprints.technicians.field import order_at, order_of

QUESTION = "更换呼气阀后自检仍在第 7 步中断，是否还要换差压芯片？"


@pytest.fixture
def order(people, device):
    return order_at(people, device, "on_site")


@pytest.fixture
def maker(app):
    with writing() as session:
        name = Text2("瑞护医疗（厂家）", "Ruihu Medical")
        return organisations.register(session, SYSTEM, kind=OrganisationKind.SUPPLIER, name=name).id


def ask(number, person, to, **options):
    with writing() as session:
        mine = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        return service.ask(session, mine, person, to, QUESTION, **options).id


def ask_maker(number, person, maker_id, **options):
    with writing() as session:
        mine = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        to = session.get_one(Organisation, maker_id)
        return service.ask(session, mine, person, to, QUESTION, **options).id


def do(asked, carry_out, person, *values):
    with writing() as session:
        carry_out(session, session.get_one(Escalation, asked), person, *values)


def waits(number):
    request = order_of(number).request
    return [one.reason.key for one in waiting.open_of(db.session, request.__tablename__, request.id)]


def told(kind):
    db.session.rollback()
    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


@pytest.mark.req("RPR-8")
def test_a_colleague_is_asked_and_answers(order, people):
    asked = ask(order, people.technician, people.account("technician2"))
    record = db.session.get_one(Escalation, asked)
    assert record.state is State.OPEN and record.number.split("-")[1] == "EQ"
    assert told("question_asked") == {people.technician2.id}
    assert waits(order) == ["second_line"]
    do(asked, service.answer, people.technician2, "先重做零点校准。")
    record = db.session.get_one(Escalation, asked)
    assert record.state is State.ANSWERED
    assert (record.answer, record.answered_by) == ("先重做零点校准。", people.technician2.name)
    assert record.answered_at is not None and waits(order) == []
    assert told("question_answered") == {people.technician.id}


@pytest.mark.req("RPR-8")
def test_waiting_for_a_colleague_stops_no_promise(order, people):
    ask(order, people.technician, people.account("technician2"))
    db.session.rollback()
    assert ClockState.PAUSED not in set(db.session.scalars(sa.select(Clock.state)))


@pytest.mark.req("RPR-8")
def test_the_manufacturer_is_asked_by_mail_and_its_answer_written_down(order, people, maker):
    asked = ask_maker(order, people.technician, maker, email="service@ruihu.example")
    mails = db.session.scalars(sa.select(Delivery.address).join(Notice).where(Notice.kind == "question_to_maker"))
    assert list(mails) == ["service@ruihu.example"]
    assert waits(order) == ["manufacturer"]
    with pytest.raises(NotValid):
        do(asked, service.record_answer, people.desk, "换传感器", " ")
    do(asked, service.record_answer, people.desk, "换传感器组件 RH-9044。", "瑞护技术支持 王工，电话")
    record = db.session.get_one(Escalation, asked)
    assert (record.answered_by, record.recorded_by_id) == ("瑞护技术支持 王工，电话", people.desk.id)
    assert waits(order) == []


def test_nobody_writes_down_the_answer_of_a_colleague(order, people):
    asked = ask(order, people.technician, people.account("technician2"))
    with pytest.raises(NotNow, match="answers it in the own account"):
        do(asked, service.record_answer, people.desk, "换", "李工")
    with pytest.raises(NotAllowed):
        do(asked, service.answer, people.technician, "我自己答")
    with pytest.raises(NotAllowed):
        do(asked, service.answer, people.quality, "不是问我的")


def test_nobody_asks_oneself_and_nobody_asks_about_what_is_over(order, people, device):
    with pytest.raises(NotNow, match="oneself"):
        ask(order, people.technician, people.account("technician"))
    with pytest.raises(NotAllowed):
        ask(order, people.technician2, people.account("quality"))
    with writing() as session:
        one = session.execute(sa.select(WorkOrder).where(WorkOrder.number == order)).scalar_one()
        service_of_orders.cancel_order(session, one, people.desk, "改日")
    with pytest.raises(NotNow, match="is over"):
        ask(order, people.desk, people.account("technician2"))


def test_a_withdrawn_question_is_waited_for_no_longer(order, people):
    first = ask(order, people.technician, people.account("technician2"))
    second = ask(order, people.technician, people.account("quality"))
    with pytest.raises(NotValid):
        do(first, service.withdraw, people.technician, "")
    do(first, service.withdraw, people.technician, "已自行解决")
    assert waits(order) == ["second_line"]
    do(second, service.answer, people.quality, "可以")
    assert waits(order) == []
    with pytest.raises(NotNow):
        do(first, service.answer, people.technician2, "太晚")


@pytest.mark.req("RPR-8")
def test_who_was_asked_is_reminded_and_in_the_end_the_manager_is_told(order, people):
    asked = ask(order, people.technician, people.account("technician2"))
    for n in range(3):
        due = db.session.get_one(Escalation, asked).next_reminder_at
        db.session.rollback()
        at = due + timedelta(minutes=1)
        with clock.frozen(at), writing() as session:
            assert service.next_reminders(session, at) == [asked]
            assert service.remind(session, asked, at)
            assert not service.remind(session, asked, at)
        heard = told("question_waits")
        assert people.technician2.id in heard
        assert (people.manager.id in heard) is (n == 2)
    do(asked, service.answer, people.technician2, "好")
    assert service.next_reminders(db.session, clock.now() + timedelta(days=30)) == []


def test_who_is_certified_for_the_model_stands_first(order, people):
    product = order_of(order).request.device.product
    found = queries.experts(db.session, product, clock.now().date(), people.technician.id)
    certified = [each.certified for each in found]
    assert certified == sorted(certified, reverse=True) and True in certified
    assert people.technician.id not in {each.account.id for each in found}
