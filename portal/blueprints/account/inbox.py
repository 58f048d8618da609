"""The inbox: what happened that concerns this person."""

from typing import Any

import sqlalchemy as sa
from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.account import door
from portal.blueprints.account.frames import frame
from portal.core import notices
from portal.core.db import db, writing
from portal.core.errors import NotYours
from portal.core.listing import Listing, page
from portal.core.notices import IN_INBOX, Notice
from portal.domain.permissions import P
from portal.web.answers import go, render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import pager

N = Notice.__table__.c
INBOX = Listing(columns=(N.id, N.kind, N.params, N.created_at, N.read_at), source=Notice.__table__, key=N.id, id=N.id)


@door.page("/inbox", access=P.ACCOUNT_SELF)
def inbox():
    """All notices, newest first."""
    return _page()


def _page(status: int = 200):
    mine = sa.and_(IN_INBOX, Notice.person_id == g.person.id)
    found = page(db.session, INBOX, [mine], cursor=request.args.get("at"))
    rows = [_row(*row) for row in found.rows]
    return render("account/inbox.html", status=status, frame=frame(), rows=rows, pager=pager(found))


def _row(notice_id: int, kind: str, params: dict[str, Any], created_at: Any, read_at: Any) -> tuple:
    notice = Notice(kind=kind, params=params)
    return say(notice.title), created_at, read_at is None, notice_id, bool(_number(notice))


def _number(notice: Notice) -> str:
    """The number of the record that a notice leads to, "" where it leads nowhere."""
    return str(notice.params.get("number") or "")


@door.verb("/inbox/<int(max=9223372036854775807):notice_id>/open", access=P.ACCOUNT_SELF)
def open_notice(notice_id: int):
    """Mark one notice as read and go to what it is about."""
    mine = sa.select(Notice).where(IN_INBOX, Notice.person_id == g.person.id, Notice.id == notice_id)
    notice = db.session.execute(mine).scalar_one_or_none()
    if notice is None:
        raise NotYours()
    number = _number(notice)
    with writing("read a notice") as session:
        notices.mark_read(session, g.person.id, [notice_id])
    return go(url_for("records.open", number=number) if number else url_for("account.inbox"))


@door.verb("/inbox/read", access=P.ACCOUNT_SELF)
def read_all():
    """Mark all notices as read."""

    def act(session):
        notices.mark_read(session, g.person.id)
        return url_for("account.inbox")

    return submit(PortalForm(), act, _page, done=_("All notices are marked as read."))
