"""Work that was finished before charges were kept here is charged by hand: as agreed, or typed with a reason."""

from datetime import timedelta

import pytest

from portal.core import clock, verbs
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.permissions import SYSTEM
from portal.domain.charges import queries, service
from portal.domain.charges.models import Charge
from portal.domain.charges.words import ChargeState
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.service import complete_request
from tests import plans
from tests.blueprints.technicians import field
from tests.blueprints.technicians.field import order_at, order_of

TYPED = {"name": "2023 年维修费", "net": 20_000, "tax_rate": 1_300}
WHY = "旧系统结转，合同 HT-2023-17"


@pytest.fixture
def paying(people, device, monkeypatch):
    """Work is consented to at a price, and no charge follows from it."""
    monkeypatch.setitem(verbs.reactions, "work_order:finish", [complete_request])
    agree = lambda session, order, people: plans.consent(  # noqa: E731
        session, plans.offered(session, order, people.technician), people.officer
    )
    monkeypatch.setitem(field.STEPS, "agreed", agree)
    with writing() as session:
        one, on = session.get_one(Device, device.id), clock.now().date() - timedelta(days=10)
        untils = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **untils)


@pytest.fixture
def order(people, device, paying):
    """The number of finished work without a charge."""
    return order_at(people, device, "done")


def late(number, person):
    with writing() as session:
        return service.open_late(session, session.merge(order_of(number)), person).id


def by_hand(number, person, reason=WHY, **terms):
    with writing() as session:
        order = session.get_one(WorkOrder, order_of(number).id)
        return service.open_by_hand(session, order, person, reason, **TYPED | terms).id


def listed(person):
    db.session.rollback()
    return [row[0] for row in queries.uncharged(db.session, person).rows]


@pytest.mark.req("RPR-6")
def test_it_is_charged_at_the_price_that_was_consented_to(order, people):
    assert listed(people.finance) == [order]
    charge = db.session.get_one(Charge, late(order, people.finance))
    assert (charge.state, charge.gross) == (ChargeState.OPEN, order_of(order).fee)
    assert charge.lines and sum(line["net"] + line["tax"] for line in charge.lines) == charge.gross
    assert charge.number.split("-")[1] == "CH" and listed(people.finance) == []


@pytest.mark.req("RPR-6")
def test_it_is_charged_once(order, people):
    number = db.session.get_one(Charge, late(order, people.finance)).number
    with pytest.raises(NotNow, match="charged already") as refused:
        late(order, people.finance)
    assert refused.value.message.params["number"] == number
    with pytest.raises(NotNow):
        by_hand(order, people.finance)


@pytest.mark.req("RPR-6")
def test_a_typed_amount_gives_its_reason_and_is_taxed(order, people):
    with pytest.raises(NotValid):
        by_hand(order, people.finance, reason=" ")
    with pytest.raises(NotValid) as refused:
        by_hand(order, people.finance, net=0)
    assert "amount" in refused.value.fields
    charge = db.session.get_one(Charge, by_hand(order, people.finance))
    assert (charge.net, charge.tax, charge.gross) == (20_000, 2_600, 22_600)
    assert [line["name"] for line in charge.lines] == ["2023 年维修费"]


@pytest.mark.req("RPR-3", "RPR-6")
def test_nobody_is_charged_more_than_they_consented_to(order, people):
    fee = order_of(order).fee
    with pytest.raises(NotValid) as refused:
        by_hand(order, people.finance, net=fee, tax_rate=600)
    assert "amount" in refused.value.fields
    by_hand(order, people.finance, net=fee, tax_rate=0)


@pytest.mark.req("RPR-3")
def test_work_consented_to_as_free_is_never_charged(people, device):
    number = order_at(people, device, "done")
    assert listed(people.finance) == []
    with pytest.raises(NotNow, match="no price"):
        late(number, people.finance)
    with pytest.raises(NotValid):
        by_hand(number, people.finance)


def test_unfinished_work_waits_for_its_own_charge(people, device, paying):
    with pytest.raises(NotNow, match="not finished"):
        by_hand(order_at(people, device, "to_sign"), people.finance, net=100)


def test_a_charge_that_was_cancelled_is_not_asked_for_again_but_may_be_opened(order, people):
    charge_id = late(order, people.finance)
    with writing() as session:
        service.cancel(session, session.get_one(Charge, charge_id), people.finance, "金额有误")
    assert listed(people.finance) == []
    assert by_hand(order, people.finance) != charge_id


def test_finance_alone_charges_by_hand(order, people):
    for who in ("officer", "manager", "technician", "desk"):
        with pytest.raises(NotAllowed):
            late(order, getattr(people, who))
        assert listed(getattr(people, who)) == []
