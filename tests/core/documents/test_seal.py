"""The seal holds while every byte is as we issued it, and breaks otherwise."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from portal.core import clock
from portal.core.documents import SealVerdict, make_seal_key, render_pdf, seal, seal_fingerprint, seal_root, verify_seal

pytestmark = [pytest.mark.pdf, pytest.mark.usefixtures("warm_engine")]

COMPANY = "上海康泰医疗器械有限公司"
PASSPHRASE = b"seal passphrase"


@pytest.fixture(scope="module")
def key() -> bytes:
    return make_seal_key(COMPANY, PASSPHRASE)


@pytest.fixture(scope="module")
def root(key) -> bytes:
    return seal_root(key, PASSPHRASE)


@pytest.fixture(scope="module")
def at() -> datetime:
    return clock.now().replace(microsecond=0)


@pytest.fixture(scope="module")
def plain(at) -> bytes:
    return render_pdf("<html lang=zh-CN><title>t</title><p>报告", at=at).pdf


@pytest.fixture(scope="module")
def sealed(plain, key, at) -> bytes:
    return seal(plain, key, PASSPHRASE, reason="签发", name=COMPANY, at=at)


def test_a_sealed_document_names_the_company_and_the_time(sealed, root, at):
    assert verify_seal(sealed, [root]) == SealVerdict(ok=True, signer=COMPANY, at=at, covers="file")


def test_sealing_only_adds_to_the_document(plain, sealed):
    assert sealed.startswith(plain)


def test_any_changed_byte_breaks_it(sealed, root):
    start, length, rest, _ = PdfFileReader(BytesIO(sealed)).embedded_signatures[0].byte_range
    everything_but_the_seal_itself = [*range(start, length), *range(rest, len(sealed))]
    for place in everything_but_the_seal_itself[100::250]:
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert not verify_seal(bytes(changed), [root]).ok, f"byte {place}"


def test_a_document_that_was_written_anew_is_not_sealed(sealed, root):
    out = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as document:
        document.save(out)
    assert not verify_seal(out.getvalue(), [root]).ok


def test_something_painted_over_a_page_afterwards_breaks_it(sealed, root):
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"][3] = type(page["/MediaBox"][3])(100)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    assert not verify_seal(out.getvalue(), [root]).ok


def test_the_hospital_may_countersign(sealed, root, at):
    signer = SimpleSigner.load_pkcs12_data(make_seal_key("医院", b"h"), other_certs=[], passphrase=b"h")
    out = BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="Hospital"), signer=signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(sealed)), output=out
    )
    assert verify_seal(out.getvalue(), [root]) == SealVerdict(ok=True, signer=COMPANY, at=at, covers="revision")


def test_the_seal_of_somebody_else_of_the_same_name_is_none(plain, root, at):
    forged = seal(plain, make_seal_key(COMPANY, b"x"), b"x", reason="签发", name=COMPANY, at=at)
    assert verify_seal(forged, [root]) == SealVerdict(ok=False)


def test_after_a_change_of_keys_the_old_root_still_verifies(sealed, root):
    new_root = seal_root(make_seal_key(COMPANY, b"new"), b"new")
    assert verify_seal(sealed, [new_root, root]).ok


def test_a_seal_outlives_its_certificate(plain):
    long_ago = datetime(2001, 5, 1, tzinfo=UTC)
    with clock.frozen(long_ago):
        old = make_seal_key(COMPANY, b"old")
    sealed = seal(plain, old, b"old", reason="签发", name=COMPANY, at=long_ago)
    assert verify_seal(sealed, [seal_root(old, b"old")]).ok


def test_a_seal_that_claims_a_time_before_its_key_does_not_hold(plain, key, root, at):
    backdated = seal(plain, key, PASSPHRASE, reason="签发", name=COMPANY, at=at - timedelta(days=30))
    assert not verify_seal(backdated, [root]).ok


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_not_sealed(content, root):
    assert verify_seal(content, [root]) == SealVerdict(ok=False)


def test_an_unsealed_document_is_not_sealed(plain, root):
    assert verify_seal(plain, [root]) == SealVerdict(ok=False)


def test_a_wrong_passphrase_is_refused(plain, key, at):
    with pytest.raises(ValueError):
        seal(plain, key, b"wrong", reason="签发", name=COMPANY, at=at)


def test_the_seal_says_why_and_who(sealed):
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0].sig_object
    assert (signature["/Reason"], signature["/Name"]) == ("签发", COMPANY)
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_fingerprint_is_that_of_the_certificate_in_the_document(sealed, key):
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
    assert seal_fingerprint(key, PASSPHRASE) == signature.signer_cert.sha256_fingerprint.replace(" ", "").lower()
