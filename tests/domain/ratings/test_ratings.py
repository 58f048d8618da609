"""Ratings: given with the signature, in the own account, by a mailed link or by telephone; low ones are followed up."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs
from jobs.notices import write
from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, NotYours, Stale
from portal.core.notices import Delivery, Notice
from portal.core.permissions import find
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.models import Account
from portal.domain.complaints import service as complaints
from portal.domain.complaints.models import Complaint
from portal.domain.complaints.models import State as ComplaintState
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.permissions import P
from portal.domain.policies import service as policies
from portal.domain.ratings import aspects, averages, links, queries, service
from portal.domain.ratings.models import RatingLink, ServiceRating
from portal.domain.ratings.service import Answers
from portal.domain.ratings.words import RatingState, Source
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Asked, Harm
from tests import reports
from tests.blueprints.technicians.field import order_at


@pytest.fixture
def finished(people, device):
    """Finishes a service; its rating, signed with `score`, or on paper without one."""

    def finish(score=None, comment=""):
        number = order_at(people, device, "to_sign")
        with writing() as session:
            order = session.scalars(sa.select(WorkOrder).where(WorkOrder.number == number)).one()
            paper = documents.of(session, SERVICE_REPORT, order)
            if score is None:
                signer, signing = people.technician, Signing(Method.PAPER, "陈静怡", reason="平板没电")
            else:
                signer, said = people.officer, {"rating": score, "comment": comment}
                signing = Signing(Method.PASSWORD, people.officer.name, **said)
            servicing.sign(session, paper, signer, signing, paper.current.content_hash)
            return queries.of_order(session, order).id

    return finish


def kept(rating_id: int) -> ServiceRating:
    db.session.rollback()
    return db.session.get_one(ServiceRating, rating_id)


def do(rating_id, act):
    with writing() as session:
        return act(session, session.get_one(ServiceRating, rating_id))


def rate(rating_id, person, answers, version=0):
    do(rating_id, lambda s, rating: service.rate(s, rating, person, version, answers))


def told(kind: str) -> list[int | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.id)))


def mailed_code() -> str:
    """The code that stands in the mail."""
    db.session.rollback()
    mail = sa.select(Delivery, Notice).join(Notice).where(Notice.kind == "rating_asked").order_by(Delivery.id.desc())
    letter = write(*db.session.execute(mail).first())
    db.session.rollback()
    return re.search(r"/r/(\w+)", letter.text)[1]


def figure(people, name, value):
    with writing() as session:
        policies.set_figure(session, people.manager, name, 0, value, "a drill")


@pytest.mark.req("SRV-1")
def test_the_evaluation_beside_the_signature_is_the_rating(people, finished):
    rating = kept(finished(4, "及时"))
    assert (rating.state, rating.score, rating.opinion) == (RatingState.GIVEN, 4, "及时")
    assert (rating.source, rating.given_by_id, rating.given_name) == (
        Source.SIGNATURE,
        people.officer.id,
        people.officer.name,
    )
    assert rating.number.split("-")[1] == "RT" and rating.technician_id == people.technician.id
    assert told("rating_asked") == [] and told("rating_low") == []


@pytest.mark.req("SRV-1")
def test_who_signed_without_a_rating_is_asked_once(people, finished):
    rating_id = finished()
    assert (kept(rating_id).state, kept(rating_id).score) == (RatingState.ASKED, None)
    assert told("rating_asked") == [people.officer.id]
    with clock.frozen(clock.now() + timedelta(days=60)):
        jobs.run_inline("ratings.remind")
    assert told("rating_asked") == [people.officer.id]


@pytest.mark.req("SRV-1")
def test_where_the_house_wants_it_one_is_reminded_once(people, finished):
    figure(people, "rating_reminder_days", 3)
    rating_id = finished()
    jobs.run_inline("ratings.remind")
    assert len(told("rating_asked")) == 1
    for _ in range(2):
        with clock.frozen(clock.now() + timedelta(days=40)):
            jobs.run_inline("ratings.remind")
        assert len(told("rating_asked")) == 2
    assert kept(rating_id).remind_at is None


def test_nobody_is_reminded_of_what_was_rated(people, finished):
    figure(people, "rating_reminder_days", 3)
    rate(finished(), people.officer, Answers(5))
    with clock.frozen(clock.now() + timedelta(days=40)):
        jobs.run_inline("ratings.remind")
    assert len(told("rating_asked")) == 1


@pytest.mark.req("SRV-1")
def test_the_customer_rates_in_the_own_account_with_what_does_not_apply(people, finished):
    rating_id = finished()
    first, second, *_ = (each.uid for each in aspects.aspects(db.session()))
    rate(rating_id, people.officer, Answers(4, " 很好 ", aspects={first: 5, second: None, "unknown": 3}))
    rating = kept(rating_id)
    assert (rating.state, rating.score, rating.opinion, rating.source) == (
        RatingState.GIVEN,
        4,
        "很好",
        Source.ACCOUNT,
    )
    assert [(row["uid"], row["score"]) for row in rating.aspects] == [(first, 5), (second, None)]
    assert rating.aspects[0]["text"]["zh"] == "响应速度" and rating.given_at == rating.received_at


@pytest.mark.parametrize("person", ["technician", "desk", "manager", "quality"])
def test_staff_do_not_rate_for_the_customer(people, finished, person):
    rating_id = finished()
    with pytest.raises(NotAllowed):
        rate(rating_id, getattr(people, person), Answers(5))


def test_another_hospital_does_not_see_it(people, finished):
    uid = kept(finished()).uid
    with pytest.raises(NotYours):
        find(db.session, ServiceRating, people.officer2, P.RATING_SEE, uid=uid)
    with pytest.raises(NotYours):
        find(db.session, ServiceRating, people.dealer_desk, P.RATING_SEE, uid=uid)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"score": 0}, "score"), ({"score": 6}, "score"), ({"score": 1, "is_complaint": True}, "opinion")],
)
def test_what_cannot_be_is_named_at_its_field(values, field):
    with pytest.raises(NotValid) as refused:
        Answers(**values)
    assert set(refused.value.fields) == {field}


def test_a_score_beside_the_scale_is_refused(people, finished):
    rating_id = finished()
    mark = aspects.aspects(db.session())[0].uid
    with pytest.raises(NotValid):
        rate(rating_id, people.officer, Answers(5, aspects={mark: 9}))


@pytest.mark.req("SRV-1")
def test_whoever_gave_it_changes_it_while_it_is_fresh(people, finished):
    rating_id = finished(5)
    rate(rating_id, people.officer, Answers(4, "再想想"), version=1)
    assert (kept(rating_id).score, kept(rating_id).answers_version) == (4, 2)
    with pytest.raises(Stale):
        rate(rating_id, people.officer, Answers(3), version=1)
    with clock.frozen(clock.now() + timedelta(days=8)), pytest.raises(NotNow, match="7 days"):
        rate(rating_id, people.officer, Answers(3), version=2)
    assert kept(rating_id).score == 4


def test_nobody_else_of_the_hospital_changes_it(people, finished):
    rating_id = finished()
    code = mailed_code()
    with writing() as session:
        service.rate_by_link(session, code, Answers(5), "李护士", "zh")
    with pytest.raises(NotNow, match="whoever gave"):
        rate(rating_id, people.officer, Answers(1), version=1)


@pytest.mark.req("SRV-1")
def test_a_mailed_link_needs_no_account_and_works_once(people, finished):
    rating_id = finished()
    code, other = mailed_code(), mailed_code()
    assert code not in db.session.scalars(sa.select(RatingLink.code_hash)).all()
    with writing() as session:
        service.rate_by_link(session, code, Answers(4, "不错"), "", "zh")
    rating = kept(rating_id)
    assert (rating.score, rating.source) == (4, Source.LINK)
    assert (rating.given_by_id, rating.given_name) == (people.officer.id, people.officer.name)
    for spent in (code, other):
        assert links.peek(db.session(), spent) is None
        with pytest.raises(LinkOver), writing() as session:
            service.rate_by_link(session, spent, Answers(1), "", "zh")
    assert kept(rating_id).score == 4


def test_a_link_that_was_passed_on_names_who_used_it(finished):
    rating_id = finished()
    code = mailed_code()
    with writing() as session:
        service.rate_by_link(session, code, Answers(3), " 李护士 ", "zh")
    assert (kept(rating_id).given_by_id, kept(rating_id).given_name) == (None, "李护士")


def test_a_link_runs_out(people, finished):
    finished()
    code = mailed_code()
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert links.peek(db.session(), code) is None
        with pytest.raises(LinkOver), writing() as session:
            service.rate_by_link(session, code, Answers(5), "", "zh")
    with writing() as session:
        assert links.tidy(session, clock.now() + timedelta(days=60)) == 1


def test_a_link_gives_one_rating_and_no_other_right(finished):
    finished()
    link = links.peek(db.session(), mailed_code())
    holder = service._holder(link, "", "zh")
    assert {permission for permission in P if holder.can(permission)} == {P.RATING_GIVE}


def finished_for_who_has_no_account(people, finished) -> int:
    """A service at a hospital whose people cannot sign in; its technician files the signed paper."""
    with writing() as session:
        session.connection().execute(sa.text("UPDATE account SET state = 'disabled' WHERE organisation_id IS NOT NULL"))
    return finished()


@pytest.mark.req("SRV-1")
def test_a_contact_without_an_account_is_asked_by_mail(people, finished):
    rating_id = finished_for_who_has_no_account(people, finished)
    assert told("rating_asked") == [None]
    mail = sa.select(Delivery.address).join(Notice).where(Notice.kind == "rating_asked")
    assert db.session.scalars(mail).one().endswith("@example.com")
    code = mailed_code()
    with writing() as session:
        service.rate_by_link(session, code, Answers(5), "", "zh")
    assert (kept(rating_id).given_by_id, kept(rating_id).given_name) == (None, "")


@pytest.mark.req("SRV-1")
def test_what_was_said_by_telephone_names_who_wrote_it_down(people, finished):
    rating_id = finished()
    said = clock.now() - timedelta(hours=2)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        do(
            rating_id,
            lambda s, r: service.record(s, r, people.desk, 0, Answers(4), "陈静怡", said + timedelta(hours=4)),
        )
    rating = kept(rating_id)
    assert (rating.source, rating.given_name, rating.entered_by_id) == (Source.PHONE, "陈静怡", people.desk.id)
    assert rating.given_by_id is None and rating.given_at < rating.received_at
    do(rating_id, lambda s, r: service.record(s, r, people.desk, 1, Answers(5), "陈静怡"))
    assert kept(rating_id).score == 5
    with pytest.raises(NotNow, match="wrote this rating down"):
        do(rating_id, lambda s, r: service.record(s, r, people.manager, 2, Answers(1), "陈静怡"))
    with pytest.raises(NotAllowed):
        do(rating_id, lambda s, r: service.record(s, r, people.technician, 2, Answers(5), "陈静怡"))


def test_the_customers_own_words_are_not_corrected_by_staff(people, finished):
    rating_id = finished(2)
    with pytest.raises(NotNow, match="wrote this rating down"):
        do(rating_id, lambda s, r: service.record(s, r, people.desk, 1, Answers(5), "陈静怡"))


@pytest.mark.req("SRV-2")
def test_a_low_score_is_told_at_once_and_followed_up(people, finished):
    rating_id = finished(2, "太慢")
    assert kept(rating_id).state is RatingState.LOW
    assert {people.manager.id, people.desk.id} <= set(told("rating_low"))
    with pytest.raises(NotAllowed):
        do(rating_id, lambda s, r: service.follow_up(s, r, people.technician, "x"))
    do(rating_id, lambda s, r: service.follow_up(s, r, people.manager, "已致歉", "我们会改进"))
    rating = kept(rating_id)
    assert (rating.state, rating.note, rating.answer) == (RatingState.SETTLED, "已致歉", "我们会改进")
    assert rating.settled_by_id == people.manager.id and told("rating_answered") == [people.officer.id]
    with pytest.raises(NotNow):
        do(rating_id, lambda s, r: service.follow_up(s, r, people.desk, "once more"))


def test_what_counts_as_low_is_a_figure(people, finished):
    figure(people, "rating_low_score", 3)
    assert kept(finished(3)).state is RatingState.LOW


@pytest.mark.req("SRV-2")
def test_who_changes_it_to_a_low_score_is_heard(people, finished):
    rating_id = finished(5)
    rate(rating_id, people.officer, Answers(1, "又坏了"), version=1)
    assert kept(rating_id).state is RatingState.LOW and told("rating_low") != []


@pytest.mark.req("SRV-2")
def test_a_rating_is_passed_on_as_a_complaint(people, finished):
    rating_id = finished(2, "态度差")
    with pytest.raises(NotAllowed):
        do(rating_id, lambda s, r: service.complain(s, r, people.quality, "x"))
    with pytest.raises(NotValid) as refused:
        do(rating_id, lambda s, r: service.complain(s, r, people.manager, " "))
    assert "complained_of" in refused.value.fields
    do(rating_id, lambda s, r: service.complain(s, r, people.manager, "态度差，未说明费用"))
    complaint = db.session.scalars(sa.select(Complaint)).one()
    assert (complaint.content, complaint.state) == ("态度差，未说明费用", ComplaintState.OPEN)
    assert complaint.request_id == kept(rating_id).request_id and told("complaint_opened") != []
    with pytest.raises(NotNow, match="already"):
        do(rating_id, lambda s, r: service.complain(s, r, people.manager, "x"))


@pytest.mark.req("SRV-1")
def test_a_customer_who_complains_is_not_asked_for_a_low_score_too(people, finished):
    rating_id = finished()
    rate(rating_id, people.officer, Answers(4, "修得好，但漏报了费用", is_complaint=True))
    assert kept(rating_id).state is RatingState.LOW
    assert db.session.scalars(sa.select(Complaint.content)).one() == "修得好，但漏报了费用"


def test_a_known_complaint_is_opened_again_with_what_is_new(people, finished):
    rating_id = finished(1, "又坏了")
    with writing() as session:
        request = session.get_one(ServiceRating, rating_id).request
        known = servicing.Answers(Harm.NO, is_event=False, is_complaint=True, grounds="第三次报修")
        servicing.screen(session, request, people.desk, Asked.CLOSING, known)
    with writing() as session:
        judged = {"is_substantiated": True, "is_reportable": False, "opinion": "成立"}
        complaints.assess(session, session.scalars(sa.select(Complaint)).one(), people.quality, 0, **judged)
    do(rating_id, lambda s, r: service.complain(s, r, people.manager, "又坏了"))
    complaint = db.session.scalars(sa.select(Complaint)).one()
    assert (complaint.state, complaint.content) == (ComplaintState.OPEN, "第三次报修\n\n又坏了")


@pytest.mark.req("SRV-1")
def test_a_corrected_report_brings_the_newer_evaluation_and_asks_nobody(people, finished):
    rating_id = finished(2, "太慢")
    with writing() as session:
        paper = documents.of(session, SERVICE_REPORT, session.get_one(ServiceRating, rating_id).order)
        reports.corrected(session, people, paper, parts_replaced=[])
    rating = kept(rating_id)
    assert (rating.score, rating.opinion, rating.state) == (5, "及时，专业。", RatingState.GIVEN)
    assert told("rating_asked") == []


@pytest.mark.req("SRV-2")
def test_averages_count_what_one_may_see(people, finished):
    finished(5)
    finished(2)
    finished()
    now = clock.now()
    bounds = [now - timedelta(days=30), now - timedelta(days=1), now + timedelta(days=1)]
    count = lambda person, by: averages.averages(db.session(), person, by, bounds)  # noqa: E731
    (mine,) = count(people.manager, averages.By.TECHNICIAN)
    assert (mine.key, mine.count, mine.total, mine.low, mine.mean) == (people.technician.id, 2, 7, 1, 3.5)
    assert [row.key for row in count(people.manager, averages.By.MONTH)] == [1]
    (product,) = count(people.desk, averages.By.PRODUCT)
    (customer,) = count(people.technician, averages.By.CUSTOMER)
    assert averages.names(db.session(), averages.By.PRODUCT, [product.key]).keys() == {product.key}
    assert (customer.key, customer.count) == (people.account("officer").organisation_id, 2)
    assert count(people.technician2, averages.By.TECHNICIAN) == []
    assert count(people.dealer_desk, averages.By.TECHNICIAN) == []


@pytest.mark.req("SRV-2")
def test_lists_are_narrowed_and_scoped(people, finished):
    low, asked = finished(2), finished()
    listed = lambda person, **by: [row[0] for row in queries.ratings(db.session(), person, **by).rows]  # noqa: E731
    uid, waiting = kept(low).uid, kept(asked).uid
    assert listed(people.manager) == [uid] and listed(people.technician) == [uid]
    assert listed(people.manager, states=(RatingState.ASKED,)) == [waiting]
    assert listed(people.manager, score=5) == listed(people.manager, source=Source.PHONE) == []
    assert listed(people.technician2) == listed(people.dealer_desk) == listed(people.officer2) == []
    now = clock.now()
    assert listed(people.manager, given=(now - timedelta(days=1), now)) == [uid]
    assert listed(people.manager, given=(now - timedelta(days=9), now - timedelta(days=8))) == []
    assert queries.rated(db.session(), people.manager, Account, people.account("technician").uid) is not None
    with pytest.raises(NotYours):
        queries.rated(db.session(), people.dealer_desk, Account, people.account("technician").uid)


def test_what_is_asked_is_changed_and_given_ratings_keep_their_words(people, finished):
    rating_id = finished()
    first = aspects.aspects(db.session())[0]
    uid, aspect_id = first.uid, first.id
    rate(rating_id, people.officer, Answers(5, aspects={uid: 4}))
    with writing() as session:
        one = session.get_one(type(first), aspect_id)
        aspects.edit(session, one, people.manager, one.aspect_version, in_use=False)
    assert kept(rating_id).aspects[0]["text"]["zh"] == "响应速度"
    assert uid not in [each.uid for each in aspects.aspects(db.session())]
    with writing() as session:
        assert aspects.install(session) == 0
    with pytest.raises(NotAllowed), writing() as session:
        aspects.edit(session, session.get_one(type(first), aspect_id), people.desk, 2, in_use=True)
