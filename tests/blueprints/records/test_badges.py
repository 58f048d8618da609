"""The service badge: kept by its person and the office, shown to the customer beforehand, checked by anybody."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from jobs.notices import write
from portal.core import codes
from portal.core.db import db, new_uid, writing
from portal.core.files import Attachment, File
from portal.core.notices import Delivery, Notice
from portal.domain.accounts import service
from portal.domain.accounts.models import Account
from portal.domain.accounts.throttle import LIMITS, Gate
from tests.blueprints.records.conftest import prepare_pictures
from tests.blueprints.technicians.field import order_at, order_of

ENGLISH = {"Accept-Language": "en"}
EXIF_MAKE = 0x010F


def portrait() -> tuple[io.BytesIO, str]:
    """A JPEG that says which camera took it."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[EXIF_MAKE] = "Secret camera"
    Image.new("RGB", (300, 400), "#a86").save(out, "JPEG", exif=exif)
    out.seek(0)
    return out, "me.jpg"


def path(people, key="technician") -> str:
    return f"/people/{people.account(key).uid}/badge"


def save(client, people, key="technician", **values):
    told = {"staff_number": "RK-0117", "base_version": people.account(key).badge_version}
    return client.post(path(people, key), {"idempotency_key": new_uid()} | told | values)


def public(people, key="technician") -> str:
    return f"/badge/{people.account(key).badge_code}"


def in_english(browser, key):
    client = browser(key)
    client.post("/language", {"language": "en"})
    return client


@pytest.fixture
def worn(browser, people, room):
    """The technician has a number and a photo."""
    assert save(browser("technician"), people, photo=portrait()).status_code == 303
    prepare_pictures(room)
    db.session.rollback()


@pytest.mark.req("STF-3")
def test_a_valid_badge_shows_name_photo_number_and_company_and_no_more(stranger, worn, people):
    account = people.account("technician")
    answer = stranger.get(public(people), headers=ENGLISH)
    page = answer.text
    assert answer.status_code == 200 and answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "This badge is valid." in page and "RK-0117" in page and "Shanghai Ruikang" in page and account.name in page
    assert account.email not in page and account.uid not in page
    photo = stranger.get(f"{public(people)}/photo")
    assert (photo.status_code, photo.mimetype) == (200, "image/jpeg") and b"Secret camera" not in photo.data


def test_a_dealers_technician_comes_for_the_dealer(stranger, people):
    page = stranger.get(public(people, "dealer_technician"), headers=ENGLISH).text
    assert "This badge is valid." in page and "Ruikang" not in page


@pytest.mark.req("STF-3")
@pytest.mark.parametrize("end", ["disabled", "no role"])
def test_who_is_no_technician_any_more_has_no_valid_badge_and_is_not_named(stranger, worn, people, end):
    account = people.account("technician")
    with writing("test") as session:
        found = session.get_one(Account, account.id)
        if end == "disabled":
            service.disable(session, found, people.admin, "left the company")
        else:
            service.end_role(session, found, people.admin, found.grants[0])
    answer = stranger.get(public(people), headers=ENGLISH)
    assert "This badge is not valid." in answer.text
    assert not any(word in answer.text for word in (account.name, "RK-0117", "Ruikang", "/photo"))
    assert stranger.get(f"{public(people)}/photo").status_code == 404


def test_nobody_else_has_a_valid_badge(stranger, people):
    for key in ("officer", "desk"):
        assert "This badge is not valid." in stranger.get(public(people, key), headers=ENGLISH).text


def test_a_code_is_read_however_it_is_typed_and_an_unknown_one_is_not_valid(stranger, people):
    spelt = codes.spell(people.account("technician").badge_code).lower()
    assert stranger.get(f"/badge?code={spelt}").headers["Location"] == f"/badge/{spelt}"
    assert "This badge is valid." in stranger.get(f"/badge/{spelt}", headers=ENGLISH).text
    unknown = stranger.get("/badge/0000000000000", headers=ENGLISH)
    assert unknown.status_code == 404 and "This badge is not valid." in unknown.text


def test_codes_cannot_be_found_by_trying(stranger, people, monkeypatch):
    monkeypatch.setitem(LIMITS, Gate.BADGE, ("tries_per_account", "tries_per_address"))
    tried = [stranger.get(f"/badge/{n:013}").status_code for n in range(11)]
    assert tried == [404] * 10 + [429]
    assert stranger.get(public(people)).status_code == 429


@pytest.mark.req("STF-3")
def test_the_hospital_sees_who_comes_from_the_dispatch_on(browser, worn, people, device):
    order = order_of(order_at(people, device))
    page = in_english(browser, "officer").get(f"/customer/requests/{order.request.number}").text
    assert "So that you recognise who comes" in page and "RK-0117" in page and public(people) in page
    told = sa.select(Delivery, Notice).join(Notice).where(Notice.kind == "technician_named")
    assert public(people) in write(*db.session.execute(told).first()).text


