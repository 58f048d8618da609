"""Counting the statements that a page sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.core.db import db

OF_THE_SESSION = ("FROM signed_in_session", "FROM role_grant", "FROM figure", "SELECT count(*)")
"""What every signed-in page asks first: who is it, is the session still running, how much is unread."""


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The SELECT statements sent inside, in order, without those of the session itself."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        plain = " ".join(statement.split())
        if plain.startswith(("SELECT", "WITH")) and not any(part in plain for part in OF_THE_SESSION):
            sent.append(plain)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
