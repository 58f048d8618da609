"""Who is told of a ward's report: the equipment department of its hospital, and again while nobody looks at it."""

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

WARD_REPORTED = declare(
    NoticeKind(
        "ward_reported",
        label=Message("A ward reported a fault by the label"),
        title=Message("Ward report %(number)s: %(device)s"),
        concerns=frozenset({Role.CUSTOMER}),
    )
)
WARD_REPORT_WAITS = declare(
    NoticeKind(
        "ward_report_waits",
        label=Message("A ward's report still waits for you"),
        title=Message("Ward report %(number)s still waits for you: %(device)s"),
        concerns=frozenset({Role.CUSTOMER}),
    )
)


def ward_reported(act: Act) -> None:
    """To the equipment department, with the report itself (INT-15)."""
    _tell(act, WARD_REPORTED)


def ward_report_waits(act: Act) -> None:
    _tell(act, WARD_REPORT_WAITS)


def _tell(act: Act, kind: NoticeKind) -> None:
    report = act.record
    people = holders(act.session, P.WARD_REPORT_SETTLE, report, (Role.CUSTOMER,))
    device = report.device
    params = {"number": report.number or "", "device": f"{device.product.model} {device.identity}"}
    notify(act.session, kind, people, root=report, params=params, cause_id=act.entry.id)
