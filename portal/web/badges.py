"""A service badge for `records/_badge.html`: on the customer's page, the public one, and the person's own."""

from typing import Any

from flask import url_for

from portal.core import codes
from portal.core.db import db
from portal.core.files import FileState
from portal.domain.accounts import badges
from portal.domain.accounts.models import Account


def badge_of(account: Account, *, for_staff: bool = False) -> dict[str, Any]:
    """What the badge shows, with the addresses of its photo and of the page that says whether it is valid.

    `for_staff`: the photo through the account, which shows it also while the badge is not valid.
    """
    badge = badges.of(db.session, account)
    file = badge.file
    return {
        "name": account.name,
        "staff_number": account.staff_number,
        "company": badge.company,
        "is_valid": badge.is_valid,
        "code": codes.spell(account.badge_code),
        "href": url_for("public.badge", code=account.badge_code),
        "photo": _photo(badge, for_staff) if file is not None and file.state is FileState.READY else "",
        "is_pending": file is not None and file.state is FileState.RECEIVED,
        "refusal": file.why_refused if file is not None else None,
    }


def _photo(badge: badges.Badge, for_staff: bool) -> str:
    if for_staff:
        return url_for("records.thumbnail", uid=badge.photo.uid)
    return url_for("public.badge_photo", code=badge.account.badge_code) if badge.is_valid else ""
