"""Form fields that several audiences share."""

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, SelectMultipleField, widgets

from portal.web.languages import zone

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class MomentField(DateTimeLocalField):
    """A date and time as the person's own clock shows it; `data` is aware."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, tz=lambda: ZoneInfo(zone()), format=FORMATS, **kwargs)


def ticks(label: Any, options: Any = list) -> SelectMultipleField:
    """Several of a few, as boxes to tick."""
    widget, box = widgets.ListWidget(prefix_label=False), widgets.CheckboxInput()
    return SelectMultipleField(label, choices=options, widget=widget, option_widget=box)
