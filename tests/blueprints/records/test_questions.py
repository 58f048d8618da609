"""Asking second line and the manufacturer, and answering, through the forms."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.escalations import service
from portal.domain.escalations.models import Escalation
from portal.domain.servicing.models import WorkOrder
from tests.blueprints.technicians.field import order_at, picture, sent

QUESTION = "更换呼气阀后自检仍在第 7 步中断，是否还要换差压芯片？"
FILES = {"content_type": "multipart/form-data"}


@pytest.fixture
def order(people, device):
    return order_at(people, device, "on_site")


@pytest.fixture
def asked(people, order):
    """Uid of a question that was put to technician2."""
    with writing() as session:
        mine = session.execute(sa.select(WorkOrder).where(WorkOrder.number == order)).scalar_one()
        return service.ask(session, mine, people.technician, people.account("technician2"), QUESTION).uid


def text(answer):
    return answer.get_data(as_text=True)


@pytest.mark.req("RPR-8")
def test_the_technician_asks_and_the_colleague_finds_it_in_the_queue(browser, people, order):
    tablet, expert = browser("technician"), browser("technician2")
    to = people.account("technician2").uid
    form = sent(to=to, question=QUESTION, files=picture("JPEG", "E-42.jpg"))
    answer = tablet.post(f"/orders/{order}/ask", form, **FILES)
    assert answer.location == f"/technician/orders/{order}"
    assert QUESTION in text(tablet.get(answer.location))
    record = db.session.scalars(sa.select(Escalation)).one()
    assert record.number in text(expert.get("/questions"))
    page = text(expert.get(f"/questions/{record.uid}"))
    assert QUESTION in page and "开机后 3 分钟报警 E-42" in page
    assert expert.get(f"/technician/orders/{order}").status_code == 404
    assert expert.get(f"/open/{record.number}").location == f"/questions/{record.uid}"
    assert expert.post(f"/questions/{record.uid}/answer", sent(answer="先重做零点校准。")).status_code == 303
    assert "先重做零点校准。" in text(tablet.get(f"/technician/orders/{order}"))
    assert record.number not in text(expert.get("/questions"))
    assert record.number in text(expert.get("/questions?state=answered"))


def test_a_question_without_words_or_addressee_keeps_what_was_typed(browser, people, order):
    tablet = browser("technician")
    assert tablet.get(f"/orders/{order}/ask").status_code == 200
    answer = tablet.post(f"/orders/{order}/ask", sent(question=QUESTION))
    assert answer.status_code == 422 and QUESTION in text(answer)
    assert tablet.post(f"/orders/{order}/ask", sent(to="nobody", question=QUESTION)).status_code == 422
    assert tablet.post(f"/orders/{order}/ask", sent(to=people.account("quality").uid)).status_code == 422


def test_a_form_sent_twice_asks_once(browser, people, order):
    tablet, form = browser("technician"), sent(to=people.account("quality").uid, question=QUESTION)
    assert tablet.post(f"/orders/{order}/ask", form).status_code == 303
    assert tablet.post(f"/orders/{order}/ask", form).status_code == 303
    assert len(db.session.scalars(sa.select(Escalation)).all()) == 1


def test_others_neither_see_nor_answer_it(browser, asked, order):
    assert browser("officer").get(f"/questions/{asked}").status_code == 403
    assert browser("officer").get(f"/orders/{order}/ask").status_code == 403
    assert browser("dealer_technician").get(f"/questions/{asked}").status_code == 404
    assert browser("dealer_technician").post(f"/questions/{asked}/answer", sent(answer="…")).status_code == 404
    assert browser("quality").post(f"/questions/{asked}/answer", sent(answer="…")).status_code == 404
    assert browser("technician").post(f"/questions/{asked}/answer", sent(answer="…")).status_code == 404


def test_an_answer_comes_once_and_says_something(browser, asked):
    expert = browser("technician2")
    assert expert.post(f"/questions/{asked}/answer", sent(answer=" ")).status_code == 422
    assert expert.post(f"/questions/{asked}/answer", sent(answer="换")).status_code == 303
    assert expert.post(f"/questions/{asked}/answer", sent(answer="再换")).status_code == 409
    assert browser("desk").post(f"/questions/{asked}/withdraw", sent(reason="已解决")).status_code == 409


def test_only_a_manufacturers_answer_is_written_down_by_somebody_else(browser, asked):
    answer = browser("desk").post(f"/questions/{asked}/record", sent(answer="换", answered_by="李工"))
    assert answer.status_code == 409
    assert browser("desk").post(f"/questions/{asked}/withdraw", sent(reason="")).status_code == 422
    assert browser("desk").post(f"/questions/{asked}/withdraw", sent(reason="已解决")).status_code == 303
