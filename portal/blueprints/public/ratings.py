"""How was it? Rating a service by a mailed link, which works once and needs no account (SRV-1).

Nobody finds a link by trying: its code has 130 random bits, and an address that asks for too many unknown ones must
wait. The page names the device and the request, no person, and nothing that the hospital did not know.
"""

from typing import Any

from flask import current_app, url_for

from portal.blueprints.public import door
from portal.blueprints.public.labels import among_known, unlisted
from portal.core.db import db
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.throttle import Gate
from portal.domain.ratings import links, service
from portal.domain.ratings.aspects import aspects
from portal.domain.ratings.models import CODE_SIGNS, RatingLink
from portal.domain.ratings.words import RatingState
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import current_language
from portal.web.pages import PUBLIC
from portal.web.ratings import LinkForm, rating_form


@door.form("/r/<code>", access=PUBLIC)
def rate(code: str) -> Any:
    """Rate the service. A form that is sent twice is thanked for twice, though its link is used by then."""
    link, form = _link(code), rating_form(LinkForm, aspects(db.session()))
    if not form.is_submitted():
        return _page(link, form, code)

    def act(session: Any) -> str:
        service.rate_by_link(session, code, form.answers(), form.name.data or "", current_language())
        return url_for("public.rated")

    try:
        return submit(form, act, lambda status: _page(_link(code), form, code, status))
    except LinkOver:
        current_app.logger.info("a link was used twice")
        return _over()


@door.page("/rated", access=PUBLIC)
def rated() -> Any:
    """Thank you."""
    return unlisted(render("public/rated.html"))


def _link(code: str) -> RatingLink | None:
    """The link, while its rating is still to be given. Raises TooManyTries."""
    link = among_known(code, CODE_SIGNS, links.peek, Gate.RATING_LINK)
    return link if link is not None and link.rating.state is RatingState.ASKED else None


def _page(link: RatingLink | None, form: LinkForm, code: str, status: int = 200) -> Any:
    if link is None:
        return _over()
    values = {"asked": link.rating.request, "served_at": link.rating.served_at}
    return unlisted(render("public/rate.html", "rating", status, form=form, code=code, **values))


def _over() -> Any:
    """Used, expired, or never there. Rendered here, so that no log names the address with its code."""
    return unlisted(render("public/rating_over.html", status=410))
