"""Which role needs which place, and whom it fits."""

from portal.core.errors import Message, NotValid
from portal.domain.accounts.models import RoleGrant
from portal.domain.organisations.models import Centre, Organisation, OrganisationKind, Site
from portal.domain.permissions import Role

PLACES: dict[Role, str] = {
    Role.CUSTOMER: "organisation",
    Role.WARD: "site",
    Role.DEALER_DESK: "dealer",
    Role.TECHNICIAN: "centre",
}
"""The place that a role is given for; a role that is not here reaches the whole house and needs none."""

Place = Organisation | Site | Centre

MISSING = {
    "organisation": Message("Please choose the hospital this role is for."),
    "site": Message("Please choose the campus this role is for."),
    "dealer": Message("Please choose the dealer this role is for."),
    "centre": Message("Please choose the service centre this role is for."),
}


def grant(role: Role, place: Place | None) -> RoleGrant:
    """A new grant of `role` for `place`, with the ids that the role's scopes need. Raises NotValid at the place."""
    wanted = PLACES.get(role)
    if wanted and not _suits(wanted, place):
        raise NotValid(**{wanted: MISSING[wanted]})
    match wanted, place:
        case "organisation", Organisation():
            return RoleGrant(role=role, organisation_id=place.id)
        case "site", Site():
            return RoleGrant(role=role, organisation_id=place.organisation_id, site_id=place.id)
        case "dealer", Organisation():
            return RoleGrant(role=role, dealer_id=place.id)
        case "centre", Centre():
            return RoleGrant(role=role, centre_id=place.id, dealer_id=place.dealer_id)
        case _:
            return RoleGrant(role=role)


def _suits(wanted: str, place: Place | None) -> bool:
    match wanted, place:
        case "organisation", Organisation():
            return place.kind is OrganisationKind.HOSPITAL
        case "dealer", Organisation():
            return place.kind is OrganisationKind.DEALER
        case "site", Site():
            return place.organisation.kind is OrganisationKind.HOSPITAL
        case "centre", Centre():
            return True
        case _:
            return False


def employer(given: RoleGrant) -> int | None:
    """The organisation whose people may hold this grant; None for our own staff."""
    return given.organisation_id or given.dealer_id


def is_same(one: RoleGrant, other: RoleGrant) -> bool:
    """Whether two grants give the same role for the same place."""
    names = ("role", "organisation_id", "site_id", "dealer_id", "centre_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)
