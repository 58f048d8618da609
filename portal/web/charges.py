"""Charges in lists, and the form of an organisation's invoice data."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from portal.domain.organisations.models import InvoiceKind, Organisation
from portal.web.filters import choices
from portal.web.forms import PortalForm

HUNDRED, LARGEST = 100, 99_999_999


def amount_field(label: Any) -> DecimalField:
    """An amount of money as people type it, in whole units and hundredths."""
    return DecimalField(label, places=2, validators=[InputRequired(), NumberRange(0, LARGEST)])


def row(found: Any, currency: str, endpoint: str) -> dict[str, Any]:
    """A row of `charges.queries.charges` with its address and what is owed in all."""
    uid, number, state, order, organisation, gross, discount, invoice, due, opened = found
    return {
        "number": number,
        "href": url_for(endpoint, uid=uid),
        "state": state,
        "order": order,
        "organisation": organisation,
        "owed": gross - discount,
        "currency": currency,
        "invoice": invoice,
        "due": due,
        "at": opened,
    }


class InvoicingForm(PortalForm):
    """What invoices say of a customer (抬头、税号、专票/普票)."""

    invoice_kind = RadioField(_l("Kind of invoice"), choices=choices(InvoiceKind), validators=[DataRequired()])
    invoice_title = StringField(_l("Invoice title"), validators=[DataRequired(), Length(max=200)])
    tax_number = StringField(
        _l("Tax number"),
        validators=[DataRequired(), Regexp(r"^\s*[0-9A-Za-z]{15,20}\s*$", message=_l("15 to 20 digits and letters."))],
    )
    invoice_address = StringField(_l("Address and telephone on the invoice"), validators=[Length(max=200)])
    invoice_bank = StringField(_l("Bank and account"), validators=[Length(max=200)])

    def _needed_for_special(self, field: Any) -> None:
        if self.invoice_kind.data == InvoiceKind.SPECIAL.value and not (field.data or "").strip():
            raise ValidationError(gettext("A special VAT invoice needs this."))

    validate_invoice_address = _needed_for_special
    validate_invoice_bank = _needed_for_special

    @property
    def data_of_invoices(self) -> dict[str, Any]:
        """The values as an organisation keeps them."""
        said = self.values("invoice_kind")
        said = {name: (value or "").strip() for name, value in said.items()}
        said["tax_number"] = said["tax_number"].upper()
        return said | {"invoice_kind": InvoiceKind(self.invoice_kind.data)}


def invoicing_form(record: Organisation) -> InvoicingForm:
    """The form, filled with what stands."""
    names = Organisation.versioned["invoicing"]
    values = {name: getattr(record, name) for name in names} | {"invoice_kind": record.invoice_kind.value}
    return InvoicingForm(version=record.invoicing_version, data=values)
