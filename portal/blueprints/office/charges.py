"""Charges for finance: what is to be invoiced, what is owed, what was paid, and cash still on its way."""

from datetime import date
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.office import door
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.charges import queries, service
from portal.domain.charges.lifecycle import CHARGE_LIFECYCLE
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import OWED, ChargeState, PaidBy
from portal.domain.organisations import queries as organisations
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.charges import HUNDRED, amount_field, row
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.trail import lines


class InvoiceForm(PortalForm):
    """The invoice that was written for a charge."""

    invoice_number = StringField(_l("Invoice number"), validators=[DataRequired(), Length(max=60)])
    invoiced_on = DateField(_l("Invoiced on"), validators=[InputRequired()])


class PaymentForm(PortalForm):
    """Money that came."""

    amount = amount_field(_l("Amount"))
    paid_on = DateField(_l("Paid on"), validators=[InputRequired()])
    paid_by = SelectField(_l("Paid by"), choices=choices(PaidBy), validators=[InputRequired()])
    reference = StringField(_l("Reference"), validators=[Length(max=100)])


class DiscountForm(PortalForm):
    """A discount, by who may grant it."""

    amount = amount_field(_l("Discount, with tax"))
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class CancelForm(PortalForm):
    """Why nothing is owed after all."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


FORMS = {"invoice": InvoiceForm, "payment": PaymentForm, "discount": DiscountForm, "cancel": CancelForm}


@door.page("/charges", access=P.CHARGE_SEE)
def charges():
    """Charges, newest first; without a choice those that are owed. Above them, cash that is on its way."""
    hospital, chosen = chosen_hospital(), request.args.get("state", "")
    found = queries.charges(
        db.session(),
        g.person,
        states=_states(chosen),
        overdue_on=clock.now().date() if chosen == "overdue" else None,
        organisation_id=hospital.id if hospital else None,
        cursor=request.args.get("at"),
    )
    options = [("", _("Owed")), ("overdue", _("Overdue")), ("all", _("All"))]
    options += [(state.value, say(state)) for state in ChargeState]
    currency = organisations.currency(db.session)
    return render(
        "office/charges.html",
        rows=[row(each, currency, "office.charge") for each in found.rows],
        chips=[chip(_("State"), "state", options), *hospital_chip(hospital)],
        pager=pager(found),
        clear=address(state=None, hospital=None) if chosen or hospital else None,
        in_hands=queries.in_hands(db.session(), g.person),
    )


def _states(chosen: str) -> tuple[ChargeState, ...]:
    if chosen in set(ChargeState):
        return (ChargeState(chosen),)
    return () if chosen in ("all", "overdue") else OWED


@door.page("/charges/<uid>", access=P.CHARGE_SEE)
def charge(uid: str):
    """One charge: its lines, its invoice, its money."""
    return _page(uid)


def _load(uid: str) -> Charge:
    return find(db.session, Charge, g.person, P.CHARGE_SEE, *queries.whole(), uid=uid)


def _page(uid: str, status: int = 200, block: str | None = None, **sent: PortalForm) -> Any:
    record = _load(uid)
    today = service.today(record, clock.now())
    history = trail.of_records(db.session, [record, *record.payments]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "office/charge.html",
        block,
        status,
        record=record,
        currency=record.company.currency,
        overdue=record.state is ChargeState.INVOICED and record.due_on < today,
        verbs={verb.name for verb in CHARGE_LIFECYCLE.possible(record, g.person)},
        may_pay=record.state in OWED and record.left > 0 and g.person.can(P.PAYMENT_RECORD, record),
        trail=lines(db.session, history),
        **_forms(record, today, sent),
    )


def _forms(record: Charge, today: date, sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    fresh = {"invoice": {"invoiced_on": today}, "payment": {"paid_on": today, "amount": record.left / HUNDRED}}
    forms = {name: sent.get(name) or form(formdata=None, **fresh.get(name, {})) for name, form in FORMS.items()}
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return {f"{name}_form": form for name, form in forms.items()}


def _carry_out(uid: str, name: str, form: PortalForm, act: Any, done: str) -> Any:
    record_id = _load(uid).id

    def write(session):
        act(session, session.get_one(Charge, record_id))
        return url_for("office.charge", uid=uid)

    return submit(form, write, lambda status: _page(uid, status, "acts", **{name: form}), done=done)


@door.verb("/charges/<uid>/invoice", access=P.CHARGE_EDIT)
def invoice_charge(uid: str):
    """Record the invoice."""
    form = InvoiceForm()

    def act(session, record):
        service.invoice(session, record, g.person, form.invoice_number.data, form.invoiced_on.data)

    return _carry_out(uid, "invoice", form, act, _("The invoice is on record, and the customer is told."))


@door.verb("/charges/<uid>/payment", access=P.PAYMENT_RECORD)
def pay_charge(uid: str):
    """Record money that came."""
    form = PaymentForm()

    def act(session, record):
        amount, paid_by = int(form.amount.data * HUNDRED), PaidBy(form.paid_by.data)
        service.record_payment(session, record, g.person, amount, form.paid_on.data, paid_by, form.reference.data or "")

    return _carry_out(uid, "payment", form, act, _("The payment is on record."))


@door.verb("/charges/<uid>/discount", access=P.CHARGE_DISCOUNT)
def discount_charge(uid: str):
    """Grant a discount."""
    form = DiscountForm()

    def act(session, record):
        service.discount(session, record, g.person, int(form.amount.data * HUNDRED), form.reason.data)

    return _carry_out(uid, "discount", form, act, _("The discount is granted."))


@door.verb("/charges/<uid>/cancel", access=P.CHARGE_EDIT)
def cancel_charge(uid: str):
    """Give the charge up."""
    form = CancelForm()

    def act(session, record):
        service.cancel(session, record, g.person, form.reason.data)

    return _carry_out(uid, "cancel", form, act, _("The charge is cancelled."))


@door.verb("/payments/<uid>/receive", access=P.PAYMENT_RECORD)
def receive_cash(uid: str):
    """Receive the cash that a technician took."""
    payment = find(db.session, ChargePayment, g.person, P.PAYMENT_RECORD, uid=uid)
    payment_id, charge_uid, form = payment.id, payment.charge.uid, PortalForm()

    def act(session):
        service.hand_over(session, session.get_one(ChargePayment, payment_id), g.person)
        return url_for("office.charge", uid=charge_uid)

    again = lambda status: _page(charge_uid, status, None, payment=form)  # noqa: E731
    return submit(form, act, again, done=_("Received. The receipt names you both."))
