"""What several audiences show of the people on duty."""

from typing import Any

from portal.domain.duty.models import DutyCall
from portal.web.languages import say


def whom_it_rang(call: DutyCall) -> list[dict[str, Any]]:
    """Whom a call rang and when, and who took care of it, for `ui.timeline`."""
    rows = [
        {"text": f"{say(ring.rung)}: {ring.account.name}", "at": ring.rung_at, "icon": "phone"} for ring in call.rings
    ]
    if call.answered_by is not None:
        text = f"{say(call.state)}: {call.answered_by.name}"
        rows.append({"text": text, "at": call.answered_at, "icon": "check", "tone": "good"})
    return rows
