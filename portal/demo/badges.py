"""The service badges of the technicians: their numbers, and a drawn portrait of each but the last to be hired."""

import io
from collections.abc import Iterator

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal.core.files import Incoming
from portal.demo.cast import Cast
from portal.domain.accounts import badges
from portal.domain.accounts.people import person_of

WORN = {
    "technician": ("RK-0117", "#e8c39e", "#2b2320", "#2f6f8f"),
    "technician2": ("RK-0123", "#dcae86", "#4a4340", "#2f6f8f"),
    "dealer_technician": ("HD-021", "#edc9a6", "#1d1918", "#5b7f3a"),
    "suzhou_technician": ("SZ-008", "#e2b48c", "#33302f", "#8a5a2b"),
}
"""Who → staff number; skin, hair and overall of the portrait."""
WITHOUT_PHOTO = "suzhou_technician"


def portraits() -> Iterator[tuple[str, bytes]]:
    """By whom → a JPEG, upright, 3 to 4."""
    for key, (_number, *colours) in WORN.items():
        if key != WITHOUT_PHOTO:
            yield key, _portrait(*colours)


def _portrait(skin: str, hair: str, overall: str) -> bytes:
    image = Image.new("RGB", (900, 1200), "#dfe6ea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((80, 830, 820, 1700), fill=overall)
    draw.polygon([(370, 850), (530, 850), (450, 980)], fill="#f4f6f7")
    draw.rounded_rectangle((385, 700, 515, 880), 50, fill=skin)
    draw.ellipse((240, 190, 660, 640), fill=hair)
    draw.ellipse((265, 270, 635, 780), fill=skin)
    draw.pieslice((255, 210, 645, 560), 180, 360, fill=hair)
    for x in (365, 535):
        draw.ellipse((x - 22, 500, x + 22, 530), fill="#2a2220")
    draw.arc((375, 580, 525, 680), 25, 155, fill="#9a4f43", width=10)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def wear(session: Session, cast: Cast, photos: dict[str, Incoming]) -> None:
    """Each sets up their own badge; the numbers are their employer's."""
    for key, (number, *_colours) in WORN.items():
        account = cast.people[key]
        badges.edit(
            session,
            account,
            person_of(account),
            account.badge_version,
            staff_number=number,
            photo=photos.get(key),
        )
