"""Known answers: offered for what somebody tells, to whom they are meant for, and counted once for each person."""

import pytest
import sqlalchemy as sa

from portal.core import search
from portal.core.db import Text2, db, writing
from portal.core.errors import NotAllowed, NotNow, NotYours, Stale
from portal.domain.answers import queries, service
from portal.domain.answers.models import AnswerHelped, KnownAnswer
from portal.domain.answers.words import AnswerState, Audience
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.search.rebuilding import rebuild
from tests.queries import count_queries

LEAK = Text2("开机自检提示管路漏气怎么办？", "The self-test reports a leaking circuit")
TIGHTEN = Text2("检查湿化罐和密封圈。", "Tighten the humidifier chamber and its seals.")
TOLD = "昨晚开始一直报警，开机自检提示管路漏气"


def add(people, question=LEAK, answer=TIGHTEN, audience=Audience.CUSTOMER, product=None) -> str:
    with writing() as session:
        of = session.get_one(Product, product.id) if product else None
        values = {"question": question, "answer": answer, "audience": audience, "product": of}
        return service.add(session, people.desk, **values).uid


def known(uid: str) -> KnownAnswer:
    db.session.rollback()
    return db.session.scalars(sa.select(KnownAnswer).where(KnownAnswer.uid == uid)).one()


def offered(person, product, told=TOLD) -> list[str]:
    db.session.rollback()
    return [record.uid for record in queries.offered(db.session, person, product, told)]


def other_than(product) -> Product:
    return db.session.scalars(sa.select(Product).where(Product.id != product.id).order_by(Product.id)).first()


@pytest.mark.req("INT-12", "TEC-1")
def test_what_is_told_in_ones_own_words_finds_the_answer_in_either_language(people, device):
    uid = add(people)
    assert offered(people.officer, device.product) == [uid]
    assert offered(people.officer, device.product, "Since yesterday the selftest says: circuit is leaking!") == [uid]
    assert offered(people.officer, device.product, "屏幕碎了") == []
    assert offered(people.officer, device.product, "") == [] == offered(people.officer, device.product, "？!")


@pytest.mark.req("INT-12")
def test_one_common_word_in_a_sentence_is_not_enough(people, device):
    add(people, Text2("血压测量报警"), Text2("换一条袖带。"))
    assert offered(people.officer, device.product, "屏幕碎了，有时报警") == []
    assert len(offered(people.officer, device.product, "报警")) == 1


@pytest.mark.req("INT-12")
def test_at_most_three_are_offered_the_likest_first(people, device):
    faint = [add(people, Text2(f"自检提示第 {n} 项"), Text2("重新启动。")) for n in range(4)]
    best = add(people)
    found = offered(people.officer, device.product)
    assert len(found) == 3 and found[0] == best and set(found[1:]) < set(faint)


@pytest.mark.req("INT-12")
def test_answers_for_another_product_or_for_staff_are_not_offered_to_a_customer(people, device):
    add(people, product=other_than(device.product))
    inside = add(people, audience=Audience.STAFF)
    mine = add(people, product=device.product)
    assert offered(people.officer, device.product) == [mine]
    assert set(offered(people.desk, device.product)) == {mine, inside}
    assert offered(people.stores, device.product) == []
    with pytest.raises(NotYours):
        queries.to_read(db.session, people.officer, inside)


def test_an_answer_that_is_changed_or_out_of_use_is_found_as_it_now_stands(people, device):
    uid = add(people)
    with writing() as session:
        record = session.get_one(KnownAnswer, known(uid).id)
        values = {"answer": TIGHTEN, "audience": Audience.CUSTOMER, "product": None}
        service.edit(session, record, people.quality, 1, question=Text2("屏幕碎了还能用吗"), **values)
    assert offered(people.officer, device.product, "屏幕碎了") == [uid]
    with pytest.raises(Stale), writing() as session:
        record = session.get_one(KnownAnswer, known(uid).id)
        service.edit(session, record, people.desk, 1, question=LEAK, **values)
    with writing() as session:
        service.retire(session, session.get_one(KnownAnswer, known(uid).id), people.manager)
    assert known(uid).state is AnswerState.RETIRED and offered(people.officer, device.product, "屏幕碎了") == []
    with pytest.raises(NotNow), writing() as session:
        record = session.get_one(KnownAnswer, known(uid).id)
        service.help_with(session, record, people.officer, session.get_one(Device, device.id))
    with writing() as session:
        service.revive(session, session.get_one(KnownAnswer, known(uid).id), people.desk)
    assert offered(people.officer, device.product, "屏幕碎了") == [uid]


def test_who_does_not_keep_answers_cannot_write_one(people):
    for person in (people.officer, people.technician, people.auditor):
        with pytest.raises(NotAllowed), writing() as session:
            service.add(session, person, question=LEAK, answer=TIGHTEN, audience=Audience.CUSTOMER)


@pytest.mark.req("INT-12")
def test_it_is_counted_once_for_each_person_whom_it_helped(people, device):
    uid = add(people)
    for person in (people.officer, people.officer, people.desk):
        with writing() as session:
            record = session.get_one(KnownAnswer, known(uid).id)
            service.help_with(session, record, person, session.get_one(Device, device.id))
    assert known(uid).helped == 2 and known(uid).details_version == 1
    said = db.session.scalars(sa.select(AnswerHelped).order_by(AnswerHelped.id)).all()
    assert [(each.account_id, each.device_id) for each in said] == [
        (person.id, device.id) for person in (people.officer, people.desk)
    ]


def test_the_list_is_found_by_words_and_narrowed(people, device):
    leak, cuff = add(people, product=device.product), add(people, Text2("袖带漏气"), Text2("换袖带。"), Audience.STAFF)

    def listed(**wanted):
        return [row[0] for row in queries.answers(db.session, people.quality, **wanted).rows]

    assert set(listed(typed="漏气")) == {leak, cuff} and listed(typed="漏气 管路") == [leak]
    assert listed(typed="漏气", audience=Audience.STAFF) == [cuff]
    assert listed(typed="漏气", product_id=device.product_id) == [leak]
    assert listed(typed="漏气", state=AnswerState.RETIRED) == [] == listed(typed="没有这个词")
    assert queries.answers(db.session, people.officer).rows == []


def test_offering_takes_two_statements_however_many_there_are(people, device):
    for n in range(12):
        add(people, Text2(f"自检提示管路漏气 {n}"), TIGHTEN)
    product = device.product
    person = people.officer
    with count_queries() as count:
        assert len(queries.offered(db.session, person, product, TOLD)) == 3
    assert len(count) <= 2


def test_the_index_can_be_written_anew(people, device):
    uid = add(people)
    with writing() as session:
        session.execute(sa.delete(search.E).where(search.E.c.kind == queries.NOUN))
    assert offered(people.officer, device.product) == []
    rebuild(writing)
    assert offered(people.officer, device.product) == [uid]
