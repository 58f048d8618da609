"""How many promises were kept, counted by what one chooses."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import g, request
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.promises import views
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Message
from portal.core.permissions import find
from portal.domain.accounts.models import Account
from portal.domain.permissions import P
from portal.domain.policies import queries
from portal.domain.policies.attainment import By, Narrowed, Share, attainment, names
from portal.domain.policies.models import ServicePolicy
from portal.domain.policies.vocabulary import CLOCKS
from portal.web.answers import render
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say, zone
from portal.web.lists import address, chip


class Period(NamedTuple):
    """Months to count: how many, the last of them so many months ago."""

    label: Message
    months: int
    ago: int = 0


PERIODS = {
    "": Period(Message("Last three months"), 3),
    "month": Period(Message("This month"), 1),
    "last": Period(Message("Last month"), 1, 1),
    "year": Period(Message("Last twelve months"), 12),
}
NARROWING = {By.CLOCK: "clock", By.POLICY: "policy", By.CUSTOMER: "hospital", By.TECHNICIAN: "technician"}
"""What is counted by → the part of the address that narrows to one of them."""


@door.page("/promises/kept", access=P.CLOCK_SEE, endpoint="attainment")
def show():
    """Kept and broken promises as bars with their table; the state stands in the address."""
    word = request.args.get("by")
    by = By(word) if word in set(By) else By.CLOCK
    bounds = months(PERIODS.get(request.args.get("period", ""), PERIODS[""]))
    policies, hospital = queries.named_policies(db.session), chosen_hospital()
    technician = _technician()
    narrowed = Narrowed(
        policy_id=next((p.id for p in policies if p.key == request.args.get("policy")), None),
        clock=_clock(),
        organisation_id=hospital.id if hospital else None,
        technician_id=technician.id if technician else None,
    )
    shares = attainment(db.session, g.person, by, bounds, narrowed)
    rows, total = _rows(by, bounds, shares), _total(shares)
    return render(
        "office/attainment.html",
        views=views("attainment"),
        chips=[*_chips(policies), *hospital_chip(hospital)],
        technician=technician,
        clear=_clear(),
        without_technician=address(technician=None),
        by=by,
        rows=rows,
        total=total,
        total_shown=shown(total) if total else "",
        bars=[(row["name"], row["share"].percent or 0, row["shown"]) for row in rows],
        month_from=_month_name(bounds[0]),
        month_until=_month_name(bounds[-2]),
    )


def months(period: Period) -> list[datetime]:
    """Where the months of the period begin in the reader's zone, and where the last one ends."""
    info = ZoneInfo(zone())
    now = clock.now().astimezone(info)
    last = now.year * 12 + now.month - 1 - period.ago
    counted = range(last - period.months + 1, last + 2)
    return [datetime(month // 12, month % 12 + 1, 1, tzinfo=info) for month in counted]


def _technician() -> Account | None:
    """Whom `?technician=` names: somebody of whom the reader may see promises anyway."""
    uid = request.args.get("technician")
    if not uid:
        return None
    if g.person.can(P.ACCOUNT_SEE):
        return find(db.session, Account, g.person, P.ACCOUNT_SEE, uid=uid)
    return queries.technician(db.session, g.person, uid)


def _clock() -> str | None:
    wanted = request.args.get("clock")
    return wanted if wanted in CLOCKS else None


def _chips(policies: list[ServicePolicy]) -> list[dict[str, Any]]:
    by = [("" if each is By.CLOCK else each.value, say(each)) for each in By]
    return [
        chip(_("Count by"), "by", by),
        chip(_("Period"), "period", [(key, say(period.label)) for key, period in PERIODS.items()]),
        chip(_("Promise"), "clock", [("", _("All")), *((key, say(name)) for key, name in CLOCKS.items())]),
        chip(_("Policy"), "policy", [("", _("All")), *((policy.key, say(policy.name)) for policy in policies)]),
    ]


def _clear() -> str | None:
    named = ("clock", "policy", "hospital", "technician")
    return address(**dict.fromkeys(named)) if any(request.args.get(name) for name in named) else None


def _rows(by: By, bounds: list[datetime], shares: list[Share]) -> list[dict[str, Any]]:
    if by is By.MONTH:
        found = {share.key: share for share in shares}
        empty = [found.get(place, Share(place, 0, 0, 0)) for place in range(len(bounds) - 1)]
        return [_row(_month_name(bounds[share.key]), None, share) for share in empty]
    known = names(db.session, by, [share.key for share in shares])
    return [_named(by, known.get(share.key), share) for share in shares]


def _named(by: By, named: Any, share: Share) -> dict[str, Any]:
    if named is None:
        return _row(_("Nobody assigned"), None, share)
    return _row(say(named.name), address(**{NARROWING[by]: named.word, "by": By.MONTH.value}), share)


def _row(name: str, href: str | None, share: Share) -> dict[str, Any]:
    """A row with the address that narrows to it, month by month."""
    return {"name": name, "href": href, "share": share, "shown": shown(share)}


def shown(share: Share) -> str:
    """A share in words: "95 % · 19 of 20"."""
    if share.percent is None:
        return "—"
    percent = f"{share.percent:.1f}".removesuffix(".0")
    return _("%(percent)s %% · %(kept)s of %(all)s", percent=percent, kept=str(share.kept), all=str(share.counted))


def _total(shares: list[Share]) -> Share | None:
    return Share(None, *map(sum, zip(*(share[1:] for share in shares), strict=True))) if shares else None


def _month_name(at: datetime) -> str:
    return format_skeleton("yMMM", at.date(), locale=get_locale())