def test_when_the_visit_is_over_the_badge_is_gone_from_the_page(browser, people, device):
    order = order_of(order_at(people, device, "done"))
    page = in_english(browser, "officer").get(f"/customer/requests/{order.request.number}").text
    assert "So that you recognise who comes" not in page


def test_the_card_carries_the_code_to_be_pictured(browser, worn, people):
    page = in_english(browser, "technician").get(path(people)).text
    assert "QR code of the badge" in page and codes.spell(people.account("technician").badge_code) in page
    assert "/thumbnail" in page and path(people) in in_english(browser, "technician").get("/technician/").text


def test_the_office_keeps_badges_too_and_shows_them_with_centre_and_region(browser, worn, people):
    manager = in_english(browser, "manager")
    assert save(manager, people, staff_number=" RK  0200 ").status_code == 303
    page = manager.get(f"/office/people/{people.account('technician').uid}").text
    assert "RK 0200" in page and "Centre or dealer" in page and "Shanghai service centre" in page
    assert "Local, urban" in page
    db.session.rollback()
    assert people.account("technician").badge_version == 3


@pytest.mark.parametrize("key", ["technician2", "dealer_technician"])
def test_another_technicians_badge_is_as_if_it_were_not_there(browser, people, key):
    client = browser(key)
    assert client.get(path(people)).status_code == 404 and save(client, people).status_code == 404


@pytest.mark.parametrize("key", ["officer", "desk", "quality", "dealer_desk", "auditor"])
def test_others_may_not_change_badges(browser, people, key):
    assert save(browser(key), people).status_code == 403


def test_only_technicians_carry_one(browser, people):
    assert save(browser("manager"), people, "desk").status_code == 409


def test_a_number_is_one_persons_within_their_house(browser, worn, people):
    manager = in_english(browser, "manager")
    answer = save(manager, people, "technician2")
    assert answer.status_code == 422 and "A colleague has this number already." in answer.text
    assert save(manager, people, "dealer_technician").status_code == 303


@pytest.mark.parametrize(
    "sent",
    [(b"<svg onload='alert(1)'></svg>", "me.svg"), (b"%PDF-1.4\n%%EOF", "me.pdf"), (b"MZ\x90\x00" * 99, "me.jpg")],
)
def test_what_is_no_picture_is_refused_at_the_field_and_nothing_stays(browser, people, room, sent):
    content, name = sent
    answer = save(browser("technician"), people, staff_number="typed", photo=(io.BytesIO(content), name))
    assert answer.status_code == 422 and 'value="typed"' in answer.text and 'id="photo-error"' in answer.text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(File.id))) == 0 and people.account("technician").badge_version == 1


def test_a_number_that_is_too_long_is_refused_and_kept(browser, people):
    answer = save(browser("technician"), people, staff_number="9" * 21)
    assert answer.status_code == 422 and "9" * 21 in answer.text


def renew(client, people, key="technician", reason="Card lost on the train."):
    return client.post(f"{path(people, key)}/renew", {"idempotency_key": new_uid(), "reason": reason})


@pytest.mark.req("STF-3")
@pytest.mark.parametrize("key", ["technician", "manager"])
def test_a_lost_card_gets_a_new_code_and_the_old_one_is_void(browser, stranger, people, key):
    old = public(people)
    assert renew(browser(key), people).status_code == 303
    db.session.rollback()
    assert "This badge is not valid." in stranger.get(old, headers=ENGLISH).text
    assert "This badge is valid." in stranger.get(public(people), headers=ENGLISH).text


def test_a_new_code_asks_for_a_reason_and_stays_where_it_is_without(browser, people):
    old, answer = public(people), renew(browser("technician"), people, reason=" ")
    db.session.rollback()
    assert answer.status_code == 422 and public(people) == old


def test_a_new_code_is_not_for_others_to_give(browser, people):
    assert renew(browser("technician2"), people).status_code == 404
    assert renew(browser("desk"), people).status_code == 403
    assert renew(browser("manager"), people, key="desk").status_code == 409


def test_a_stale_badge_shows_both(browser, worn, people):
    answer = save(in_english(browser, "manager"), people, staff_number="RK-9", base_version=1)
    assert answer.status_code == 409 and "RK-0117" in answer.text and "RK-9" in answer.text


def test_sending_twice_saves_once(browser, people):
    client, key = browser("technician"), new_uid()
    for _time in range(2):
        assert save(client, people, idempotency_key=key, base_version=1, photo=portrait()).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Attachment.id)).where(Attachment.purpose == "badge")) == 1


def test_the_tablet_has_four_entries_at_most_and_tabs_beside_the_day(browser):
    page = in_english(browser, "technician").get("/technician/").text
    entries = page.split('class="entries"')[1].split("</nav>")[0]
    assert entries.count("nav-item") <= 4 and "Duty roster" not in entries
    tabs = page.split('class="tabs"')[1].split("</nav>")[0]
    assert all(word in tabs for word in ("My day", "My week", "On duty", "My badge"))
