"""Why a document could not be made, in words for staff and as a code for the job."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.errors import Message, PortalError


class Reason(StrEnum):
    """What stopped a render. Only ENGINE and CRASHED may go away by trying again."""

    TIME = "time"
    MEMORY = "memory"
    PAGES = "pages"
    UNPRINTABLE = "unprintable"
    REFUSED = "refused"
    BROKEN = "broken"
    CRASHED = "crashed"
    ENGINE = "engine"


MESSAGES = {
    Reason.TIME: Message("Making this document took too long, so it was stopped."),
    Reason.MEMORY: Message("Making this document needed too much memory, so it was stopped."),
    Reason.PAGES: Message("This document has more pages than we print."),
    Reason.UNPRINTABLE: Message("This document contains a character that cannot be printed."),
    Reason.REFUSED: Message("This document points to something outside the portal, so it was not made."),
    Reason.BROKEN: Message("This document could not be laid out."),
    Reason.CRASHED: Message("The PDF engine stopped unexpectedly while making this document."),
    Reason.ENGINE: Message("The PDF engine is not available on this server."),
}


class RenderFailed(PortalError):
    """No document was made. `reason` says why; `detail` is for the log, never for a person."""

    def __init__(self, reason: Reason, detail: str = "", message: Message | None = None) -> None:
        super().__init__(message or MESSAGES[reason])
        self.reason = reason
        self.detail = detail


class Unprintable(RenderFailed):
    """Characters that no typeface of ours has. `where` is what `check_printable` found: {path: ["U+1F525"]}."""

    def __init__(self, where: Mapping[str, list[str]]) -> None:
        characters = list(dict.fromkeys(character for found in where.values() for character in found))
        places = ", ".join(path for path in where if path)
        listed = ", ".join(characters)
        message = (
            Message("%(characters)s cannot be printed (in %(places)s)", characters=listed, places=places)
            if places
            else Message("%(characters)s cannot be printed", characters=listed)
        )
        super().__init__(Reason.UNPRINTABLE, detail=str(message), message=message)
        self.where = dict(where)
