"""Hours and travel of an order, entered once; and cash that a customer pays on the spot."""

from decimal import Decimal
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.charges import queries, service
from portal.domain.charges.models import Charge
from portal.domain.charges.words import OWED
from portal.domain.permissions import P
from portal.domain.plans import service as plans
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.orders import RECORD_COSTS
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.stale import compare

HUNDRED, LARGEST = 100, 99_999_999
MINUTES = 60


class CostsForm(PortalForm):
    """What the job took (RPR-15)."""

    hours = DecimalField(_l("Working time"), places=None, validators=[Optional(), NumberRange(0, 1000)])
    travel_km = IntegerField(_l("Kilometres travelled"), validators=[Optional(), NumberRange(0, 100_000)])
    fare = DecimalField(_l("Travel cost"), places=2, validators=[Optional(), NumberRange(0, LARGEST)])

    @property
    def costs(self) -> dict[str, int | None]:
        """The values as an order keeps them."""
        return {
            "labour_minutes": None if self.hours.data is None else int(self.hours.data * MINUTES),
            "travel_km": self.travel_km.data,
            "fare": None if self.fare.data is None else int(self.fare.data * HUNDRED),
        }


class CashForm(PortalForm):
    """Cash against a numbered receipt."""

    amount = DecimalField(_l("Amount"), places=2, validators=[InputRequired(), NumberRange(0, LARGEST)])
    paid_on = DateField(_l("Taken on"), validators=[InputRequired()])


@door.form("/orders/<number>/costs", access=P.ORDER_WORK)
def costs(number: str):
    """Enter hours and travel."""
    order = load(number)
    order_id, form = order.id, _costs_form(order)
    if not form.is_submitted():
        return _costs_page(order, form)

    def act(session):
        servicing.record_costs(session, session.get_one(WorkOrder, order_id), g.person, form.version, **form.costs)
        return url_for("technicians.order", number=number)

    again = lambda status: _costs_page(load(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("Hours and travel are kept. They stand on the report."))


def _costs_form(order: WorkOrder) -> CostsForm:
    values: dict[str, Any] = {"travel_km": order.travel_km}
    if order.labour_minutes is not None:
        values["hours"] = Decimal(order.labour_minutes) / MINUTES
    if order.fare is not None:
        values["fare"] = Decimal(order.fare) / HUNDRED
    return CostsForm(version=order.costs_version, data=values)


def _costs_page(order: WorkOrder, form: CostsForm, status: int = 200):
    conflict = compare(form, order.costs_version) if form.stale else None
    plan = plans.latest(db.session, order)
    editable = RECORD_COSTS.possible_in(order.state)
    values = {"order": order, "form": form, "conflict": conflict, "plan": plan, "editable": editable}
    return render("technicians/costs.html", "costs", status, **values)


@door.form("/orders/<number>/cash", access=P.PAYMENT_TAKE)
def cash(number: str):
    """Take cash for the order's charge."""
    order = load(number)
    charge = queries.of_order(db.session, order)
    if charge is None or charge.state not in OWED:
        raise NotYours()
    charge_id, form = charge.id, CashForm(amount=Decimal(charge.left) / HUNDRED, paid_on=_today(charge))
    if not form.is_submitted():
        return _cash_page(order, charge, form)

    def act(session):
        amount = int(form.amount.data * HUNDRED)
        service.take_cash(session, session.get_one(Charge, charge_id), g.person, amount, form.paid_on.data)
        return url_for("technicians.order", number=number)

    again = lambda status: _cash_page(load(number), db.session.get_one(Charge, charge_id), form, status)  # noqa: E731
    return submit(form, act, again, done=_("On record. Hand the money to finance as soon as you are back."))


def _today(charge: Charge):
    return service.today(charge, clock.now())


def _cash_page(order: WorkOrder, charge: Charge, form: CashForm, status: int = 200):
    values = {"order": order, "charge": charge, "form": form, "currency": order.company.currency}
    return render("technicians/cash.html", "cash", status, **values)
