"""Releasing first and its review through the doors: on the tablet, at the desk, in quality's queue and in public."""

import pytest

from portal.core.db import db, writing
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.releases import queries, seeding
from portal.domain.servicing.words import EarlyState, OrderState
from tests.blueprints.technicians.field import hidden, order_at, order_of, paper_of, sent, signing
from tests.domain.servicing.test_early import at, done, first


@pytest.fixture
def order(people, device):
    """A repair of class II that waits for its release, in a house with the shipped rules."""
    with writing() as session:
        seeding.install(session)
        product = session.get_one(Product, device.product_id)
        facts = {"risk_class": RiskClass.II, "life_support": False}
        catalog.edit(session, product, people.quality, product.details_version, **facts)
    return order_at(people, device, "to_release")


def reason():
    return queries.reasons(db.session)[0].uid


def on_tablet(number, end=""):
    return f"/technician/orders/{number}{end}"


def at_quality(number, end=""):
    return f"/quality/orders/{number}{end}"


@pytest.mark.req("QCR-6")
def test_the_tablet_says_which_rule_holds_and_leads_to_the_early_release(order, browser):
    tablet = browser("technician")
    page = tablet.get(on_tablet(order)).text
    assert "II 类" in page and "质量部门决定" in page and on_tablet(order, "/release_first") in page
    form = tablet.get(on_tablet(order, "/release_first"))
    answer = tablet.post(on_tablet(order, "/release_first"), signing(form, reason=reason(), note="凌晨两点"))
    assert answer.status_code == 303 and order_of(order).state is OrderState.TO_SIGN
    assert "凌晨两点" in tablet.get(on_tablet(order)).text


@pytest.mark.parametrize(("values", "wrong"), [({"reason": ""}, "reason"), ({"password": "wrong wrong"}, "password")])
def test_without_reason_or_password_nothing_is_released_and_what_was_typed_stays(order, browser, values, wrong):
    tablet = browser("technician")
    form = tablet.get(on_tablet(order, "/release_first"))
    typed = signing(form, **{"reason": reason(), "note": "凌晨两点"} | values)
    answer = tablet.post(on_tablet(order, "/release_first"), typed)
    assert answer.status_code == 422 and f'id="{wrong}-error"' in answer.text and "凌晨两点" in answer.text
    assert order_of(order).state is OrderState.TO_RELEASE


def test_another_technician_does_not_find_it_and_quality_may_not(order, browser):
    assert browser("technician2").get(on_tablet(order, "/release_first")).status_code == 404
    assert browser("quality").get(at_quality(order, "/release_first")).status_code == 403


def test_sent_twice_it_is_released_once(order, browser):
    tablet = browser("technician")
    form = signing(tablet.get(on_tablet(order, "/release_first")), reason=reason())
    assert [tablet.post(on_tablet(order, "/release_first"), form).status_code for _ in range(2)] == [303, 303]
    assert len(order_of(order).early) == 1


def test_what_the_rules_refuse_is_refused_with_the_way_on(people, device, browser, order):
    at(order, lambda session, found: _make_strict(session, found, people))
    tablet = browser("technician")
    form = tablet.get(on_tablet(order, "/release_first"))
    answer = tablet.post(on_tablet(order, "/release_first"), signing(form, reason=reason()))
    assert answer.status_code == 409 and "质量部已收到" in answer.text
    assert on_tablet(order, "/release_first") not in tablet.get(on_tablet(order)).text


def _make_strict(session, found, people):
    product = found.request.device.product
    catalog.edit(session, product, people.quality, product.details_version, risk_class=RiskClass.III)


def test_the_desk_releases_first_for_a_technician(order, browser):
    desk = browser("desk")
    assert at_quality(order, "/release_first") in desk.get(at_quality(order)).text
    form = desk.get(at_quality(order, "/release_first"))
    assert desk.post(at_quality(order, "/release_first"), signing(form, reason=reason())).status_code == 303
    assert order_of(order).early[-1].released_by.name == "王芳"


@pytest.mark.req("QCR-6")
def test_the_queue_holds_it_until_somebody_has_reviewed_it(order, browser, people):
    first(order, people.technician)
    quality = browser("quality")
    assert order in quality.get("/quality/early-releases").text
    answer = quality.post(at_quality(order, "/accept_release"), signing(quality.get(at_quality(order))))
    assert answer.status_code == 303 and order_of(order).early[-1].state is EarlyState.PASSED
    assert order not in quality.get("/quality/early-releases").text


def test_a_second_review_is_refused(order, browser, people):
    first(order, people.technician)
    mine, other = browser("quality"), browser("quality2")
    forms = [signing(one.get(at_quality(order))) for one in (mine, other)]
    answers = [one.post(at_quality(order, "/accept_release"), f).status_code for one, f in zip((mine, other), forms)]  # noqa: B905
    assert answers == [303, 409]


def test_an_order_that_was_not_released_first_has_nothing_to_review(order, browser):
    quality = browser("quality")
    assert quality.get(at_quality(order, "/refuse_release")).status_code == 404
    assert quality.post(at_quality(order, "/accept_release"), sent()).status_code == 404


def test_a_review_that_fails_gives_the_order_back_with_what_was_found(order, browser, people):
    first(order, people.technician)
    quality = browser("quality")
    form = quality.get(at_quality(order, "/refuse_release"))
    empty = quality.post(at_quality(order, "/refuse_release"), signing(form, reason=""))
    assert empty.status_code == 422 and 'id="reason-error"' in empty.text
    answer = quality.post(at_quality(order, "/refuse_release"), signing(form, reason="未测泄漏电流", is_dangerous="y"))
    assert answer.status_code == 303 and order_of(order).state is OrderState.SENT_BACK
    assert "未测泄漏电流" in browser("technician").get(on_tablet(order)).text


@pytest.mark.req("QCR-6", "QCR-9")
def test_anybody_sees_in_public_that_the_review_is_due_and_then_that_it_took_place(order, browser, people):
    first(order, people.technician)
    done(order, people)
    paper, stranger = paper_of(order), browser(None)
    address = f"/verify/{paper.number}"
    assert "尚待第二人复核" in stranger.get(address).text
    quality = browser("quality")
    form = signing(quality.get(at_quality(order)), seen=hidden(quality.get(at_quality(order)), "seen"))
    assert quality.post(at_quality(order, "/accept_release"), form).status_code == 303
    page = stranger.get(address).text
    assert "尚待第二人复核" not in page and "放行后复核人" in page
    assert "吴敏" not in page
