"""Staff's pages of ratings: the list, following up, passing on as a complaint, what is asked, averages."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.complaints.models import Complaint
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.ratings import aspects
from portal.domain.ratings.models import RatingAspect, ServiceRating
from portal.domain.ratings.words import RatingState
from portal.domain.servicing import service as servicing
from tests.blueprints.technicians.field import order_at, order_of, sent
from tests.queries import count_queries


@pytest.fixture
def rated(people, device):
    """Finishes a service that is signed with a score, or on paper without one."""

    def rate(score=None, comment="太慢"):
        number = order_at(people, device, "to_sign")
        with writing() as session:
            paper = documents.of(session, SERVICE_REPORT, session.merge(order_of(number)))
            signer, signing = people.officer, Signing(Method.PASSWORD, "陈静怡", rating=score, comment=comment)
            if score is None:
                signer, signing = people.technician, Signing(Method.PAPER, "陈静怡", reason="平板没电")
            servicing.sign(session, paper, signer, signing, paper.current.content_hash)
        return kept()

    return rate


def kept() -> ServiceRating:
    db.session.rollback()
    return db.session.scalars(sa.select(ServiceRating).order_by(ServiceRating.id.desc())).first()


@pytest.mark.req("SRV-2")
def test_a_low_rating_is_found_and_followed_up(browser, rated):
    rating = rated(2)
    manager, here = browser("manager"), f"/office/ratings/{rating.uid}"
    assert here in manager.get("/office/ratings?state=low").text
    assert here not in manager.get("/office/ratings?score=5").text
    assert here in manager.get(f"/desk/requests/{rating.request.number}").text
    assert manager.get(f"/open/{rating.number}").location == here
    refused = manager.post(f"{here}/follow-up", sent(answer="抱歉"))
    assert refused.status_code == 422 and 'id="follow_up-note-error"' in refused.text and "抱歉" in refused.text
    assert manager.post(f"{here}/follow-up", sent(note="已致电", answer="抱歉")).status_code == 303
    assert kept().state is RatingState.SETTLED
    assert "抱歉" in browser("officer").get(f"/customer/ratings/{rating.uid}").text
    assert "已致电" not in browser("officer").get(f"/customer/ratings/{rating.uid}").text
    again = manager.post(f"{here}/follow-up", sent(note="x"))
    assert again.status_code == 409


@pytest.mark.req("SRV-2")
def test_one_tap_makes_it_a_complaint(browser, rated):
    rating = rated(1, "两次上门都没修好")
    desk, here = browser("desk"), f"/office/ratings/{rating.uid}"
    assert ">两次上门都没修好</textarea>" in desk.get(here).text.replace("\r\n", "").replace("\n", "")
    assert desk.post(f"{here}/complain", sent(complained_of="")).status_code == 422
    assert desk.post(f"{here}/complain", sent(complained_of="两次上门都没修好")).status_code == 303
    uid = db.session.scalars(sa.select(Complaint.uid)).one()
    assert f"/quality/complaints/{uid}" in desk.get(here).text
    assert f"/quality/complaints/{uid}" in desk.get(f"/desk/requests/{rating.request.number}").text
    assert desk.post(f"{here}/complain", sent(complained_of="x")).status_code == 409


@pytest.mark.req("SRV-1")
def test_the_desk_writes_down_what_was_said_by_telephone(browser, rated):
    rating = rated()
    desk, here = browser("desk"), f"/office/ratings/{rating.uid}"
    assert desk.post(f"{here}/record", sent(base_version="0", score="4")).status_code == 422
    assert desk.post(f"{here}/record", sent(base_version="0", score="4", name="陈静怡")).status_code == 303
    assert (kept().source, kept().score, kept().given_name) == ("phone", 4, "陈静怡")
    stale = desk.post(f"{here}/record", sent(base_version="0", score="1", name="陈静怡"))
    assert stale.status_code == 409 and kept().score == 4
    assert desk.post(f"{here}/record", sent(base_version="1", score="5", name="陈静怡")).status_code == 303


def test_each_sees_what_is_theirs(browser, rated):
    here = f"/office/ratings/{rated(4).uid}"
    assert (
        browser("technician").get(here).status_code == 200 and here in browser("technician").get("/office/ratings").text
    )
    assert here not in browser("technician2").get("/office/ratings").text
    assert browser("technician2").get(here).status_code == 404
    assert browser("dealer_desk").get(here).status_code == 404
    assert browser("officer").get("/office/ratings").status_code == 403
    assert browser("technician").post(f"{here}/follow-up", sent(note="x")).status_code == 403
    assert browser("quality").post(f"{here}/record", sent(score="5")).status_code == 403


def test_nobody_learns_a_name_by_its_place_in_the_address(browser, rated, people):
    rated(4)
    uid = people.account("technician").uid
    assert people.technician.name in browser("manager").get(f"/office/ratings?technician={uid}").text
    assert browser("dealer_desk").get(f"/office/ratings?technician={uid}").status_code == 404


@pytest.mark.req("SRV-2")
@pytest.mark.parametrize("by", ["technician", "customer", "product", "month"])
def test_averages_lead_to_what_they_count(browser, rated, by):
    here = f"/office/ratings/{rated(4).uid}"
    manager = browser("manager")
    page = manager.get(f"/office/ratings/averages?by={by}")
    assert page.status_code == 200 and "4.0" in page.text
    word = {"customer": "hospital"}.get(by, by)
    way = next(part for part in page.text.split('"') if part.startswith(f"/office/ratings?{word}="))
    assert here in manager.get(way).text


def test_the_list_asks_as_little_for_many_as_for_one(browser, rated):
    manager = browser("manager")
    rated(5)
    manager.get("/office/ratings")
    with count_queries() as one:
        manager.get("/office/ratings")
    rated(4)
    with count_queries() as two:
        manager.get("/office/ratings")
    assert len(one) == len(two)


def test_the_trail_says_in_words_what_was_answered(browser, rated):
    rating, marks = rated(), [each.id for each in aspects.aspects(db.session())]
    said = {f"aspect_{marks[0]}": "4", f"aspect_{marks[1]}": "na"}
    here = f"/customer/ratings/{rating.uid}"
    assert browser("officer").post(f"{here}/rate", sent(base_version="0", score="5", **said)).status_code == 303
    assert "响应速度: 4; 技术水平: 不适用" in browser("manager").get(f"/office/ratings/{rating.uid}").text


@pytest.mark.req("SRV-1")
def test_what_is_asked_is_the_managers(browser, app):
    manager, uid = browser("manager"), db.session.scalars(sa.select(RatingAspect.uid)).first()
    here, named = f"/office/rating-aspects/{uid}", {"name_zh": "到场守时", "position": "1", "in_use": "y"}
    assert manager.get("/office/rating-aspects").status_code == 200 and manager.get(here).status_code == 200
    assert manager.post(here, sent(base_version="1", position="1")).status_code == 422
    assert manager.post(here, sent(base_version="1", **named)).status_code == 303
    assert manager.post(here, sent(base_version="1", **named)).status_code == 409
    assert manager.post("/office/rating-aspects/new", sent(**named | {"name_zh": "着装"})).status_code == 303
    assert browser("desk").get("/office/rating-aspects").status_code == 403
