"""Signing: what a signer was shown, the evaluation, and the second proof, checked before any lock is taken."""

from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import (
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.db import db
from portal.core.errors import Message, NotValid
from portal.core.files import Incoming
from portal.domain.accounts import proofs
from portal.domain.accounts.passwords import LONGEST
from portal.domain.ratings.words import SCORES
from portal.web.forms import PortalForm

RATINGS = [SelectChoice(str(score), _l(words.msgid)) for score, words in SCORES.items()]
"""The customer's evaluation of the service (JL-56-00)."""


class SigningForm(PortalForm):
    """Signs what was shown: `seen` is the hash of the very content that stands on the page above the form."""

    secret = ("password",)

    seen = HiddenField(validators=[DataRequired()])
    place = StringField(_l("Place of signing"), validators=[DataRequired(), Length(max=200)])
    password = PasswordField(_l("Your password"), validators=[InputRequired(), Length(max=LONGEST)])


class CustomerSigningForm(SigningForm):
    """The customer signs in the presence of a witness, whose password it is."""

    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=100)])
    function = StringField(_l("Function"), validators=[Length(max=100)])
    department = StringField(_l("Department"), validators=[Length(max=100)])
    phone = StringField(_l("Telephone"), validators=[Length(max=40)])
    rating = RadioField(_l("How was our service?"), choices=RATINGS, validators=[DataRequired()])
    comment = TextAreaField(_l("Anything to add?"), validators=[Length(max=2000)])


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


def prove(form: PortalForm, root: Any) -> None:
    """Check `form.password` as the second proof for signing `root`. Raises NotValid at the field.

    Failures are counted; five of them tell quality (21 CFR 11.300(d)).
    """
    if not proofs.prove(db.session, g.person, form.password.data or "", root):
        raise NotValid(password=Message("This is not your password. Nothing was signed."))


def picture(form: PortalForm, name: str) -> Incoming | None:
    """The one picture that came in the file field `name`, if any. Raises NotValid for anything but a picture."""
    incoming = next(iter(form.received.get(name, ())), None)
    if incoming is not None and not incoming.media_type.startswith("image/"):
        raise NotValid(**{name: "Please send a picture."})
    return incoming
