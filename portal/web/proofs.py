"""Forms that ask for the password once more, before something is signed or rights are given."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.core.errors import Busy
from portal.domain.accounts.passwords import LONGEST
from portal.domain.accounts.throttle import TooManyTries
from portal.web import sessions
from portal.web.forms import PortalForm
from portal.web.languages import say


class ProvedForm(PortalForm):
    """A form that is valid only with the signed-in person's password. `about`: the record that is to be signed.

    A wrong password is counted, stands in the trail and is reported at the fifth time. The password never becomes
    part of the form's values or of its hash.
    """

    secret = ("password",)

    password = PasswordField(lazy_gettext("Your password"), [InputRequired(), Length(max=LONGEST)])

    def __init__(self, *args: Any, about: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and self._is_proved()

    def values(self, *leave_out: str) -> dict[str, Any]:
        return super().values("password", *leave_out)

    def _is_proved(self) -> bool:
        try:
            if sessions.prove(self.password.data, self.about):
                return True
            self.password.errors = [gettext("This is not your password.")]
        except (TooManyTries, Busy) as error:
            self.password.errors = [say(error.message)]
        return False
