"""What to take along to a model: kept on its product, read by the desk, ticked by the technician."""

import pytest
import sqlalchemy as sa

from portal.core.db import Text2, db, writing
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.kits import service
from portal.domain.kits.models import KitItem, KitKind
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from tests.safety import screened
from tests.web.conftest import sent


@pytest.fixture
def kit(people, device):
    """Two things for the device's model; returns the product's uid."""
    product_id = device.product_id
    with writing() as session:
        product = session.get_one(Product, product_id)
        for kind, zh in ((KitKind.TEST, "气流分析仪"), (KitKind.TOOL, "工具包")):
            service.add(session, product, people.quality, kind, Text2(zh))
        return product.uid


@pytest.fixture
def order(people, device):
    """A work order of the technician about the device; returns its number."""
    facts = {"symptom": "自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    device_id, technician_id = device.id, people.account("technician").id
    with writing() as session:
        request = servicing.create_request(session, people.officer, session.get_one(Device, device_id), **facts)
        screened(session, request, people.desk)
        return servicing.assign(session, request, people.desk, session.get_one(Account, technician_id)).number


def packed(number):
    db.session.expire_all()
    return db.session.scalars(sa.select(WorkOrder.packed).where(WorkOrder.number == number)).one()


@pytest.mark.req("DSP-3")
def test_quality_keeps_the_list_of_a_model(browser, kit):
    client = browser("quality")
    page = client.get(f"/office/products/{kit}/kit").get_data(as_text=True)
    assert page.index("工具包") < page.index("气流分析仪")
    added = client.post(f"/office/products/{kit}/kit", sent(kind="part", name_zh="", name_en="Flow sensor"))
    assert added.status_code == 303
    item = db.session.scalars(sa.select(KitItem).order_by(KitItem.id)).first()
    assert client.post(f"/office/products/{kit}/kit/{item.uid}/drop", sent()).status_code == 303
    page = client.get(f"/office/products/{kit}/kit").get_data(as_text=True)
    assert "Flow sensor" in page and "气流分析仪" not in page
    assert client.post(f"/office/products/{kit}/kit/{item.uid}/drop", sent()).status_code == 409


def test_a_thing_needs_a_name_and_keeps_what_was_typed(browser, kit):
    answer = browser("quality").post(f"/office/products/{kit}/kit", sent(kind="tool", name_zh=" ", name_en=""))
    assert answer.status_code == 422
    for who in ("desk", "technician", "officer", "stores"):
        assert browser(who).get(f"/office/products/{kit}/kit").status_code == 403, who


@pytest.mark.req("DSP-3")
def test_the_technician_ticks_what_is_packed_and_the_desk_reads_it(browser, kit, order):
    client = browser("technician")
    page = client.get(f"/technician/orders/{order}/pack").get_data(as_text=True)
    assert "工具包" in page and "气流分析仪" in page
    tool = db.session.scalars(sa.select(KitItem.uid).where(KitItem.kind == KitKind.TOOL)).one()
    assert client.post(f"/technician/orders/{order}/pack", sent(things=[tool])).status_code == 303
    assert [each["key"] for each in packed(order)] == [tool]
    assert "checked" in client.get(f"/technician/orders/{order}/pack").get_data(as_text=True)
    number = db.session.scalars(sa.select(WorkOrder)).one().request.number
    desk = browser("desk2").get(f"/desk/requests/{number}/kit").get_data(as_text=True)
    assert "气流分析仪" in desk and "李伟 has packed: " in desk


def test_what_is_not_on_the_list_is_refused_and_another_packs_nothing(browser, kit, order):
    client = browser("technician")
    assert client.post(f"/technician/orders/{order}/pack", sent(things=["anything"])).status_code == 422
    assert browser("technician2").get(f"/technician/orders/{order}/pack").status_code == 404
    assert browser("desk").post(f"/technician/orders/{order}/pack", sent()).status_code == 403


def test_what_was_packed_stays_noted_when_it_leaves_the_list(browser, kit, order, people):
    client = browser("technician")
    tool = db.session.scalars(sa.select(KitItem).where(KitItem.kind == KitKind.TOOL)).one()
    client.post(f"/technician/orders/{order}/pack", sent(things=[tool.uid]))
    tool_id = tool.id
    with writing() as session:
        service.drop(session, session.get_one(KitItem, tool_id), people.quality)
    assert "工具包" in client.get(f"/technician/orders/{order}/pack").get_data(as_text=True)
