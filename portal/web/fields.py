"""Form fields that know the reader's zone."""

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField

from portal.web.languages import zone

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class MomentField(DateTimeLocalField):
    """A date and time as the person's own clock shows it; `data` is aware."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, tz=lambda: ZoneInfo(zone()), format=FORMATS, **kwargs)
