"""The lists that belong together: products, their families, the codes of their faults, what helps with them."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.domain.permissions import P


def catalogue_tabs() -> list[dict[str, Any]]:
    """For `ui.tabs`; products alone for who may not see the codes."""
    pages = [("office.products", _("Products"), P.PRODUCT_SEE), ("quality.families", _("Product families"), CODES)]
    pages.append(("quality.fault_codes", _("Fault codes"), CODES))
    pages.append(("quality.known_answers", _("Known answers"), P.ANSWER_SEE))
    return [
        {"label": label, "href": url_for(endpoint), "current": request.endpoint == endpoint}
        for endpoint, label, access in pages
        if g.person.can(access)
    ]


CODES = P.FAULTCODE_SEE
