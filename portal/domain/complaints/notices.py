"""Who is told of complaints."""

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

COMPLAINT_OPENED = declare(
    NoticeKind(
        "complaint_opened",
        label=Message("A complaint was opened"),
        title=Message("Complaint %(number)s waits to be assessed"),
        concerns=frozenset({Role.QUALITY, Role.MANAGER}),
    )
)


def complaint_opened(act: Act) -> None:
    """To quality and the manager, with the intake itself (INT-7, INT-11)."""
    people = holders(act.session, P.COMPLAINT_ASSESS, act.record, (Role.QUALITY, Role.MANAGER))
    params = {"number": act.record.number or "", "request": act.record.request.number or ""}
    notify(act.session, COMPLAINT_OPENED, people, root=act.record, params=params, cause_id=act.entry.id)
