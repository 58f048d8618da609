"""What ratings come to: averages by technician, customer, product or month."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.rating_tabs import MONTHS, month_name, month_starts, month_word, views
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.ratings.averages import Average, By, averages, names
from portal.domain.ratings.words import SCORES, tone_of
from portal.web.answers import render
from portal.web.day_tabs import day_tabs
from portal.web.languages import say
from portal.web.lists import chip

PERIODS = {"": 3, "month": 1, "year": MONTHS}
"""Word of the address → how many months are counted."""
NARROWS = {By.TECHNICIAN: "technician", By.CUSTOMER: "hospital", By.PRODUCT: "product"}
"""What is counted by → the part of the list's address that narrows to one of them."""


@door.page("/ratings/averages", access=P.RATING_SEE)
def rating_averages():
    """Averages as bars with their table; the state stands in the address."""
    word = request.args.get("by")
    by = By(word) if word in set(By) else By.TECHNICIAN
    bounds = month_starts(PERIODS.get(request.args.get("period", ""), PERIODS[""]))
    found = averages(db.session(), g.person, by, bounds)
    rows, total = _rows(by, bounds, found), _total(found)
    return render(
        "office/rating_averages.html",
        day_tabs=day_tabs(),
        views=views("rating_averages"),
        chips=_chips(),
        by=by,
        rows=rows,
        total=total,
        mean=shown(total),
        best=max(SCORES),
        bars=[(row["name"], row["average"].mean or 0, row["shown"], _tone(row["average"])) for row in rows],
        month_from=month_name(bounds[0]),
        month_until=month_name(bounds[-2]),
    )


def _chips() -> list[dict[str, Any]]:
    by = [("" if each is By.TECHNICIAN else each.value, say(each)) for each in By]
    periods = [("", _("Last three months")), ("month", _("This month")), ("year", _("Last twelve months"))]
    return [chip(_("Count by"), "by", by), chip(_("Period"), "period", periods)]


def _rows(by: By, bounds: list, found: list[Average]) -> list[dict[str, Any]]:
    if by is By.MONTH:
        known = {average.key: average for average in found}
        every = [known.get(place, Average(place, 0, 0, 0)) for place in range(len(bounds) - 1)]
        return [_row(month_name(bounds[a.key]), {"month": month_word(bounds[a.key])}, a) for a in every]
    named = names(db.session(), by, [average.key for average in found])
    return [_row(say(named[a.key][0]), {NARROWS[by]: named[a.key][1]}, a) for a in found]


def _row(name: str, narrowed: dict[str, str], average: Average) -> dict[str, Any]:
    """A row with the address of the ratings that it counts."""
    href = url_for("office.ratings", **narrowed) if average.count else None
    return {"name": name, "href": href, "average": average, "shown": shown(average)}


def shown(average: Average) -> str:
    """A mean as people read it: "4.3"."""
    return "—" if average.mean is None else f"{average.mean:.1f}"


def _tone(average: Average) -> str:
    return "accent" if average.mean is None else tone_of(round(average.mean))


def _total(found: list[Average]) -> Average:
    return Average(None, *(sum(column) for column in zip(*(a[1:] for a in found), strict=True))) if found else _NONE


_NONE = Average(None, 0, 0, 0)
