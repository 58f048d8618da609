"""Why a file cannot be taken or kept: every refusal, in the words its sender reads."""

from typing import Any

from portal.core.errors import Busy, Message, NotNow, NotValid

EMPTY = Message("“%(name)s” is empty.")
TOO_LARGE = Message("“%(name)s” is larger than %(limit)s MB.")
UNKNOWN = Message(
    "“%(name)s” is not a kind of file we can take. Please send a photo, a short video, a PDF, "
    "a Word or Excel file or plain text."
)
MARKUP = Message("“%(name)s” is a web page or a drawing with code in it. Please send it as a picture or PDF.")
OLD_OFFICE = Message("“%(name)s” is an old or locked Office file. Please save it as .docx or .xlsx without a password.")
WRONG_ENDING = Message("“%(name)s” is really a %(kind)s file. Please give it the right ending and send it again.")
TOO_MANY_PIXELS = Message("“%(name)s” has %(pixels)s megapixels. Up to %(limit)s can be taken.")
CUT_OFF = Message("“%(name)s” is incomplete: its end is missing. Please send it again.")
DAMAGED = Message("“%(name)s” is damaged and cannot be read.")
MACROS = Message("“%(name)s” contains macros. Please save it without them.")
LOCKED = Message("“%(name)s” is locked with a password. Please send it unlocked.")
ELSEWHERE = Message("“%(name)s” loads parts from elsewhere. Please save it as a PDF.")
TOO_MUCH_INSIDE = Message("“%(name)s” holds too much: unpacked it would have more than %(limit)s MB or too many parts.")
TOO_HARD = Message("“%(name)s” takes too much work to open. Please send a smaller or simpler picture.")
ENOUGH_TODAY = Message("You have sent very many files today. Please send the rest tomorrow, or ask the service desk.")
NO_ROOM = Message("There is no room for files at the moment. Nothing was stored; please tell the service desk.")


class FileRefused(NotValid):
    """The file cannot be taken; the message is one of the refusals above and names the file."""

    def __init__(self, refusal: Message, **params: Any) -> None:
        super().__init__(Message(refusal.msgid, **params))


class EnoughToday(NotNow):
    """The person has sent more files in 24 hours than one person may."""

    def __init__(self) -> None:
        super().__init__(ENOUGH_TODAY)


class StorageFull(Busy):
    """There is no room for files. Nothing was stored; everything else goes on working."""

    status = 507

    def __init__(self) -> None:
        super().__init__(NO_ROOM)
