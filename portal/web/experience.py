"""What helped before, as the technician's order and the desk's request show it."""

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from portal.core.db import db
from portal.core.search import LONGEST_QUERY
from portal.domain.faultcodes.models import FaultCode
from portal.domain.servicing.experience import helped_before
from portal.domain.servicing.models import WorkOrder
from portal.web.filters import moment
from portal.web.languages import say


def helped(here: str, product_id: int, symptom: FaultCode | None) -> dict[str, Any]:
    """What `records/_helped.html` shows: for the model and its symptom, or for the words looked for in `?helped=`.

    `here`: the address of the page that it stands on.
    """
    words = request.args.get("helped", "")[:LONGEST_QUERY].strip()
    by_symptom = symptom if not words else None
    found = helped_before(
        db.session, g.person, product_id, symptom_code_id=by_symptom.id if by_symptom else None, words=words
    )
    return {"helped": found, "helped_words": words, "helped_symptom": by_symptom, "helped_here": here}


def diagnosis_facts(order: WorkOrder) -> list[tuple[str, Any]]:
    """The diagnosis of an order for `ui.facts`."""
    return [
        (_("Looked into"), moment(order.contacted_at)),
        (_("How it was looked into"), say(order.contact_mode)),
        (_("Symptom, coded"), say(order.symptom_code)),
        (_("Area of the fault"), say(order.area_code)),
        (_("Suspected cause"), order.suspected_cause),
        (_("Size of the repair"), say(order.difficulty)),
        (_("Class of the fault"), say(order.fault_class)),
        (_("Repairable on the spot"), _("yes") if order.on_the_spot else _("no")),
        (_("Parts needed"), _("yes") if order.needs_parts else _("no")),
        (_("Outcome"), say(order.outlook)),
    ]
