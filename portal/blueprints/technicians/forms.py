"""What a technician fills in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.core import clock
from portal.domain.devices.models import Whereabouts
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind
from portal.domain.plans.service import Line
from portal.domain.plans.words import OPTIONS, Basis, LineKind
from portal.domain.servicing.words import (
    Conclusion,
    ContactMode,
    Difficulty,
    FaultClass,
    Kind,
    Outlook,
    Verdict,
)
from portal.web.fields import MomentField
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.rows import RowForm, RowsField
from portal.web.signing import PaperForm, WitnessedForm

MAX_TEXT = 10_000
LEAST, MOST = Decimal("0.001"), 9999
MOST_PRICE = 99_999_999


class StepForm(PortalForm):
    """A step of the way. The time may be claimed: it happened earlier, where there was no network."""

    occurred_at = MomentField(_l("When was it?"), validators=[Optional()], id="step-occurred_at")


class ReasonForm(PortalForm):
    """A verb that asks for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class MessageForm(PortalForm):
    """A line in the conversation with the hospital."""

    body = TextAreaField(_l("Your message"), validators=[InputRequired(), Length(max=MAX_TEXT)])
    files = MultipleFileField(_l("Photos or files"))


class LogForm(PortalForm):
    """A line of the work log."""

    text = TextAreaField(_l("What happened"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    photos = MultipleFileField(_l("Photos"))
    occurred_at = MomentField(_l("When was it?"), validators=[Optional()], id="log-occurred_at")


class PartRow(RowForm):
    """One kind of part that was replaced. Quantities are decimals, kept as text."""

    name = StringField(_l("Part name"), validators=[DataRequired(), Length(max=200)])
    part_number = StringField(_l("Part number"), validators=[Length(max=80)])
    quantity = DecimalField(_l("Quantity"), places=None, validators=[InputRequired(), NumberRange(LEAST, MOST)])
    serial_in = StringField(_l("Serial number in"), validators=[Length(max=80)])
    lot_in = StringField(_l("Lot in"), validators=[Length(max=80)])
    serial_out = StringField(_l("Serial number out"), validators=[Length(max=80)])
    whereabouts = SelectField(_l("Old part"), choices=lambda: [("", "—"), *choices(Whereabouts)()], default="")

    @property
    def is_empty(self) -> bool:
        return not any(field._value().strip() for field in self if field is not self.whereabouts)


class CodedForm(PortalForm):
    """A form with fault codes: fields named in `coded` choose among those that hold for the model."""

    coded: dict[str, CodeKind] = {}

    def offer(self, codes: Sequence[FaultCode]) -> None:
        """Let the form choose among these codes."""
        self.by_uid = {code.uid: code for code in codes}
        for name, kind in self.coded.items():
            self[name].choices = [("", gettext("Not coded")), *((c.uid, say(c)) for c in codes if c.kind is kind)]

    def ids(self) -> dict[str, int | None]:
        """The chosen codes by field, as ids or None."""
        chosen = {name: self.by_uid.get(self[name].data) for name in self.coded}
        return {name: code.id if code else None for name, code in chosen.items()}


class DiagnosisForm(CodedForm):
    """What the technician makes of the fault, at a distance or at the device (F03)."""

    coded = {"symptom_code": CodeKind.SYMPTOM, "area_code": CodeKind.AREA}

    contact_mode = RadioField(_l("How did you look at it?"), choices=choices(ContactMode), validators=[InputRequired()])
    contacted_at = MomentField(_l("When?"), validators=[InputRequired()])
    symptom_code = SelectField(_l("Symptom, coded"), choices=list, default="")
    area_code = SelectField(_l("Area of the fault"), choices=list, default="")
    diagnosis = TextAreaField(_l("Findings"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    suspected_cause = TextAreaField(_l("Suspected cause"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    difficulty = RadioField(_l("Size of the repair"), choices=choices(Difficulty), validators=[InputRequired()])
    fault_class = RadioField(_l("Class of the fault"), choices=choices(FaultClass), validators=[InputRequired()])
    on_the_spot = BooleanField(_l("It can be repaired on the spot"))
    needs_parts = BooleanField(_l("It needs parts"))
    outlook = RadioField(_l("Outcome"), choices=choices(Outlook), validators=[InputRequired()])

    @property
    def assessment(self) -> dict[str, Any]:
        """The values of the group but its codes, as the order keeps them."""
        words = {"contact_mode": ContactMode, "difficulty": Difficulty, "fault_class": FaultClass, "outlook": Outlook}
        chosen = {name: enum(self[name].data) for name, enum in words.items()}
        return self.values(*self.coded, *words) | chosen


class FindingsForm(CodedForm):
    """What was found and done (F06). `use`: the codes of an earlier repair, to be filled in before anything is kept."""

    coded = {"cause_code": CodeKind.CAUSE, "action_code": CodeKind.ACTION}
    quiet = (*PortalForm.quiet, "use")

    use = HiddenField(validators=[Length(max=80)])
    fault_symptom = TextAreaField(_l("Symptom found"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    fault_cause = TextAreaField(_l("Cause"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    cause_code = SelectField(_l("Cause, coded"), choices=list, default="")
    repair_process = TextAreaField(_l("Repair process"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    action_code = SelectField(_l("Action, coded"), choices=list, default="")
    parts_replaced = RowsField(PartRow, _l("Parts replaced"))

    def take(self) -> bool:
        """Fill in the codes of an earlier repair, if that is what was asked. What was typed stays."""
        if not self.use.data:
            return False
        for name, uid in zip(self.coded, self.use.data.split(), strict=False):
            if uid in {value for value, _label in self[name].choices}:
                self[name].data = uid
        self.use.data = ""
        return True

    @property
    def findings(self) -> dict[str, Any]:
        """The values of the group but its codes, as the order keeps them."""
        return self.values("parts_replaced", *self.coded) | {"parts_replaced": self.parts_replaced.data}


VERDICTS = ("functional_test", "performance_test", "safety_test")


class ResultsForm(PortalForm):
    """The tests after the repair (F06). A repair is always tested for function and performance (2.2, R2)."""

    functional_test = RadioField(_l("Functional test"), choices=choices(Verdict), validators=[InputRequired()])
    performance_test = RadioField(_l("Performance test"), choices=choices(Verdict), validators=[InputRequired()])
    safety_test = RadioField(_l("Electrical safety test"), choices=choices(Verdict), validators=[InputRequired()])
    test_data = TextAreaField(_l("Test data"), validators=[Length(max=MAX_TEXT)])
    conclusion = RadioField(_l("Conclusion"), choices=choices(Conclusion), validators=[InputRequired()])
    restored_at = MomentField(_l("Working again since"))
    beyond_repair = BooleanField(_l("It cannot be repaired"))
    beyond_repair_reason = TextAreaField(_l("Why can it not be repaired?"), validators=[Length(max=MAX_TEXT)])

    def __init__(self, *args: Any, kind: Kind, since: datetime, by_sheet: bool = False, **kwargs: Any) -> None:
        """`by_sheet`: the verdicts follow from test sheets, so that the conclusion alone is asked."""
        super().__init__(*args, **kwargs)
        self.since = since.replace(second=0, microsecond=0)
        if by_sheet:
            for name in (*VERDICTS, "test_data"):
                del self[name]
        elif kind is Kind.REPAIR:
            self.functional_test.choices = self.performance_test.choices = _outcomes()

    def validate_test_data(self, field: Any) -> None:
        """Performance is shown by figures."""
        if self.performance_test.data in (Verdict.PASS, Verdict.FAIL) and not (field.data or "").strip():
            raise ValidationError(gettext("Please write down what was measured."))

    def validate_restored_at(self, field: Any) -> None:
        """Needed unless the device stays stopped; between the report of the fault and now."""
        if not any(field.raw_data or ()):
            field.errors[:] = []
            if self.conclusion.data != Conclusion.STOP:
                raise ValidationError(gettext("Please say since when the device works again."))
        elif field.data and field.data > clock.now() + timedelta(minutes=1):
            raise ValidationError(gettext("This time lies in the future."))
        elif field.data and field.data < self.since:
            raise ValidationError(gettext("This time lies before the fault was reported."))

    def validate_beyond_repair(self, field: Any) -> None:
        """What cannot be repaired is not used any more (RPR-9)."""
        if field.data and self.conclusion.data != Conclusion.STOP:
            raise ValidationError(gettext("A device that cannot be repaired is concluded as “Stop using”."))

    def validate_beyond_repair_reason(self, field: Any) -> None:
        """The hospital reads it in the notice."""
        if self.beyond_repair.data and not (field.data or "").strip():
            raise ValidationError(gettext("Please say why it cannot be repaired; the hospital reads it."))

    @property
    def results(self) -> dict[str, Any]:
        """The values of the group, as the order keeps them."""
        written = {name: Verdict(self[name].data) for name in VERDICTS if name in self}
        if "test_data" in self:
            written["test_data"] = self.test_data.data
        conclusion = Conclusion(self.conclusion.data)
        return written | {
            "conclusion": conclusion,
            "beyond_repair": self.beyond_repair.data,
            "beyond_repair_reason": self.beyond_repair_reason.data if self.beyond_repair.data else "",
            "restored_at": self.restored_at.data if conclusion is not Conclusion.STOP else None,
        }


def _outcomes() -> list[tuple[str, str]]:
    return [(verdict.value, say(verdict)) for verdict in (Verdict.PASS, Verdict.FAIL)]


class WitnessedConsentForm(WitnessedForm):
    """The customer consents to a repair plan on the tablet."""

    rating = None
    choice = RadioField(_l("Which option?"), validators=[DataRequired()])


class PaperConsentForm(PaperForm):
    """The customer consented to a repair plan on a print."""

    rating = None
    choice = RadioField(_l("Which option?"), validators=[DataRequired()])


class PlanRow(RowForm):
    """A part, hours or a journey. With a code of the price list, name and price may stay empty."""

    code = StringField(_l("Code"), validators=[Length(max=40)])
    name = StringField(_l("Item"), validators=[Length(max=200)])
    kind = SelectField(_l("Kind"), choices=choices(LineKind), default=LineKind.PART.value)
    quantity = DecimalField(_l("Quantity"), places=None, validators=[Optional(), NumberRange(LEAST, MOST)])
    price = DecimalField(_l("Price each, before tax"), places=2, validators=[Optional(), NumberRange(0, MOST_PRICE)])
    option = SelectField(_l("Option"), choices=[("", "—"), *((name, name) for name in OPTIONS)])

    @property
    def is_empty(self) -> bool:
        return not (self.code.data or "").strip() and not (self.name.data or "").strip()


class PlanForm(PortalForm):
    """What is to be done and what it costs (F04)."""

    why_again = TextAreaField(_l("What was found that the earlier plan did not know?"), [Length(max=MAX_TEXT)])
    steps = TextAreaField(_l("Steps"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    hours = DecimalField(_l("Expected working time"), places=None, validators=[Optional(), NumberRange(0, 1000)])
    lines = RowsField(PlanRow, _l("Parts, labour and travel"))
    basis = RadioField(_l("Who pays"), choices=choices(Basis), default=Basis.BY_COVER.value)
    exclusion_reason = TextAreaField(_l("Why is cover excluded, and how do we know?"), [Length(max=MAX_TEXT)])
    evidence = MultipleFileField(_l("Photos or files that prove it"))
    valid_until = DateField(_l("Offer valid until"), validators=[InputRequired()])

    @property
    def content(self) -> dict[str, Any]:
        """The values as the plan keeps them."""
        minutes = int(self.hours.data * 60) if self.hours.data is not None else None
        return self.values("lines", "hours", "basis", "evidence") | {
            "minutes": minutes,
            "basis": Basis(self.basis.data),
        }

    @property
    def asked(self) -> list[Line]:
        """The lines as they were typed."""
        return [_asked(row) for row in self.lines.data]


def _asked(row: dict[str, Any]) -> Line:
    price = None if row["price"] is None else int(row["price"] * 100)
    quantity = row["quantity"] if row["quantity"] is not None else Decimal(1)
    return Line(LineKind(row["kind"]), row["name"].strip(), quantity, row["code"].strip(), row["option"], price)
