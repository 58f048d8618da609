"""The history of a device as cards, for staff and for its hospital."""

import json
from collections.abc import Callable
from textwrap import shorten
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from portal.core.db import db
from portal.domain.complaints.models import State as ComplaintState
from portal.domain.devices.models import Device
from portal.domain.documents.kinds import KINDS
from portal.domain.history.queries import Happened, What, of_device
from portal.domain.plans.words import PlanState
from portal.domain.servicing.words import OrderState, RequestState
from portal.domain.trail.words import verb_label
from portal.web.languages import say
from portal.web.lists import address, chip, pager

LONGEST = 200
STATES = {
    What.REQUEST: RequestState,
    What.VISIT: OrderState,
    What.PLAN: PlanState,
    What.COMPLAINT: ComplaintState,
}
ICONS = {
    What.REQUEST: "inbox",
    What.VISIT: "wrench",
    What.PLAN: "clipboard-list",
    What.PART: "package",
    What.PAPER: "file-text",
    What.USE: "shield-check",
    What.COMPLAINT: "octagon-alert",
}


def history(device: Device, kinds: tuple[What, ...], href: Callable[[Happened], str]) -> dict[str, Any]:
    """What `records/_history.html` shows. `href`: the reader's page of a line's record, or nothing."""
    asked = request.args.get("show", "")
    what = What(asked) if asked in set(kinds) else None
    found = of_device(db.session, g.person, device, what=what, cursor=request.args.get("at"))
    return {
        "cards": [_card(line, href(line) or request.path) for line in found.rows],
        "pager": pager(found),
        "chips": [chip(_("Show"), "show", [("", _("Everything")), *((kind.value, say(kind)) for kind in kinds)])],
        "clear": address(show=None) if what else None,
    }


def _card(line: Happened, href: str) -> dict[str, Any]:
    title, text = TEXTS[line.what](line)
    states = STATES.get(line.what)
    state = states(line.state) if states and line.state in set(states) else None
    return {
        "title": title,
        "href": href,
        "text": shorten(text, LONGEST, placeholder="…"),
        "meta": line.who,
        "at": line.at,
        "icon": ICONS[line.what],
        "badge": (say(state), getattr(state, "tone", "neutral")) if state else None,
    }


def _part(line: Happened) -> tuple[str, str]:
    title = _("Part replaced: %(part)s", part=" ".join(filter(None, (line.text, line.number))))
    put_in = _("in: %(number)s", number=line.detail) if line.detail else ""
    return title, " · ".join(filter(None, (put_in, _("out: %(number)s", number=line.state) if line.state else "")))


def _act(line: Happened) -> tuple[str, str]:
    reason = json.loads(line.text)["reason"]
    return f"{say(verb_label(line.detail))} · {line.number}", reason


TEXTS: dict[What, Callable[[Happened], tuple[str, str]]] = {
    What.REQUEST: lambda line: (_("Service request %(number)s", number=line.number), line.text),
    What.VISIT: lambda line: (_("Work order %(number)s", number=line.number), line.text),
    What.PLAN: lambda line: (_("Repair plan of %(number)s", number=line.number), line.text),
    What.PART: _part,
    What.PAPER: lambda line: (f"{say(KINDS[line.text].title)} {line.number}", ""),
    What.USE: _act,
    What.COMPLAINT: lambda line: (_("Complaint %(number)s", number=line.number), line.text),
}
"""Title and text of a line of each kind."""
