"""States of statements and of drawing up those of a month."""

from enum import StrEnum

from portal.core.errors import Message


class StatementState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"

    @property
    def label(self) -> Message:
        return _STATES[self]

    @property
    def tone(self) -> str:
        return "warn" if self is StatementState.DRAFT else "good"


_STATES = {StatementState.DRAFT: Message("Draft"), StatementState.ISSUED: Message("Issued")}


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"

    @property
    def label(self) -> Message:
        return _RUNS[self]


_RUNS = {RunState.RUNNING: Message("Being drawn up"), RunState.DONE: Message("Drawn up")}
