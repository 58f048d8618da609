"""What every document shows around its content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from portal.core.documents.qr import Qr, qr


@dataclass(frozen=True)
class Sheet:
    """The frame of one rendition: letterhead, title, number, and how anybody can check it.

    `language` is an HTML language tag ("zh-CN", "en"), `address` the public page as printed, `link` the same page for
    this very document (number and content hash in it) as the QR code carries it, `at` the aware moment of issue.
    """

    language: str
    title: str
    number: str
    company: str
    content_hash: str
    address: str
    link: str
    at: datetime
    company_lines: Sequence[str] = ()

    @cached_property
    def qr(self) -> Qr:
        return qr(self.link)

    @property
    def moment(self) -> str:
        """`at` as the PDF's metadata want it."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
