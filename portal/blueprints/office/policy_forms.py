"""Forms of service policies and their promises."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from portal.blueprints.office.forms import NamedForm
from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.working_time import Unit
from portal.domain.organisations.models import Locality
from portal.domain.permissions import RULES, P, Role
from portal.domain.policies import presets, vocabulary
from portal.domain.policies.faults import LAST_STEP
from portal.domain.policies.models import PolicyRule, ServicePolicy, Subject
from portal.domain.servicing.words import Kind, Urgency
from portal.web.fields import ticks
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say

MEASURES: dict[str, tuple[Unit, int, Message]] = {
    "minutes": (Unit.NATURAL_HOURS, 60, Message("minutes, day and night")),
    "hours": (Unit.NATURAL_HOURS, 3600, Message("hours, day and night")),
    "working_minutes": (Unit.WORKING_HOURS, 60, Message("minutes of working time")),
    "working_hours": (Unit.WORKING_HOURS, 3600, Message("working hours")),
    "days": (Unit.CALENDAR_DAYS, 1, Message("calendar days")),
    "working_days": (Unit.WORKING_DAYS, 1, Message("working days")),
}
"""What an amount is typed in: its unit, how much one of it is, and what it is called."""

SHORT_NAME = r"[A-Za-z0-9][A-Za-z0-9-]*$"
TAKEN = ("new", "try")
"""Addresses beside those of the policies."""
MANY = ("kind", "locality", "urgency", "level")
EITHER = ("critical", "covered", "off_hours", "large")


def _told() -> list[tuple[str, str]]:
    return [(role.value, say(role)) for role in Role if role in RULES[P.CLOCK_SEE]]


def _either() -> list[tuple[str, str]]:
    return [("", _("either way")), ("yes", _("yes")), ("no", _("no"))]


def _measures() -> list[tuple[str, str]]:
    return [(key, say(words)) for key, (_unit, _one, words) in MEASURES.items()]


def _levels() -> list[tuple[str, str]]:
    return [(level, level) for level in "123"]


class NewPolicyForm(NamedForm):
    """A policy of one's own, its promises taken from another."""

    short_name = StringField(
        _l("Short name"),
        [InputRequired(), Length(max=40), Regexp(SHORT_NAME, message=_l("Only letters, digits and hyphens."))],
    )
    origin = SelectField(_l("Begin with the promises of"), [InputRequired()])

    def validate_short_name(self, field: StringField) -> None:
        if field.data.lower() in TAKEN:
            raise ValidationError(_("Choose another short name."))


class DraftForm(PortalForm):
    """What a draft says about itself."""

    source = StringField(_l("Source"), [DataRequired(), Length(max=300)])
    note_zh = TextAreaField(_l("Note in Chinese"), [Length(max=1000)])
    note_en = TextAreaField(_l("Note in English"), [Length(max=1000)])

    @property
    def note(self) -> Text2 | None:
        """The note as it is kept."""
        return _text(self.note_zh, self.note_en)


class ReasonForm(PortalForm):
    """Why it is done."""

    reason = TextAreaField(_l("Reason"), [Length(max=500)])


class ChoiceForm(PortalForm):
    """For which cases a policy is."""

    ticked = ticks(_l("Applies to"), list)
    tier = StringField(_l("Customer tiers"), [Length(max=200)])
    province = StringField(_l("Provinces"), [Length(max=300)])
    device = StringField(_l("Device numbers"), [Length(max=500)])

    typed = ("tier", "province", "device")

    @property
    def rows(self) -> list[dict[str, str]]:
        """As a policy keeps them."""
        found = [dict(zip(("basis", "value"), each.split(":", 1), strict=True)) for each in self.ticked.data or ()]
        return found + [{"basis": name, "value": text} for name in self.typed for text in listed(self[name].data)]

    def fill(self, policy: ServicePolicy) -> None:
        """Show what holds now."""
        rows = policy.applies_to
        self.ticked.data = [f"{row['basis']}:{row['value']}" for row in rows if row["basis"] not in self.typed]
        for name in self.typed:
            self[name].data = ", ".join(row["value"] for row in rows if row["basis"] == name)


def listed(text: str | None) -> list[str]:
    """What was typed with commas between, also Chinese ones."""
    parts = (text or "").replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


