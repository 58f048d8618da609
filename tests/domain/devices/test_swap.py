"""Another unit takes a unit's place: both are linked, and cover goes on by a rule that is a figure (RPR-11, WAR-2)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.domain.devices import service
from portal.domain.devices.models import Device, State, Whereabouts
from portal.domain.devices.service import cover_after_swap
from portal.domain.servicing import service as servicing

NEW_UNIT = {"serial": "NEW-0001", "no_udi_reason": "旧型号无 UDI"}


def swap(device, person, **values):
    facts = NEW_UNIT | values
    with writing() as session:
        old = session.get_one(Device, device.id)
        return service.swap(session, old, person, "主板两次返修仍故障", Whereabouts.RETURNED, **facts).id


@pytest.mark.req("RPR-11")
def test_the_old_and_the_new_unit_are_linked_and_the_place_is_kept(people, device):
    asset, place = device.asset_number, (device.site_id, device.department_id)
    new = db.session.get_one(Device, swap(device, people.technician))
    old = new.replaces
    assert (old.id, old.state, old.whereabouts) == (device.id, State.REPLACED, Whereabouts.RETURNED)
    assert old.replaced_by is new and new.swapped_at is not None and new.state is State.IN_USE
    assert (new.asset_number, (new.site_id, new.department_id)) == (asset, place)
    assert new.number and new.number != old.number and new.label_code != old.label_code


@pytest.mark.req("RPR-11", "WAR-2")
def test_cover_goes_on_for_the_rest_of_its_term(people, device):
    until = device.parts_until
    new = db.session.get_one(Device, swap(device, people.technician))
    assert (new.labour_until, new.parts_until) == (new.replaces.labour_until, until)


@pytest.mark.req("WAR-2")
def test_a_house_may_give_a_least_term_by_a_figure():
    today = clock.now().date()
    soon, late = today + timedelta(days=5), today + timedelta(days=300)
    least = today + timedelta(days=90)
    assert cover_after_swap(soon, least) == least and cover_after_swap(late, least) == late
    assert cover_after_swap(soon, None) == soon and cover_after_swap(None, least) is None


@pytest.mark.req("WAR-2")
def test_the_figure_is_asked_for_at_the_swap(people, device, monkeypatch):
    monkeypatch.setattr(service.figures, "integer", lambda session, name: 4000 if name == "swapped_unit_days" else 72)
    new = db.session.get_one(Device, swap(device, people.technician))
    assert new.parts_until == new.installed_on + timedelta(days=4000) > new.replaces.parts_until


@pytest.mark.req("RPR-11")
def test_a_serial_number_that_is_known_is_refused(people, device):
    twin = db.session.scalars(
        sa.select(Device).where(Device.product_id == device.product_id, Device.id != device.id).limit(1)
    ).one()
    with pytest.raises(NotValid) as refused:
        swap(device, people.technician, serial=twin.serial)
    assert twin.number in str(refused.value.fields["serial"][0].params)
    assert db.session.get_one(Device, device.id).state is not State.REPLACED


def test_a_unit_is_replaced_once_and_nothing_is_reported_of_it(people, device):
    swap(device, people.technician)
    with pytest.raises(NotNow):
        swap(device, people.technician, serial="NEW-0002")
    facts = {"symptom": "无法开机", "contact_name": "陈静怡", "contact_phone": "021-5555 0101"}
    with pytest.raises(NotNow), writing() as session:
        servicing.create_request(session, people.officer, session.get_one(Device, device.id), **facts)


def test_only_who_may_replaces_a_unit(people, device):
    for who in ("officer", "quality", "dealer_technician"):
        with pytest.raises(NotAllowed):
            swap(device, getattr(people, who))
