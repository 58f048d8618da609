"""The pages of known answers."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import AnswerState, Audience
from tests.blueprints.technicians.field import sent

FORM = {"question_zh": "湿化器不加热", "answer_zh": "检查加热底座。", "question_en": "", "answer_en": ""}
FORM |= {"product": "", "audience": "customer"}


@pytest.fixture
def desk(browser):
    return browser("desk")


def known():
    db.session.rollback()
    return db.session.scalars(sa.select(KnownAnswer).order_by(KnownAnswer.id.desc())).first()


def count():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(KnownAnswer.id)))


def test_the_desk_writes_an_answer_for_a_product(desk, device):
    answer = desk.post("/quality/answers/new", sent(**FORM | {"product": device.product.uid, "audience": "staff"}))
    assert answer.status_code == 303
    made = known()
    assert (made.product_id, made.audience, made.question.zh) == (device.product_id, Audience.STAFF, "湿化器不加热")
    listed = desk.get(f"/quality/answers?product={device.product.uid}&audience=staff&q=加热").text
    assert "湿化器不加热" in listed
    assert "湿化器不加热" not in desk.get("/quality/answers?audience=customer&q=加热").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question_zh": " "}, "question_zh"),
        ({"answer_zh": ""}, "answer_zh"),
        ({"question_en": "No heat", "answer_en": ""}, "answer_en"),
        ({"audience": "nobody"}, "audience"),
        ({"product": "no-such"}, "product"),
        ({"question_zh": "长" * 201}, "question_zh"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(desk, wrong, field):
    before = count()
    answer = desk.post("/quality/answers/new", sent(**FORM | {"answer_en": "kept text"} | wrong))
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert count() == before and ("kept text" in answer.text or "answer_en" in wrong)


def test_the_same_form_sent_twice_makes_one(desk):
    before, form = count(), sent(**FORM)
    assert [desk.post("/quality/answers/new", form).status_code for _ in range(2)] == [303, 303]
    assert count() == before + 1


def test_two_who_change_an_answer_are_shown_both(desk):
    desk.post("/quality/answers/new", sent(**FORM))
    where = f"/quality/answers/{known().uid}/edit"
    assert desk.post(where, sent(**FORM | {"answer_zh": "先加水。"}, base_version="1")).status_code == 303
    answer = desk.post(where, sent(**FORM | {"answer_zh": "先断电。"}, base_version="1"))
    assert answer.status_code == 409 and "先加水。" in answer.text and "先断电。" in answer.text


def test_an_answer_goes_out_of_use_and_comes_back(desk):
    desk.post("/quality/answers/new", sent(**FORM))
    where = f"/quality/answers/{known().uid}"
    assert desk.post(f"{where}/retire", sent()).status_code == 303
    assert known().state is AnswerState.RETIRED
    assert desk.post(f"{where}/retire", sent()).status_code == 409
    assert desk.post(f"{where}/edit", sent(**FORM, base_version="1")).status_code == 409
    assert desk.post(f"{where}/revive", sent()).status_code == 303
    assert known().state is AnswerState.IN_USE


def test_technicians_read_the_answers_and_customers_are_only_offered_them(browser, desk):
    desk.post("/quality/answers/new", sent(**FORM))
    where = f"/quality/answers/{known().uid}"
    assert "检查加热底座" in browser("technician").get(where).text
    assert browser("technician").post(f"{where}/retire", sent()).status_code == 403
    assert browser("officer").get(where).status_code == 403
    assert desk.get("/quality/answers/no-such").status_code == 404
