"""The company's integrity seal on a PDF: shows that no byte was changed since we issued it.

PAdES B-B with a key of the portal's own making. Readers call its issuer unknown, and nobody vouches for the time,
so it is not a reliable electronic signature in the sense of the law: it is a seal that breaks. The hospital may
still fill in forms and countersign; any other change breaks it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from portal.core import clock

log = logging.getLogger(__name__)

FIELD = "Seal"
YEARS_VALID = 15
NAME_BYTES = 64
"""Room for a name in a certificate (RFC 5280): a company of 22 Chinese characters does not fit."""


@dataclass(frozen=True)
class SealVerdict:
    """What a seal says. `covers` is "file" (every byte), "revision" (all but later countersignatures) or "nothing".

    `signer` is the name in the certificate and `at` the claimed UTC time; both are set only when the seal holds.
    """

    ok: bool
    signer: str = ""
    at: datetime | None = None
    covers: str = "nothing"


BROKEN = SealVerdict(ok=False)


def make_seal_key(common_name: str, passphrase: bytes) -> bytes:
    """A new key with its certificates as PKCS #12, locked with `passphrase`. Keep it in a file of mode 0600.

    `common_name` is the company as readers will show it; a long one is cut to what fits. The authority's key
    signs this one certificate and is thrown away, so nobody can ever make a second seal that `seal_root` vouches for.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(f"{_cut(common_name, len(' root'))} root", authority_key.public_key(), authority_key)
    leaf = _certificate(_cut(common_name), key.public_key(), authority_key, issued_by=authority)
    return pkcs12.serialize_key_and_certificates(
        common_name.encode(), key, leaf, [authority], BestAvailableEncryption(passphrase)
    )


def _cut(name: str, less: int = 0) -> str:
    """`name` in at most NAME_BYTES of UTF-8 less `less`, whole characters only."""
    return name.encode()[: NAME_BYTES - less].decode(errors="ignore")


def seal_root(key: bytes, passphrase: bytes) -> bytes:
    """The certificate (PEM) that vouches for `key`: keep it for ever, `verify_seal` needs it."""
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    _, _, (authority,) = pkcs12.load_key_and_certificates(key, passphrase)
    return authority.public_bytes(Encoding.PEM)


def seal_fingerprint(key: bytes, passphrase: bytes) -> str:
    """The SHA-256 of the certificate that goes with `key`, 64 hexadecimal digits, as readers of a PDF show it."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import pkcs12

    _, certificate, _ = pkcs12.load_key_and_certificates(key, passphrase)
    return certificate.fingerprint(SHA256()).hex()


def seal(pdf: bytes, key: bytes, passphrase: bytes, *, reason: str, name: str, at: datetime) -> bytes:
    """`pdf` with the company's seal as an increment: the bytes before it stay what they were.

    `key` comes from `make_seal_key`, `at` is the aware time that the seal claims. Raises ValueError for a wrong
    passphrase. Seal last: any rewriting afterwards breaks it.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

    class SignerAt(PdfSigner):
        def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = at.astimezone(UTC)
            return session

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        reason=reason,
        name=name,
    )
    signer = SimpleSigner.load_pkcs12_data(key, other_certs=[], passphrase=passphrase)
    out = BytesIO()
    SignerAt(metadata, signer=signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    return out.getvalue()


def verify_seal(pdf: bytes, roots: Sequence[bytes]) -> SealVerdict:
    """Whether `pdf` is as we sealed it. `roots` are certificates (PEM) from `seal_root`, old ones included.

    Looks at every byte but the seal's own; whether a file is the very one we issued, its file hash tells.
    Any certificate counts as of the time the seal claims, so a seal outlives its certificate. Never raises for what
    is in `pdf`: a file that is no PDF, or has no seal of ours, is simply not sealed.
    """
    from asn1crypto import pem, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    trusted = [x509.Certificate.load(pem.unarmor(root)[2]) for root in roots]
    try:
        signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
        at = signature.self_reported_timestamp
        status = validate_pdf_signature(
            signature, ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at)
        )
    except Exception as error:  # a damaged file may fail anywhere in the parser, and every failure means the same
        log.info("no seal can be read: %s: %s", type(error).__name__, error)
        return BROKEN
    changed = status.modification_level
    if not status.bottom_line or changed is None or changed > ModificationLevel.FORM_FILLING:
        return BROKEN
    covers = "file" if status.coverage == SignatureCoverageLevel.ENTIRE_FILE else "revision"
    return SealVerdict(ok=True, signer=status.signing_cert.subject.native["common_name"], at=at, covers=covers)


def _certificate(common_name: str, public_key: Any, signing_key: Any, issued_by: Any = None) -> Any:
    """A certificate: of the authority itself, or, with `issued_by`, of a key that may only sign."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    start = clock.now().replace(microsecond=0) - timedelta(days=1)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public_key)
    is_authority = issued_by is None
    issuer_key = identifier.digest if is_authority else _key_identifier(issued_by)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name if is_authority else issued_by.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=366 * YEARS_VALID))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(issuer_key, None, None), critical=False)
        .sign(signing_key, SHA256())
    )


def _key_identifier(certificate: Any) -> bytes:
    from cryptography import x509

    return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _usage(is_authority: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
