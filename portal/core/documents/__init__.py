"""Paper: from a payload to frozen bytes, a rendered PDF and its seal.

    content = canonical_bytes(payload)            # what is signed; kept as a file
    if where := check_printable(payload):
        raise Unprintable(where)
    made = render_pdf(html, attachments=[("report.json", "application/json", content, "Source")], at=issued_at)
    pdf = seal(made.pdf, key, passphrase, reason=…, name=…, at=issued_at)

It knows no business noun and no table. The PDF engine is loaded by a render, never by importing this package.
"""

from portal.core.documents.canonical import canonical_bytes, content_hash
from portal.core.documents.child import Limits
from portal.core.documents.failures import Reason, RenderFailed, Unprintable
from portal.core.documents.glyphs import check_printable, unprintable
from portal.core.documents.ink import trimmed
from portal.core.documents.qr import Qr, qr
from portal.core.documents.render import RenderResult, render_pdf, use_our_fonts, warm
from portal.core.documents.seal import SealVerdict, make_seal_key, seal, seal_fingerprint, seal_root, verify_seal
from portal.core.documents.sheet import Sheet

__all__ = [
    "Limits",
    "Qr",
    "Reason",
    "RenderFailed",
    "RenderResult",
    "SealVerdict",
    "Sheet",
    "Unprintable",
    "canonical_bytes",
    "check_printable",
    "content_hash",
    "make_seal_key",
    "qr",
    "render_pdf",
    "seal",
    "seal_fingerprint",
    "seal_root",
    "trimmed",
    "unprintable",
    "use_our_fonts",
    "verify_seal",
    "warm",
]
