"""Nobody leaves a site without ticking that it is in order; the customer signs the list with the report."""

import pytest
import sqlalchemy as sa

from portal.core.db import Text2, db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.domain.servicing import leaving, service
from portal.domain.servicing.leaving import Tick
from portal.domain.servicing.models import LeavingItem, WorkOrder
from portal.web.papers import content
from tests.blueprints.technicians.field import order_at, order_of, paper_of, sent


@pytest.fixture
def listed(app):
    """The shipped list, as a house has it; ids of its items."""
    with writing() as session:
        leaving.install(session)
    return [item.id for item in leaving.items(db.session)]


@pytest.fixture
def order(people, device, listed):
    return order_at(people, device, "tested")


def at(number, act):
    with writing() as session:
        return act(session, session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one())


def tick(number, person, version=0, **exceptions):
    """Tick all but what has an exception, by the item's place in the list."""

    def act(session, order):
        rows = leaving.items(session)
        ticks = {item.uid: Tick(f"n{n}" not in exceptions, exceptions.get(f"n{n}", "")) for n, item in enumerate(rows)}
        leaving.record(session, order, person, version, ticks)

    at(number, act)


def submit(number, person):
    at(number, lambda session, order: service.submit(session, order, person))


@pytest.mark.req("QCR-10")
def test_the_report_waits_for_the_list_and_holds_it(order, people):
    with pytest.raises(NotNow, match="leaving the site"):
        submit(order, people.technician)
    tick(order, people.technician, n1="清洁工已接手")
    submit(order, people.technician)
    rows = content(paper_of(order).current)["leaving"]
    assert [row["done"] for row in rows] == [True, False, True, True, True]
    assert rows[1]["exception"] == "清洁工已接手" and rows[0]["text"]["zh"] == "现场已恢复原状，设备归位"


@pytest.mark.req("QCR-10")
def test_what_does_not_hold_needs_its_reason(order, people):
    with pytest.raises(NotValid):
        tick(order, people.technician, n1=" ")
    with pytest.raises(NotAllowed):
        tick(order, people.technician2)
    tick(order, people.technician)
    with pytest.raises(Stale):
        tick(order, people.technician)
    assert all(row["done"] for row in order_of(order).leaving)


def test_a_house_without_a_list_asks_for_nothing(people, device):
    submit(order_at(people, device, "tested"), people.technician)


def test_a_change_of_the_list_leaves_what_was_ticked(order, people, listed):
    tick(order, people.technician)
    with writing() as session:
        item = session.get_one(LeavingItem, listed[0])
        with pytest.raises(NotAllowed):
            leaving.edit(session, item, people.desk, 1, name=Text2("别的", ""))
    with writing() as session:
        item = session.get_one(LeavingItem, listed[0])
        leaving.edit(session, item, people.manager, 1, name=Text2("病房门已锁", "Ward locked"), in_use=True)
    assert order_of(order).leaving[0]["text"]["zh"] == "现场已恢复原状，设备归位"


@pytest.mark.req("QCR-10")
def test_the_tablet_asks_for_it_before_the_report(browser, order, people, listed):
    tablet, here = browser("technician"), f"/technician/orders/{order}"
    page = tablet.get(f"{here}/submit").get_data(as_text=True)
    assert f"exception_{listed[0]}" in page and "password" not in page
    assert tablet.post(f"{here}/leaving", sent(base_version="0")).status_code == 422
    boxes = {f"done_{n}": "y" for n in listed}
    assert browser("technician2").post(f"{here}/leaving", sent(base_version="0", **boxes)).status_code == 404
    answer = tablet.post(f"{here}/leaving", sent(base_version="0", **boxes))
    assert answer.status_code == 303 and answer.location == f"{here}/submit"
    assert "password" in tablet.get(f"{here}/submit").get_data(as_text=True)


def test_the_office_keeps_the_list(browser, listed):
    manager, desk = browser("manager"), browser("desk")
    assert desk.get("/office/leaving-items").status_code == 200
    assert desk.get("/office/leaving-items/new").status_code == 403
    assert manager.post("/office/leaving-items/new", sent(position="6")).status_code == 422
    added = manager.post("/office/leaving-items/new", sent(name_zh="病房门已锁", position="6", in_use="y"))
    assert added.status_code == 303
    uid = db.session.scalars(sa.select(LeavingItem.uid).where(LeavingItem.position == 6)).one()
    form = sent(name_zh="病房门已锁好", position="6", base_version="1")
    assert manager.post(f"/office/leaving-items/{uid}", form).status_code == 303
    assert len(leaving.items(db.session)) == len(listed)
    assert manager.post(f"/office/leaving-items/{uid}", form | sent()).status_code == 409
