"""Every component of the look in every state, for whoever builds or judges a page."""

from flask import request

from portal.blueprints.office import door
from portal.domain.permissions import P
from portal.web import specimens
from portal.web.answers import render
from portal.web.languages import current_language

AUDIENCES = ("staff", "customer", "technician", "plain")


@door.page("/components", access=P.COMPONENTS_SEE)
def components():
    """`?as=` chooses the frame around them: staff, customer, technician or plain."""
    wanted = request.args.get("as", "staff")
    audience = wanted if wanted in AUDIENCES else "staff"
    return render("internal/components.html", audience=audience, **specimens.context(current_language()))
