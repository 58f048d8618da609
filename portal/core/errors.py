"""What can go wrong, in words that a door can show.

The core and the domain never translate: they raise a `PortalError` that carries a `Message`,
and the door says it in the reader's language with the HTTP status of the class.
"""

from typing import Any


class Message:
    """A text still to be translated: an English msgid with named parameters (`%(name)s`).

    A parameter may itself be a Message, a Text2, a date or a number; the door renders each
    for the reader.
    """

    __slots__ = ("msgid", "params")

    def __init__(self, msgid: str, **params: Any) -> None:
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.msgid, self.params) == (other.msgid, other.params)

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


def N_(msgid: str) -> str:
    """Mark a text for translation where it becomes a Message later."""
    return msgid


class PortalError(Exception):
    """Base of every refusal that a person is told about."""

    status = 500

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class NotYours(PortalError):
    """The record does not exist for this person: the same answer as for one that never was."""

    status = 404

    def __init__(self, message: Message = Message("We could not find this page or record.")) -> None:
        super().__init__(message)


class NotAllowed(PortalError):
    """The person sees the record but may not do this to it."""

    status = 403

    def __init__(self, message: Message = Message("Your role does not allow this.")) -> None:
        super().__init__(message)


class NotNow(PortalError):
    """The verb does not fit the record's present state, or a guard refuses it."""

    status = 409


class Stale(PortalError):
    """Somebody else changed the same group of fields since the form was opened.

    `current` maps the field names of the group to the values that stand now.
    """

    status = 409

    def __init__(self, message: Message, current: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.current = current or {}


class NotValid(PortalError):
    """The input cannot be taken. `fields` maps a field name to what is wrong with it."""

    status = 422

    def __init__(self, message: Message = Message("Please check the marked fields."), **fields: Message) -> None:
        super().__init__(message)
        self.fields = {name: [message] for name, message in fields.items()}


class Busy(PortalError):
    """The database or the disk cannot take the write now; nothing was changed."""

    status = 503

    def __init__(
        self, message: Message = Message("The system is busy. Nothing was changed; please try again.")
    ) -> None:
        super().__init__(message)
