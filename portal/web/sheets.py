"""A completed or half-filled test sheet as several audiences read it."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from portal.domain.checklists.content import said
from portal.domain.checklists.judging import limits
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.sheets import PHOTO
from portal.web.talk import Files, as_photo


def shown(sheet: TestSheet, files: Files = ()) -> dict[str, Any]:
    """The readings by their test, each with limits, outcome and photos; and with what it was measured.

    `files` are those attached to the work order.
    """
    photos = defaultdict(list)
    for attachment, file in files:
        if attachment.purpose == PHOTO:
            photos[attachment.part_uid].append(as_photo(attachment, file))
    lines = [
        {
            "item": item,
            "limits": limits(item),
            "said": said(item, reading) if reading else "",
            "reading": reading,
            "photos": photos[reading.uid] if reading else [],
        }
        for item, reading in sheet.rows
    ]
    groups = groupby(lines, key=lambda line: line["item"].group)
    return {"groups": [(group, list(found)) for group, found in groups], "instruments": sheet.instruments}
