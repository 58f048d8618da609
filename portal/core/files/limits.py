"""How much may be sent. What the operator may want otherwise is a figure; the rest guards the machine."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.files.kinds import WEBP, Family, Kind

MB = 1_000_000

FILE_MEGABYTES = figures.declare(
    "file_megabytes", 25, "MB", "operating decision: a phone's 48-megapixel photo has 15 MB; mail gateways stop at 25"
)
VIDEO_MEGABYTES = figures.declare(
    "video_megabytes", 200, "MB", "operating decision: 90 seconds of a phone's 1080p show and sound a fault"
)
FILES_A_DAY = figures.declare(
    "files_a_day",
    300,
    "files",
    "operating decision: an installation needs some 60, a photo a step (ASVS 5.2.4)",
)
MEGABYTES_A_DAY = figures.declare(
    "megabytes_a_day", 2000, "MB", "operating decision: by one person in 24 hours (ASVS 5.2.4)"
)


@dataclass(frozen=True)
class Limits:
    """What one upload may be, and what one person may send in 24 hours."""

    file_bytes: int = 25 * MB
    video_bytes: int = 200 * MB
    files_a_day: int = 300
    bytes_a_day: int = 2_000 * MB
    pixels: int = 60_000_000
    """Above the 50 megapixels of present phones; decoded it still fits into the memory of one job."""
    webp_pixels: int = 25_000_000
    """The decoder of WebP keeps three copies of the picture, others one."""
    archive_entries: int = 2_000
    """A workbook of a hundred sheets with pictures has a few hundred parts."""
    archive_bytes: int = 100 * MB
    """Unpacked size of a Word or Excel file; more is a bomb, or nobody can open it."""
    reserve_bytes: int = 256 * MB
    """Kept free on the disk for the database, which must go on when files cannot."""

    def bytes_for(self, kind: Kind) -> int:
        return self.video_bytes if kind.family is Family.VIDEO else self.file_bytes

    def pixels_for(self, kind: Kind) -> int:
        return min(self.pixels, self.webp_pixels) if kind == WEBP else self.pixels


def limits_in_force(session: Session) -> Limits:
    """The limits with the operator's figures."""
    return Limits(
        file_bytes=figures.integer(session, FILE_MEGABYTES) * MB,
        video_bytes=figures.integer(session, VIDEO_MEGABYTES) * MB,
        files_a_day=figures.integer(session, FILES_A_DAY),
        bytes_a_day=figures.integer(session, MEGABYTES_A_DAY) * MB,
    )
