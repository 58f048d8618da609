"""Finished work without a charge: what was finished before charges were kept here, or slipped through."""

from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.permissions import find, visible_to
from portal.domain.charges import queries, service
from portal.domain.organisations import queries as organisations
from portal.domain.permissions import P
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState
from portal.web.answers import render
from portal.web.charges import HUNDRED, amount_field
from portal.web.forms import PortalForm, submit
from portal.web.lists import pager


class AmountForm(PortalForm):
    """An amount that no plan names."""

    name = StringField(_l("What is charged"), validators=[DataRequired(), Length(max=200)])
    amount = amount_field(_l("Amount before tax"))
    tax = DecimalField(_l("Tax rate"), places=2, validators=[InputRequired(), NumberRange(0, 100)])
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.page("/uncharged", access=P.CHARGE_EDIT)
def uncharged():
    """Finished work that the customer pays for and that was never charged; `?order=` leads to any finished order."""
    wanted = request.args.get("order", "").strip()[:40].upper()
    if wanted and _known(wanted):
        return redirect(url_for("office.charge_order", number=wanted))
    found = queries.uncharged(db.session(), g.person, request.args.get("at"))
    currency = organisations.currency(db.session)
    return render("office/uncharged.html", rows=found.rows, currency=currency, pager=pager(found), wanted=wanted)


def _known(number: str) -> bool:
    mine = visible_to(g.person, WorkOrder, P.CHARGE_EDIT)
    return db.session.query(WorkOrder.id).filter(WorkOrder.number == number, mine).first() is not None


@door.page("/orders/<number>/charge", access=P.CHARGE_EDIT)
def charge_order(number: str):
    """Open the charge of one finished order."""
    return _page(number)


def _page(number: str, status: int = 200, block: str | None = None, **forms: PortalForm) -> Any:
    order = find(db.session, WorkOrder, g.person, P.CHARGE_EDIT, number=number)
    return render(
        "office/charge_order.html",
        block,
        status,
        order=order,
        charge=queries.of_order(db.session(), order),
        finished=order.state is OrderState.DONE,
        consented_form=forms.get("consented") or PortalForm(formdata=None),
        amount_form=forms.get("amount") or AmountForm(formdata=None),
    )


def _open(number: str, name: str, form: PortalForm, act: Any) -> Any:
    order_id = find(db.session, WorkOrder, g.person, P.CHARGE_EDIT, number=number).id

    def write(session):
        charge = act(session, session.get_one(WorkOrder, order_id))
        return url_for("office.charge", uid=charge.uid)

    again = lambda status: _page(number, status, "acts", **{name: form})  # noqa: E731
    return submit(form, write, again, done=_("The charge is open: record its invoice next."))


@door.verb("/orders/<number>/charge/consented", access=P.CHARGE_EDIT)
def charge_consented(number: str):
    """At the price that the customer consented to."""
    return _open(number, "consented", PortalForm(), lambda session, order: service.open_late(session, order, g.person))


@door.verb("/orders/<number>/charge/amount", access=P.CHARGE_EDIT)
def charge_amount(number: str):
    """At an amount that is typed, with its reason."""
    form = AmountForm()

    def act(session, order):
        terms = {"net": int(form.amount.data * HUNDRED), "tax_rate": int(form.tax.data * HUNDRED)}
        return service.open_by_hand(session, order, g.person, form.reason.data, name=form.name.data, **terms)

    return _open(number, "amount", form, act)
