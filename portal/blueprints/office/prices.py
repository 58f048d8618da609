"""The published price list."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.core.db import Text2, db
from portal.core.permissions import find
from portal.domain.organisations import queries as organisations
from portal.domain.permissions import P
from portal.domain.plans import queries, service
from portal.domain.plans.models import PriceItem
from portal.domain.plans.words import LineKind
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import submit
from portal.web.stale import conflict

HUNDRED = 100


class PriceForm(NamedForm):
    """What a part, an hour or a journey costs. Prices before tax, as the list is published."""

    unit_zh = StringField(_l("Unit in Chinese"), validators=[Length(max=20)])
    unit_en = StringField(_l("Unit in English"), validators=[Length(max=20)])
    price = DecimalField(
        _l("Price each, before tax"), places=2, validators=[InputRequired(), NumberRange(0, 99_999_999)]
    )
    cost = DecimalField(_l("Cost each, before tax"), places=2, validators=[Optional(), NumberRange(0, 99_999_999)])
    tax = DecimalField(_l("Tax rate"), places=2, validators=[InputRequired(), NumberRange(0, 100)])
    valid_from = DateField(_l("Holds from"), validators=[InputRequired()])
    valid_until = DateField(_l("Holds until"), validators=[Optional()])

    def validate_valid_until(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("This day lies before the first."))

    @property
    def terms(self) -> dict[str, Any]:
        """What was typed, as the price list keeps it."""
        return {
            "name": self.name_text,
            "unit": Text2(self.unit_zh.data or "", self.unit_en.data or "") if self.has_unit else Text2("件", "piece"),
            "unit_price": int(self.price.data * HUNDRED),
            "cost_price": None if self.cost.data is None else int(self.cost.data * HUNDRED),
            "tax_rate": int(self.tax.data * HUNDRED),
            "valid_from": self.valid_from.data,
            "valid_until": self.valid_until.data,
        }

    @property
    def has_unit(self) -> bool:
        return bool(self.unit_zh.data or self.unit_en.data)


class NewPriceForm(PriceForm):
    """The same, with what cannot be changed later."""

    code = StringField(_l("Code"), validators=[DataRequired(), Length(max=40)])
    kind = SelectField(_l("Kind"), choices=choices(LineKind), validators=[DataRequired()])

    def validate_code(self, field: StringField) -> None:
        """A code stands for one price."""
        if field.data in {item.code for item in queries.price_list(db.session)}:
            raise ValidationError(_("This code is in the list already: change its price instead."))


@door.page("/prices", access=P.PRICE_SEE)
def prices():
    """All prices by code."""
    return render(
        "office/prices.html", rows=queries.price_list(db.session), currency=organisations.currency(db.session)
    )


@door.form("/prices/new", access=P.PRICE_EDIT)
def new_price():
    """Add a price."""
    form = NewPriceForm()
    if not form.is_submitted():
        return _page(form)

    def act(session):
        company = organisations.first_company(session)
        kind = LineKind(form.kind.data)
        service.add_price(session, g.person, company=company, code=form.code.data.strip(), kind=kind, **form.terms)
        return url_for("office.prices")

    return submit(form, act, lambda status: _page(form, status), done=_("The price is added."))


@door.form("/prices/<uid>", access=P.PRICE_EDIT)
def price(uid: str):
    """Change a price. Plans that were drawn up keep what they said."""
    record = find(db.session, PriceItem, g.person, P.PRICE_EDIT, uid=uid)
    record_id, form = record.id, _filled(record)
    if not form.is_submitted():
        return _page(form, record=record)

    def act(session):
        service.edit_price(session, session.get_one(PriceItem, record_id), g.person, form.version, **form.terms)
        return url_for("office.prices")

    again = lambda status: _page(form, status, db.session.get_one(PriceItem, record_id))  # noqa: E731
    return submit(form, act, again, done=_("The price is changed."))


def _filled(record: PriceItem) -> PriceForm:
    return PriceForm(
        version=record.terms_version,
        data={
            "name_zh": record.name.zh,
            "name_en": record.name.en,
            "unit_zh": record.unit.zh,
            "unit_en": record.unit.en,
            "price": record.unit_price / HUNDRED,
            "cost": None if record.cost_price is None else record.cost_price / HUNDRED,
            "tax": record.tax_rate / HUNDRED,
            "valid_from": record.valid_from,
            "valid_until": record.valid_until,
        },
    )


def _page(form: PriceForm, status: int = 200, record: PriceItem | None = None):
    stale = conflict(form, record, "terms") if record else None
    return render("office/price.html", "edit", status, form=form, record=record, stale=stale)