class PromiseForm(PortalForm):
    """One promise of a draft: what, for which cases, within which time, from when until when, and who is told."""

    clock = SelectField(_l("Promise"), [InputRequired()])
    amount = DecimalField(
        _l("Within"), [InputRequired(_l("Give a figure: a word of time cannot be counted."))], places=None
    )
    measure = SelectField(_l("Counted in"), [InputRequired()], choices=_measures)
    starts_on = SelectField(_l("Runs from when"), [InputRequired()])
    stops_on = SelectField(_l("Kept when"), [InputRequired()])
    or_stops_on = SelectField(_l("Or when"), default="")
    ends_on = SelectField(_l("No longer needed when"), default="")
    or_ends_on = SelectField(_l("Or when"), default="")
    pausable = BooleanField(_l("Stands still while the case waits for a reason that stops clocks"))

    kind = ticks(_l("Kind of request"), choices(Kind))
    locality = ticks(_l("Place"), choices(Locality))
    urgency = ticks(_l("Urgency"), choices(Urgency))
    level = ticks(_l("Recall level"), _levels)
    critical = SelectField(_l("Life support or critical"), choices=_either, default="")
    covered = SelectField(_l("Under warranty"), choices=_either, default="")
    off_hours = SelectField(_l("Reported outside working hours"), choices=_either, default="")
    large = SelectField(_l("Large equipment"), choices=_either, default="")
    province = StringField(_l("Provinces"), [Length(max=300)])

    first_percent = IntegerField(_l("First warning at"), [Optional(), NumberRange(1, 99)])
    first_roles = ticks(_l("It tells"), _told)
    second_percent = IntegerField(_l("Second warning at"), [Optional(), NumberRange(1, 99)])
    second_roles = ticks(_l("It tells"), _told)
    steps = ticks(_l("When the promise breaks, it tells"), _told)
    later_percent = IntegerField(_l("Once more at"), [Optional(), NumberRange(101, 1000)])
    later_roles = ticks(_l("It tells"), _told)

    words_zh = StringField(_l("Words of the source, in Chinese"), [Length(max=300)])
    words_en = StringField(_l("Words of the source, in English"), [Length(max=300)])

    cases = (*MANY, *EITHER, "province")
    chain = (("first_percent", "first_roles"), ("second_percent", "second_roles"), ("later_percent", "later_roles"))

    def offer(self, subject: Subject) -> None:
        """Let only that be chosen which policies of this subject can promise."""
        none = ("", _("—"))
        events = [(e, say(vocabulary.label(vocabulary.EVENTS, e)).capitalize()) for e in presets.events_of(subject)]
        self.clock.choices = [(c, say(vocabulary.label(vocabulary.CLOCKS, c))) for c in presets.clocks_of(subject)]
        self.starts_on.choices = self.stops_on.choices = events
        for name in ("or_stops_on", "ends_on", "or_ends_on"):
            self[name].choices = [none, *events]
        if subject is Subject.REGULATORY:
            del self.pausable
        if subject is not Subject.REGULATORY:
            del self.level

    def fill(self, rule: PolicyRule) -> None:
        """Show a promise as it stands."""
        self.clock.data, self.starts_on.data = rule.clock, rule.starts_on
        self.measure.data, self.amount.data = measured(rule.unit, rule.amount)
        self.stops_on.data, self.or_stops_on.data = [*rule.stops_on, "", ""][:2]
        self.ends_on.data, self.or_ends_on.data = [*rule.ends_on, "", ""][:2]
        if "pausable" in self:
            self.pausable.data = rule.pausable
        for name in self.cases:
            if name in self:
                self[name].data = _shown(name, rule.when.get(name, []))
        none = [None, []]
        warnings = [*(step for step in rule.steps if step[0] < LAST_STEP), none, none][:2]
        later = next((step for step in rule.steps if step[0] > LAST_STEP), none)
        for (percent, roles), step in zip(self.chain, [*warnings, later], strict=True):
            self[percent].data, self[roles].data = step
        self.steps.data = [role for percent, roles in rule.steps if percent == LAST_STEP for role in roles]
        self.words_zh.data, self.words_en.data = (rule.words.zh, rule.words.en) if rule.words else ("", "")

    def promise(self, subject: Subject) -> dict[str, Any]:
        """What was typed, as a rule keeps it. Raises NotValid for an amount that is no whole minute or day."""
        regulatory = subject is Subject.REGULATORY
        unit, one, _words = MEASURES[self.measure.data]
        return {
            "clock": self.clock.data,
            "unit": unit,
            "amount": _whole(self.amount.data * one, unit),
            "starts_on": self.starts_on.data,
            "stops_on": _both(self.stops_on.data, self.or_stops_on.data),
            "ends_on": _both(self.ends_on.data, self.or_ends_on.data),
            "when": self._when(),
            "steps": self._steps(),
            "pausable": not regulatory and self.pausable.data,
            "regulatory": regulatory,
            "words": _text(self.words_zh, self.words_en),
        }

    def _when(self) -> dict[str, list]:
        found: dict[str, list] = {name: self[name].data for name in MANY if name in self and self[name].data}
        if "level" in found:
            found["level"] = [int(level) for level in found["level"]]
        found |= {name: [self[name].data == "yes"] for name in EITHER if self[name].data}
        provinces = listed(self.province.data)
        return found | ({"province": provinces} if provinces else {})

    def _steps(self) -> list[list]:
        """Percent and roles, in order. A warning that tells nobody is none."""
        rows = [[self[percent].data, self[roles].data] for percent, roles in self.chain]
        rows.append([LAST_STEP, self.steps.data])
        return sorted([percent, roles] for percent, roles in rows if percent and roles)


def measured(unit: Unit, amount: int | None) -> tuple[str, Decimal | None]:
    """In what an amount is best typed, and how many of it."""
    fitting = [key for key, (each, one, _words) in MEASURES.items() if each is unit and (amount or 0) % one == 0]
    key = fitting[-1]
    return key, None if amount is None else Decimal(amount) / MEASURES[key][1]


def as_rule(values: dict[str, Any]) -> SimpleNamespace:
    """The values with the attributes of a rule, to be looked at before they are kept."""
    return SimpleNamespace(**values)


def _text(zh: StringField, en: StringField) -> Text2 | None:
    return Text2(zh.data or "", en.data or "") if zh.data or en.data else None


def _whole(amount: Decimal, unit: Unit) -> int:
    if amount != int(amount) or (not unit.in_days and amount % 60):
        raise NotValid(amount=Message("Give whole minutes or whole days."))
    return int(amount)


def _both(first: str, second: str) -> list[str]:
    return list(dict.fromkeys(each for each in (first, second) if each))


def _shown(name: str, values: list) -> Any:
    if name in EITHER:
        return {(): "", (True,): "yes", (False,): "no"}.get(tuple(values), "")
    return ", ".join(values) if name == "province" else [str(value) for value in values]
