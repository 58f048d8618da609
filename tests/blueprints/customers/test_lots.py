"""A hospital reports goods by lot: how many, how they were kept, with the proof of it."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, new_uid, writing
from portal.core.files import Attachment
from portal.domain.devices.models import Device
from tests.blueprints.customers.test_requests import FACTS, count, newest, photo
from tests.lots import in_days, list_reagent, register_lot


@pytest.fixture
def lot(people, device):
    """A lot of boxes; its number."""

    def make(**values):
        with writing() as session:
            reagent = list_reagent(session, people.quality)
            return register_lot(session, people.desk, reagent, session.get_one(Device, device.id), **values).number

    return make


def address(number):
    return f"/customer/devices/{number}/report"


@pytest.mark.req("INT-14")
def test_quantity_and_storage_with_its_proof_reach_both_sides(browser, lot):
    officer, number = browser("officer"), lot()
    told = {"quantity": "12", "storage_told": "冷藏柜，未断冷链", "idempotency_key": new_uid()}
    answer = officer.post(address(number), FACTS | told | {"storage_proof": photo()})
    made = newest()
    assert answer.status_code == 303 and made.thousandths == 12_000
    kept = db.session.scalars(sa.select(Attachment.purpose).where(Attachment.root_id == made.id)).all()
    assert kept == ["storage"]
    for page in (officer.get(answer.location).text, browser("desk").get(f"/desk/requests/{made.number}").text):
        assert all(text in page for text in ("冷藏柜，未断冷链", "故障照片.jpg", "TN26"))
        assert "12 盒" in page or "12 boxes" in page


@pytest.mark.req("INT-14")
@pytest.mark.parametrize("quantity", ["", "a dozen", "0", "-3", "NaN", "1.23456", "99999999"])
def test_a_bad_quantity_is_said_at_its_field_and_what_was_typed_stays(browser, lot, quantity):
    answer = browser("officer").post(address(lot()), FACTS | {"quantity": quantity, "storage_told": "室温放置两天"})
    assert (answer.status_code, count()) == (422, 0)
    assert (
        'id="quantity-error"' in answer.text and "室温放置两天" in answer.text and f'value="{quantity}"' in answer.text
    )


@pytest.mark.req("INT-14")
def test_the_same_form_sent_twice_files_one_request(browser, lot):
    officer, number = browser("officer"), lot()
    form = FACTS | {"quantity": "2", "idempotency_key": new_uid()}
    first, second = officer.post(address(number), form), officer.post(address(number), form)
    assert (first.location, count()) == (second.location, 1)


@pytest.mark.req("INT-14")
def test_the_lot_of_another_hospital_is_not_there(browser, lot):
    number = lot()
    assert browser("officer2").get(address(number)).status_code == 404
    answer = browser("officer2").post(address(number), FACTS | {"quantity": "1"})
    assert (answer.status_code, count()) == (404, 0)


@pytest.mark.req("INT-14")
def test_an_expired_lot_is_said_so_and_not_refused(browser, lot):
    officer, number = browser("officer"), lot(expires_on=in_days(-5))
    assert "banner warn" in officer.get(address(number)).text
    answer = officer.post(address(number), FACTS | {"quantity": "1"})
    assert answer.status_code == 303 and "badge bad" in officer.get(answer.location).text


def test_a_unit_is_not_asked_how_many(browser, device):
    assert 'name="quantity"' not in browser("officer").get(address(device.number)).text
