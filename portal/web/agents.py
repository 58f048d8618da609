"""Signed-in browsers, in words."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.domain.accounts import sessions
from portal.web.languages import say

BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN = Message("Unknown browser")


def agent_words(agent: str) -> str:
    """What a User-Agent header says, as "Chrome · Windows". The first mark that fits wins: Edge calls itself Chrome."""
    found = [next((name for mark, name in marks if mark in agent), None) for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name) or say(UNKNOWN)


def session_rows(session: Session, account_id: int, current_id: int | None = None) -> list[dict[str, Any]]:
    """The running sessions of an account, newest first: agent, address, begun, seen, current."""
    return [
        {
            "agent": agent_words(row.agent),
            "address": row.address,
            "begun": row.created_at,
            "seen": row.last_seen_at,
            "current": row.id == current_id,
        }
        for row in sessions.running(session, account_id)
    ]
