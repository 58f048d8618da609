"""The forms of checklists."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.blueprints.office.forms import NamedForm
from portal.blueprints.office.policy_forms import ticks
from portal.core.db import Text2
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from portal.domain.checklists.service import Use
from portal.domain.checklists.words import AppliedPart, Group, ItemKind, Protection, Purpose
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.rows import RowForm, RowsField

LARGEST = 10**12
BOUNDS = ("lower", "upper", "warn_lower", "warn_upper")


class NewChecklistForm(NamedForm):
    """A checklist of one's own that begins with the items of another."""

    purpose = SelectField(_l("What it is for"), choices=choices(Purpose), validators=[DataRequired()])
    origin = SelectField(_l("Begin with the items of"))


class DescriptionForm(PortalForm):
    """Where the items come from, and what is to be known of them."""

    source = StringField(_l("Source"), validators=[DataRequired(), Length(max=300)])
    note_zh = TextAreaField(_l("Note in Chinese"), validators=[Length(max=2000)])
    note_en = TextAreaField(_l("Note in English"), validators=[Length(max=2000)])

    @property
    def note(self) -> Text2 | None:
        return both(self.note_zh.data, self.note_en.data)


class WithdrawalForm(PortalForm):
    """Why a checklist is no longer used."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=500)])


class UseForm(PortalForm):
    """For which devices a checklist is."""

    products = ticks(_l("Models"), None)
    classes = ticks(_l("Classes"), choices(RiskClass))
    others = BooleanField(_l("All devices that no other checklist of this kind is for"))

    def offer(self, products: list[Product]) -> None:
        """Let these models be ticked."""
        self.products.choices = [(p.uid, f"{say(p.name)} {p.model}") for p in products]

    def fill(self, checklist: Checklist) -> None:
        """Show what holds now."""
        self.products.data = [use.product.uid for use in checklist.uses if use.product]
        self.classes.data = [use.risk_class.value for use in checklist.uses if use.risk_class]
        self.others.data = any(use.rank == 0 for use in checklist.uses)

    def uses(self, products: dict[str, Product]) -> list[Use]:
        """What was ticked; `products` by their uid."""
        models = [products[uid] for uid in self.products.data or ()]
        return [*models, *map(RiskClass, self.classes.data or ()), *([None] if self.others.data else [])]


class ChoiceRow(RowForm):
    """An answer that can be chosen."""

    zh = StringField(_l("Choice in Chinese"), validators=[Length(max=100)])
    en = StringField(_l("Choice in English"), validators=[Length(max=100)])
    passes = SelectField(_l("Means"), choices=lambda: [("yes", _("passed")), ("no", _("failed"))])

    @property
    def is_empty(self) -> bool:
        return not (self.zh.data or "").strip() and not (self.en.data or "").strip()


def _bound(label: Any) -> DecimalField:
    return DecimalField(label, places=None, validators=[Optional(), NumberRange(-LARGEST, LARGEST)])


class ItemForm(NamedForm):
    """One item of a checklist."""

    group = SelectField(_l("Part of the test"), choices=choices(Group), validators=[DataRequired()])
    kind = RadioField(_l("What is written down"), choices=choices(ItemKind), validators=[InputRequired()])
    hint_zh = StringField(_l("How to test it, in Chinese"), validators=[Length(max=300)])
    hint_en = StringField(_l("How to test it, in English"), validators=[Length(max=300)])
    lower = _bound(_l("Lower limit"))
    upper = _bound(_l("Upper limit"))
    warn_lower = _bound(_l("Near the limit below"))
    warn_upper = _bound(_l("Near the limit above"))
    unit = StringField(_l("Unit (UCUM)"), validators=[Length(max=20)])
    decimals = IntegerField(_l("Decimals"), default=0, validators=[InputRequired(), NumberRange(0, 6)])
    answers = RowsField(ChoiceRow, _l("Answers"))
    protection = ticks(_l("Only for the class of protection"), choices(Protection))
    applied = ticks(_l("Only for applied parts of"), choices(AppliedPart))
    required = BooleanField(_l("A result is required"), default=True)
    instrument = BooleanField(_l("Read off a measuring instrument, which is to be named"))

    def fill(self, item: ChecklistItem) -> None:
        """Show an item as it stands."""
        for name in (*BOUNDS, "unit", "decimals", "required", "instrument"):
            self[name].data = getattr(item, name)
        self.group.data, self.kind.data = item.group.value, item.kind.value
        self.name_zh.data, self.name_en.data = item.name.zh, item.name.en
        self.hint_zh.data, self.hint_en.data = (item.hint.zh, item.hint.en) if item.hint else ("", "")
        self.protection.data, self.applied.data = item.protection, item.applied

    @property
    def item(self) -> dict[str, Any]:
        """What was typed, as the item keeps it; what another kind of item would need is left out."""
        kind = ItemKind(self.kind.data)
        measured = kind is ItemKind.NUMBER
        bounds = {name: self[name].data if measured else None for name in BOUNDS}
        answers = [row | {"passes": row["passes"] == "yes"} for row in self.answers.data]
        return bounds | {
            "group": Group(self.group.data),
            "kind": kind,
            "name": self.name_text,
            "hint": both(self.hint_zh.data, self.hint_en.data),
            "unit": (self.unit.data or "").strip() if measured else "",
            "decimals": self.decimals.data,
            "choices": answers if kind is ItemKind.CHOICE else [],
            "protection": self.protection.data or [],
            "applied": self.applied.data or [],
            "required": self.required.data,
            "instrument": self.instrument.data,
        }


def answers_of(item: ChecklistItem) -> list[dict[str, str]]:
    """The answers of an item for the rows of the form."""
    return [row | {"passes": "yes" if row["passes"] else "no"} for row in item.choices]


def described(version: ChecklistVersion) -> DescriptionForm:
    """The description of a draft as it stands."""
    note = version.note
    texts = {"note_zh": note.zh, "note_en": note.en} if note else {}
    return DescriptionForm(formdata=None, source=version.source, version=version.draft_version, **texts)


def both(zh: str | None, en: str | None) -> Text2 | None:
    """A text in two languages; None where there is neither."""
    return Text2(zh or "", en or "") if zh or en else None
