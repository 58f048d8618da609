"""Doors for the people of the house and of its dealers, not for customers."""

from flask import g

from portal.core.errors import NotAllowed
from portal.domain.permissions import P
from portal.web.pages import Door


def staff_only(door: Door) -> Door:
    """Refuse whoever holds no staff role at this door, even where a page's own permission would let them in.

    Customers may see their devices and requests, but on pages of their own: these here say more.
    """
    door.before_request(_refuse_customers)
    return door


def _refuse_customers() -> None:
    if g.person is not None and not g.person.can(P.STAFF_ENTER):
        raise NotAllowed()
