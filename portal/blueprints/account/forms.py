"""Forms about one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from portal.domain.accounts import passwords
from portal.domain.accounts.passwords import LONGEST
from portal.web.forms import PortalForm
from portal.web.zones import ZONES, zone_choices

LANGUAGES = [("zh", "中文"), ("en", "English")]


class SignInForm(PortalForm):
    """The two parts that sign in."""

    email = EmailField(_l("E-mail address"), [InputRequired(), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=LONGEST)])


class AddressForm(PortalForm):
    """Where a link for a new password goes."""

    email = EmailField(_l("E-mail address"), [InputRequired(), Length(max=254), Email()])


class NewPasswordForm(PortalForm):
    """A password that a person chooses. After `take_in` its hash stands in `password_hash`."""

    secret = ("new_password",)

    new_password = PasswordField(_l("New password"), [InputRequired()])

    password_hash = ""

    def take_in(self, *own: str) -> None:
        """Check the rules and make the hash; `own`: the person's name and address. Raises NotValid. Slow."""
        passwords.check(self.new_password.data, *own)
        self.password_hash = passwords.make(self.new_password.data)


class ChangePasswordForm(NewPasswordForm):
    """Old and new."""

    secret = ("current_password", "new_password")

    current_password = PasswordField(_l("Current password"), [InputRequired(), Length(max=LONGEST)])


class FirstAdminForm(NewPasswordForm):
    """Who is the first administrator."""

    name = StringField(_l("Your name"), [InputRequired(), Length(max=100)])
    email = EmailField(_l("E-mail address"), [InputRequired(), Length(max=254), Email()])


class ProfileForm(PortalForm):
    """What people say about themselves."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=100)])
    phone = StringField(_l("Telephone"), [Length(max=40)])
    language = SelectField(_l("Language"), [InputRequired()], choices=LANGUAGES)
    zone = SelectField(_l("Time zone"), [InputRequired()], choices=zone_choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = self.zone.object_data
        if kept and kept not in ZONES:
            self.zone.choices = [(kept, kept), *self.zone.choices]

    def validate_name(self, field):
        """A name of blanks is none."""
        field.data = " ".join(field.data.split())
        if not field.data:
            raise ValidationError(_l("Please say your name."))


class NoticesForm(PortalForm):
    """Which notices also come by mail: the values are "kind channel"."""

    wanted = SelectMultipleField(choices=list)
