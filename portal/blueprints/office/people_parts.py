"""What the pages about people share."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from portal.core.db import db
from portal.core.permissions import find
from portal.domain.accounts import queries
from portal.domain.accounts.models import Account, RoleGrant
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.web.languages import say


def load(uid: str) -> Account:
    """The account, for who may see it. Raises NotYours."""
    return find(db.session, Account, g.person, P.ACCOUNT_SEE, uid=uid)


def employer(record: Account) -> Organisation | None:
    """The organisation the person belongs to; None for our own staff."""
    return db.session.get_one(Organisation, record.organisation_id) if record.organisation_id else None


def where(grant: RoleGrant) -> str:
    """The place of a grant in words."""
    return " · ".join(say(name) for name in queries.place_names(db.session, grant)) or _("unrestricted")


def member(enum: Any, value: str | None) -> Any:
    """The member of `enum` with this value; None where there is none."""
    return enum(value) if value in set(enum) else None
