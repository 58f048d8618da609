"""What people are told about accounts. Texts stand in templates/notices."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.audit import AuditEntry
from portal.core.db import writing
from portal.core.errors import Message
from portal.core.notices import Context, Notice, NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts import links
from portal.domain.accounts.models import Account, Purpose
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

figures.declare("failed_proofs", 5, "tries", "21 CFR 11.300(d): attempts to misuse a signature are reported")
figures.declare("failed_proofs_hours", 24, "hours", "operating decision: the time within which they are counted")


def _link(purpose: Purpose) -> Context:
    """The secret is drawn when the mail is written, so that it stands in no row, queue or log, only in the mail.

    A second try at delivery draws another; the first stays good, because it may have arrived.
    """

    def context(session: Session, notice: Notice) -> Mapping[str, Any]:
        account_id = notice.root_id
        with writing("one-use link") as writer:
            token = links.make(writer, purpose, account_id)
        hours = links.LIFETIMES[purpose] // timedelta(hours=1)
        return {"token": token, "hours": hours, "name": session.get_one(Account, account_id).name}

    return context


INVITATION = declare(
    NoticeKind(
        "invitation",
        label=Message("An invitation"),
        title=Message("You are invited to Aftercare"),
        mandatory=True,
        inbox=False,
        context=_link(Purpose.INVITATION),
    )
)
RESET = declare(
    NoticeKind(
        "reset",
        label=Message("A link to set a new password"),
        title=Message("Set a new password"),
        mandatory=True,
        inbox=False,
        context=_link(Purpose.RESET),
    )
)
PASSWORD_CHANGED = declare(
    NoticeKind(
        "password_changed",
        label=Message("Your password was changed"),
        title=Message("Your password was changed"),
        mandatory=True,
    )
)
SECOND_STEP_CHANGED = declare(
    NoticeKind(
        "second_step_changed",
        label=Message("The second step of your sign-in"),
        title=Message("The second step of your sign-in was changed or replaced"),
        mandatory=True,
    )
)
FAILED_PROOFS = declare(
    NoticeKind(
        "failed_proofs",
        label=Message("Repeated wrong passwords at signing"),
        title=Message("%(name)s: %(times)s wrong passwords at signing"),
        mandatory=True,
    )
)


def invited(act: Act) -> None:
    """Mail the invitation; an earlier one stops working."""
    links.retire(act.session, Purpose.INVITATION, act.record.id)
    notify(act.session, INVITATION, [act.record], root=act.record, cause_id=act.entry.id)


def password_changed(act: Act) -> None:
    notify(act.session, PASSWORD_CHANGED, [act.record], root=act.record, cause_id=act.entry.id)


def second_step_changed(act: Act) -> None:
    """Whoever did not do it themselves should know at once."""
    notify(
        act.session,
        SECOND_STEP_CHANGED,
        [act.record],
        root=act.record,
        params={"act": act.verb.name},
        cause_id=act.entry.id,
    )


def proof_failed(act: Act) -> None:
    """Tell quality at every fifth wrong proof of one person within the time."""
    since = act.at - timedelta(hours=figures.integer(act.session, "failed_proofs_hours"))
    times = act.session.scalar(
        sa.select(sa.func.count(AuditEntry.id)).where(
            AuditEntry.root_kind == act.record.__tablename__,
            AuditEntry.root_id == act.record.id,
            AuditEntry.verb == act.name,
            AuditEntry.at > since,
        )
    )
    if times % figures.integer(act.session, "failed_proofs"):
        return
    watchers = holders(act.session, P.TRAIL_SEE, act.record, (Role.QUALITY,))
    params = {"name": act.record.name, "times": times}
    notify(act.session, FAILED_PROOFS, watchers, root=act.record, params=params, cause_id=act.entry.id)
