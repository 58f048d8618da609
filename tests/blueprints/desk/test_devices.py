"""The device register."""

import pytest
import sqlalchemy as sa

from portal.core.db import writing
from portal.domain.catalog.models import Product
from portal.domain.devices import service
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Centre, Organisation
from tests.queries import count_queries


def fresh(session, number):
    session.expire_all()
    return session.execute(sa.select(Device).where(Device.number == number)).scalar_one()


def edit(client, device, version, **values):
    kept = {"serial": device.serial, "udi_pi": device.udi_pi, "asset_number": "A-1"}
    data = kept | {"base_version": str(version)} | values
    return client.post(f"/desk/devices/{device.number}/edit", data=data)


def test_devices_stand_by_name_with_their_place(browser):
    html = browser("desk2").get("/desk/devices").get_data(as_text=True)
    assert "Patient monitor" in html and "Main campus · Intensive care unit" in html and 'rel="next"' in html


def test_a_device_is_found_by_the_beginning_of_its_serial(browser, device, elsewhere):
    html = browser("desk2").get(f"/desk/devices?serial={device.serial[:8].lower()}").get_data(as_text=True)
    assert device.serial in html and elsewhere.serial not in html
    assert "No device fits" in browser("desk2").get("/desk/devices?serial=%25").get_data(as_text=True)


def test_filters_stay_in_the_address(browser, device):
    html = browser("desk2").get(f"/desk/devices?hospital={device.organisation.uid}").get_data(as_text=True)
    assert "Jiangnan University Central Hospital" in html.split('class="chip-value"')[2]
    assert f'name="hospital" value="{device.organisation.uid}"' in html
    assert "Taihu" not in html.split("<tbody>")[1]
    assert "No device fits" in browser("desk2").get("/desk/devices?state=scrapped").get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "status"), [("technician", 200), ("dealer_desk", 200), ("admin", 200), ("officer", 403), ("ward", 403)]
)
def test_who_enters_the_register(browser, who, status):
    assert browser(who).get("/desk/devices").status_code == status


def test_a_technician_sees_the_devices_of_the_centre(browser, device, elsewhere):
    client = browser("technician")
    assert client.get(f"/desk/devices/{device.number}").status_code == 200
    assert client.get(f"/desk/devices/{elsewhere.number}").status_code == 404


@pytest.mark.req("WAR-1")
def test_a_device_page_shows_facts_cover_and_history(desk, browser, device):
    number = desk.file()
    html = browser("desk2").get(f"/desk/devices/{device.number}").get_data(as_text=True)
    facts = (device.serial, device.product.registration_number, device.udi_pi, "in full until", number, "Class III")
    for text in facts:
        assert text in html


def test_correcting_a_device(browser, device, session):
    version = device.details_version
    assert edit(browser("desk2"), device, version, room="5-12", parts_until="2030-01-31").status_code == 303
    record = fresh(session, device.number)
    assert record.room == "5-12" and str(record.parts_until) == "2030-01-31"
    assert record.details_version == version + 1


def test_two_who_correct_the_same_device_are_shown_both(browser, device, session):
    assert edit(browser("desk"), device, 1, room="5-12").status_code == 303
    answer = edit(browser("desk2"), device, 1, room="6-01")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "5-12" in html and "6-01" in html and "王芳" in html
    assert fresh(session, device.number).room == "5-12"
    assert edit(browser("desk2"), device, 2, room="6-01").status_code == 303


def test_no_two_units_of_a_product_share_a_serial(browser, device, session):
    twin = session.execute(
        sa.select(Device).where(Device.product_id == device.product_id, Device.id != device.id).limit(1)
    ).scalar_one()
    answer = edit(browser("desk2"), device, 1, serial=twin.serial)
    assert answer.status_code == 422 and twin.number in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["technician", "quality", "dealer_desk", "auditor"])
def test_who_may_not_correct(browser, device, who):
    assert edit(browser(who), device, 1).status_code == 403


class Registering:
    """The form for a new unit at the first hospital."""

    def __init__(self, session):
        self.hospital = session.scalars(sa.select(Organisation).where(Organisation.kind == "hospital")).first()
        self.site, self.product = self.hospital.sites[0], session.scalars(sa.select(Product)).first()
        self.centre = session.scalars(sa.select(Centre).where(Centre.dealer_id.is_(None))).first()
        self.url = f"/desk/devices/new?hospital={self.hospital.uid}"

    def data(self, **values):
        place = f"{self.site.uid}/{self.site.departments[0].uid}"
        facts = {"product": self.product.uid, "place": place, "centre": self.centre.uid, "serial": "NEW-1"}
        return facts | {"udi_pi": "(21)NEW-1", "accepted_on": "2026-01-05"} | values


def test_a_new_device_gets_a_number_and_its_place(browser, session):
    form = Registering(session)
    department = form.site.departments[0].id
    client = browser("desk2")
    assert form.hospital.uid in client.get("/desk/devices/new").get_data(as_text=True)
    assert client.get(form.url).status_code == 200
    answer = client.post(form.url, data=form.data())
    assert answer.status_code == 303
    record = fresh(session, answer.headers["Location"].rpartition("/")[2])
    assert (record.serial, record.department_id, str(record.accepted_on)) == ("NEW-1", department, "2026-01-05")
    again = client.post(form.url, data=form.data())
    assert again.status_code == 422 and record.number in again.get_data(as_text=True)


def test_a_place_of_another_hospital_is_refused(browser, session):
    form = Registering(session)
    other = session.scalars(sa.select(Organisation).where(Organisation.kind == "hospital")).all()[1]
    answer = browser("desk2").post(form.url, data=form.data(place=other.sites[0].uid))
    assert answer.status_code == 422


def test_pages_of_the_register_need_few_statements(desk, browser, device, people):
    for _ in range(3):
        desk.file()
    with writing() as session:
        service.edit(session, session.get_one(Device, device.id), people.desk, 1, room="1", serial=device.serial)
    client = browser("desk2")
    with count_queries() as list_sent:
        answer = client.get("/desk/devices")
    with count_queries() as page_sent:
        client.get(f"/desk/devices/{device.number}")
    assert len(list_sent) <= 4, list_sent
    assert len(page_sent) <= 11, page_sent  # with what cover pays, what failed, whether it is held as evidence
    assert len(answer.data) < 40_000
