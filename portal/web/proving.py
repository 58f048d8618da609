"""Forms that ask for one's own password once more, where they open or close doors for others (ASVS 7.5.3)."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.core.db import db
from portal.core.errors import Message, NotValid
from portal.domain.accounts import proofs
from portal.domain.accounts.passwords import LONGEST
from portal.web.forms import PortalForm


def own_password() -> PasswordField:
    """The field of the second proof. Each form places it last, where it stands on the page."""
    return PasswordField(
        _l("Your own password"),
        [InputRequired(), Length(max=LONGEST)],
        description=_l("Roles open doors: please prove that it is you."),
    )


class ProvedForm(PortalForm):
    """Asks for one's own password once more."""

    secret = ("password",)

    password = own_password()

    def prove(self, root: Any) -> None:
        """Check the password, for what is done to `root`. Raises NotValid. Slow."""
        if not proofs.prove(db.session, g.person, self.password.data, root):
            raise NotValid(password=Message("This is not your password. Nothing was changed."))
