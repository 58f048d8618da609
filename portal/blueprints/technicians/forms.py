"""What a technician fills in."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    DecimalField,
    FileField,
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
from portal.domain.plans.service import Line
from portal.domain.plans.words import OPTIONS, Basis, LineKind
from portal.domain.servicing.words import Conclusion, Kind, Verdict
from portal.web.fields import MomentField
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.rows import RowForm, RowsField
from portal.web.signing import RATINGS, CustomerSigningForm

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
    serial_out = StringField(_l("Serial number out"), validators=[Length(max=80)])
    serial_in = StringField(_l("Serial number in"), validators=[Length(max=80)])


class FindingsForm(PortalForm):
    """What was found and done (F06)."""

    fault_symptom = TextAreaField(_l("Symptom found"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    fault_cause = TextAreaField(_l("Cause"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    repair_process = TextAreaField(_l("Repair process"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    parts_replaced = RowsField(PartRow, _l("Parts replaced"))

    @property
    def findings(self) -> dict[str, Any]:
        """The values of the group, as the order keeps them."""
        parts = [row | {"quantity": f"{row['quantity'].normalize():f}"} for row in self.parts_replaced.data]
        return self.values("parts_replaced") | {"parts_replaced": parts}


class ResultsForm(PortalForm):
    """The tests after the repair (F06). A repair is always tested for function and performance (2.2, R2)."""

    functional_test = RadioField(_l("Functional test"), choices=choices(Verdict), validators=[InputRequired()])
    performance_test = RadioField(_l("Performance test"), choices=choices(Verdict), validators=[InputRequired()])
    safety_test = RadioField(_l("Electrical safety test"), choices=choices(Verdict), validators=[InputRequired()])
    test_data = TextAreaField(_l("Test data"), validators=[Length(max=MAX_TEXT)])
    conclusion = RadioField(_l("Conclusion"), choices=choices(Conclusion), validators=[InputRequired()])
    restored_at = MomentField(_l("Working again since"))

    def __init__(self, *args: Any, kind: Kind, since: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since.replace(second=0, microsecond=0)
        if kind is Kind.REPAIR:
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

    @property
    def results(self) -> dict[str, Any]:
        """The values of the group, as the order keeps them."""
        verdicts = {name: Verdict(self[name].data) for name in ("functional_test", "performance_test", "safety_test")}
        conclusion = Conclusion(self.conclusion.data)
        return verdicts | {
            "conclusion": conclusion,
            "test_data": self.test_data.data,
            "restored_at": self.restored_at.data if conclusion is not Conclusion.STOP else None,
        }


def _outcomes() -> list[tuple[str, str]]:
    return [(verdict.value, say(verdict)) for verdict in (Verdict.PASS, Verdict.FAIL)]


class WitnessedForm(CustomerSigningForm):
    """The customer signs on the tablet: drawn, or the name typed. The technician's password witnesses it."""

    signature = FileField()
    signature_points = HiddenField(validators=[Length(max=500_000)])
    typed_name = StringField(_l("Signature"), validators=[Length(max=100)])

    def validate_typed_name(self, field: Any) -> None:
        """Drawn or typed; a typed signature is the signer's own name."""
        drawn = isinstance(self.signature.data, FileStorage) and bool(self.signature.data.filename)
        typed = "".join((field.data or "").split())
        if not drawn and not typed:
            raise ValidationError(gettext("Please sign with finger or pen, or type the name."))
        if typed and typed != "".join((self.name.data or "").split()):
            raise ValidationError(gettext("The typed signature must be the name above."))


class PaperForm(CustomerSigningForm):
    """The customer signed a print: its photograph, and why it was not signed here."""

    photo = FileField(
        _l("Photo of the signed page"), validators=[FileRequired(_l("Please take a photo of the signed page."))]
    )
    reason = TextAreaField(_l("Why on paper?"), validators=[DataRequired(), Length(max=1000)])
    rating = RadioField(_l("How was our service?"), choices=RATINGS, validators=[Optional()])


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
