"""The second proof of a signature: the signer's own password, checked before any lock is taken."""

from typing import Any

from flask import g

from portal.core.db import db
from portal.core.errors import NotValid
from portal.domain.accounts import proofs
from portal.web.forms import PortalForm


def prove(form: PortalForm, root: Any) -> None:
    """Check `form.password` as the second proof for signing `root`. Raises NotValid at the field.

    Failures are counted; five of them tell quality (21 CFR 11.300(d)).
    """
    if not proofs.prove(db.session, g.person, form.password.data or "", root):
        raise NotValid(password="This is not your password. Nothing was signed.")  # noqa: S106
