"""Managers and administration: people, organisations, permissions, figures, trail."""

from portal.web.pages import Door
from portal.web.staff import staff_only

door = staff_only(Door("office", __name__, layout="layouts/staff.html", url_prefix="/office"))

from portal.blueprints.office import (  # noqa: E402
    attainment,  # noqa: F401
    calendars,  # noqa: F401
    certificates,  # noqa: F401
    charges,  # noqa: F401
    checklist_drafts,  # noqa: F401
    checklists,  # noqa: F401
    components,  # noqa: F401
    contacts,  # noqa: F401
    contracts,  # noqa: F401
    figures,  # noqa: F401
    invoicing,  # noqa: F401
    kits,  # noqa: F401
    label_formats,  # noqa: F401
    leaving,  # noqa: F401
    organisations,  # noqa: F401
    people,  # noqa: F401
    people_certificates,  # noqa: F401
    people_roles,  # noqa: F401
    permissions,  # noqa: F401
    policies,  # noqa: F401
    price_terms,  # noqa: F401
    prices,  # noqa: F401
    products,  # noqa: F401
    promises,  # noqa: F401
    rating_aspects,  # noqa: F401
    rating_averages,  # noqa: F401
    ratings,  # noqa: F401
    routes,  # noqa: F401
    statements,  # noqa: F401
    trail,  # noqa: F401
    trial,  # noqa: F401
    uncharged,  # noqa: F401
    undelivered,  # noqa: F401
    waiting_reasons,  # noqa: F401
)
