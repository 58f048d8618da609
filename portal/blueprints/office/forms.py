"""The forms of the office's registers."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, EmailField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.core.db import Text2
from portal.domain.catalog.models import ProductFamily, RiskClass
from portal.domain.organisations.models import ContactFunction, Locality, OrganisationKind
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say

LARGEST_LIMIT = Decimal(100_000_000)


class NamedForm(PortalForm):
    """A form of something with a name in two languages, one of which is required."""

    name_zh = StringField(_l("Name in Chinese"), validators=[Length(max=200)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=200)])

    def validate_name_zh(self, field: StringField) -> None:
        if not (field.data or self.name_en.data):
            raise ValidationError(_("Give the name in at least one language."))

    @property
    def name_text(self) -> Text2:
        """The name as it is kept."""
        return Text2(self.name_zh.data or "", self.name_en.data or "")

    def facts(self) -> dict:
        """What was typed, with the name as one text."""
        return self.values("name_zh", "name_en") | {"name": self.name_text}


class OrganisationForm(NamedForm):
    """What is known of an organisation (block CUS)."""

    nicknames = StringField(_l("Nicknames"), validators=[Length(max=200)])
    licence_number = StringField(_l("Licence number"), validators=[Length(max=100)])
    address = StringField(_l("Address"), validators=[Length(max=300)])
    province = StringField(_l("Province"), validators=[Length(max=40)])
    phone = StringField(_l("Telephone"), validators=[Length(max=40)])
    tier = StringField(_l("Tier"), validators=[Length(max=20)])


class NewOrganisationForm(OrganisationForm):
    """The same, with what cannot be changed later."""

    kind = SelectField(_l("Kind"), choices=choices(OrganisationKind), validators=[DataRequired()])
    dealer = SelectField(_l("Looked after by"))


class SiteForm(NamedForm):
    """A campus or branch."""

    address = StringField(_l("Address"), validators=[Length(max=300)])
    locality = SelectField(_l("Locality"), choices=choices(Locality), validators=[DataRequired()])


class DepartmentForm(NamedForm):
    """A ward or department at one of the sites."""

    site = SelectField(_l("Site"), validators=[DataRequired()])
    phone = StringField(_l("Telephone"), validators=[Length(max=40)])


class ContactForm(PortalForm):
    """A person at an organisation, with the rights that the hospital gave them."""

    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=100)])
    function = SelectField(_l("Function"), choices=choices(ContactFunction), validators=[DataRequired()])
    department = SelectField(_l("Department"))
    phone = StringField(_l("Telephone"), validators=[Length(max=40)])
    email = EmailField(_l("E-mail"), validators=[Length(max=254)])
    may_sign = BooleanField(_l("May sign service reports"))
    consent_limit = DecimalField(
        _l("May consent to a price up to"), places=2, validators=[Optional(), NumberRange(0, LARGEST_LIMIT)]
    )


class ProductForm(NamedForm):
    """A model of a device (the part of block DEV that belongs to the model)."""

    model = StringField(_l("Model"), validators=[DataRequired(), Length(max=80)])
    family = SelectField(_l("Product family"), choices=list, default="")
    brand = StringField(_l("Brand"), validators=[Length(max=80)])
    registrant = StringField(_l("Registrant"), validators=[Length(max=200)])
    registration_number = StringField(_l("Registration number"), validators=[Length(max=80)])
    risk_class = SelectField(_l("Class"), choices=choices(RiskClass), validators=[DataRequired()])
    udi_di = StringField(_l("UDI-DI"), validators=[Length(max=40)])
    service_life_months = IntegerField(_l("Service life in months"), validators=[Optional(), NumberRange(1, 1200)])
    implantable = BooleanField(_l("Implantable"))
    life_support = BooleanField(_l("Life support"))
    large_equipment = BooleanField(_l("Large equipment"))
    compulsory_verification = BooleanField(_l("Compulsory verification"))
    by_lot = BooleanField(_l("Counted by lot, without serial numbers"))
    unit_zh = StringField(_l("Unit in Chinese"), validators=[Length(max=20)])
    unit_en = StringField(_l("Unit in English"), validators=[Length(max=20)])

    def offer(self, families: list[ProductFamily]) -> "ProductForm":
        """Let it choose among these families, or none."""
        self.family_ids = {family.uid: family.id for family in families}
        self.family.choices = [("", _("Not said")), *((family.uid, say(family.name)) for family in families)]
        return self

    def facts(self) -> dict:
        """As a product keeps them."""
        apart = ("family", "unit_zh", "unit_en")
        kept = {name: value for name, value in super().facts().items() if name not in apart}
        family_id = self.family_ids.get(self.family.data)
        return kept | {"risk_class": RiskClass(self.risk_class.data), "family_id": family_id, "unit": self.unit_text}

    @property
    def unit_text(self) -> Text2 | None:
        """The unit as it is kept, None where nothing is counted."""
        zh, en = self.unit_zh.data or "", self.unit_en.data or ""
        return Text2(zh, en) if zh or en else None
