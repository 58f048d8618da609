"""Whatever is sent ends as a clean picture, as a file to be downloaded only, or refused with its reason."""

import io
import resource
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL import Image

from portal.core.errors import Message
from portal.core.files import FileRefused, Limits, prepare, receive, refusals
from portal.core.files.blobs import THUMBNAIL
from tests.core.files import makers
from tests.core.files.makers import OWNER, SCRIPT, TOP_LEFT

SECONDS = 8
CLEAN_JPEG, CLEAN_PNG, TO_DOWNLOAD, CLEAN_FILM = "image/jpeg", "image/png", "to download", "clean film"
HOUSE_KEEPING = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
"""What Pillow reports of every JPEG; nothing of it comes from the upload."""

TRACES = (
    SCRIPT,
    OWNER.encode(),
    b"Exif\0\0",
    b"GPS",
    b"xmpmeta",
    b"+31.2300",
    b"\xa9xyz",
    b"8BIM",
    b"PK\3\4",
    b"ICC_PR",
)


@dataclass(frozen=True)
class Upload:
    """What is sent, and its end: a kind of result or a refusal."""

    what: str
    name: str
    make: Callable[[], bytes]
    end: str | Message
    declared: str = "application/octet-stream"


def upright(orientation):
    return Upload(f"held {orientation}", "x.jpg", lambda: makers.held(orientation), CLEAN_JPEG)


PICTURES = [
    *(upright(n) for n in range(1, 9)),
    Upload("orientation 9", "x.jpg", lambda: makers.held(9), CLEAN_JPEG),
    Upload("place in EXIF", "x.jpg", makers.jpeg, CLEAN_JPEG),
    Upload("place in XMP", "x.jpg", makers.xmp_jpeg, CLEAN_JPEG),
    Upload("place in IPTC", "x.jpg", makers.iptc_jpeg, CLEAN_JPEG),
    Upload("EXIF of 4 GB", "x.jpg", makers.greedy_exif_jpeg, CLEAN_JPEG),
    Upload("EXIF in a circle", "x.jpg", makers.looping_exif_jpeg, CLEAN_JPEG),
    Upload("script in a comment", "x.jpg", lambda: makers.with_segment(makers.jpeg(), 0xFE, SCRIPT), CLEAN_JPEG),
    Upload("page behind a JPEG", "x.jpg", lambda: makers.jpeg() + b"<html>" + SCRIPT, CLEAN_JPEG),
    Upload("archive behind a JPEG", "x.jpg", lambda: makers.jpeg() + makers.archive({"A.class": "x"}), CLEAN_JPEG),
    Upload("film behind a JPEG", "x.jpg", lambda: makers.jpeg() + makers.film(b"mp42"), CLEAN_JPEG),
    Upload("CMYK", "x.jpg", lambda: makers.saved(makers.picture("CMYK"), "JPEG", quality=95), CLEAN_JPEG),
    Upload("grey", "x.jpg", lambda: makers.saved(makers.picture("L"), "JPEG"), CLEAN_JPEG),
    Upload("progressive", "x.jpg", lambda: makers.jpeg(progressive=True), CLEAN_JPEG),
    Upload("wrong colour profile", "x.jpg", makers.wide_gamut_jpeg, CLEAN_JPEG),
    Upload("broken colour profile", "x.jpg", lambda: makers.jpeg(icc_profile=b"not a profile" * 9), CLEAN_JPEG),
    Upload("16 bits grey", "x.png", makers.deep_grey_png, CLEAN_PNG),
    Upload("16 bits colour", "x.png", makers.deep_colour_png, CLEAN_PNG),
    Upload("one bit", "x.png", lambda: makers.png(makers.picture("1")), CLEAN_PNG),
    Upload("palette", "x.png", lambda: makers.png(makers.picture("P"), transparency=0), CLEAN_PNG),
    Upload("signature", "x.png", makers.signature_png, CLEAN_PNG),
    Upload("photo as PNG", "x.png", lambda: makers.png(makers.photo("RGBA")), CLEAN_JPEG),
    Upload("texts in a PNG", "x.png", makers.telling_png, CLEAN_PNG),
    Upload("moving PNG", "x.png", lambda: makers.moving("PNG"), CLEAN_PNG),
    Upload("page behind a PNG", "x.png", lambda: makers.png() + SCRIPT, CLEAN_PNG),
    Upload("script in a PNG", "x.png", lambda: makers.with_chunk(makers.png(), b"tEXt", b"a\0" + SCRIPT), CLEAN_PNG),
    Upload("moving GIF", "x.gif", lambda: makers.moving("GIF"), CLEAN_PNG),
    Upload("script in a GIF", "x.gif", lambda: makers.gif(b"/*" + SCRIPT + b"*/"), CLEAN_PNG),
    Upload("GIF that is a script", "x.gif", makers.script_gif, CLEAN_PNG),
    Upload("moving WebP", "x.webp", lambda: makers.moving("WEBP"), CLEAN_JPEG),
    Upload("place in a WebP", "x.webp", lambda: makers.webp(exif=makers.exif()), CLEAN_JPEG),
    Upload("place in a HEIC", "x.heic", makers.heic, CLEAN_JPEG),
    Upload("turned HEIC", "x.heic", lambda: makers.heic(orientation=6), CLEAN_JPEG),
    Upload("spoilt HEIC", "x.heic", makers.spoilt_heic, CLEAN_JPEG),
    Upload("JPEG of half a scan", "x.jpg", makers.short_scan_jpeg, CLEAN_JPEG),
    Upload("JPEG with a spoilt scan", "x.jpg", makers.broken_scan_jpeg, CLEAN_JPEG),
    Upload("PNG called JPEG", "x.jpg", makers.png, CLEAN_PNG),
    Upload("JPEG called HEIC", "x.heic", makers.jpeg, CLEAN_JPEG),
    Upload("JPEG without ending", "mmexport1700000000", makers.jpeg, CLEAN_JPEG),
    Upload("60 megapixels", "x.png", lambda: makers.flat_png(7740, 7740), CLEAN_PNG),
    Upload("a line of pixels", "x.png", lambda: makers.flat_png(60000, 1), CLEAN_PNG),
    Upload("one pixel", "x.png", lambda: makers.flat_png(1, 1), CLEAN_PNG),
]

MARKUP = [
    Upload("SVG with script", "x.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT, refusals.MARKUP),
    Upload("SVG called PNG", "x.png", lambda: b"\xef\xbb\xbf \n<svg onload='alert(1)'/>", refusals.MARKUP, "image/png"),
    Upload("page called JPEG", "x.jpg", lambda: b"<html><body>" + SCRIPT, refusals.MARKUP, "image/jpeg"),
    Upload("page called text", "x.txt", lambda: b"<!DOCTYPE html>" + SCRIPT, refusals.MARKUP, "text/plain"),
    Upload("XML with entity", "x.txt", lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>", refusals.MARKUP),
]

UNKNOWN = [
    Upload("script", "x.js", lambda: b"alert(1)", refusals.UNKNOWN, "text/javascript"),
    Upload("image commands", "x.jpg", lambda: b"push graphic-context\nfill 'url(https://a/b|ls)'", refusals.UNKNOWN),
    Upload("PostScript", "x.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file", refusals.UNKNOWN),
    Upload("only NULs", "x.txt", lambda: bytes(5000), refusals.UNKNOWN),
    Upload("one byte", "x.jpg", lambda: b"\xff", refusals.UNKNOWN),
    Upload("Windows program", "x.jpg", lambda: b"MZ\x90\0" + bytes(300), refusals.UNKNOWN),
    Upload("Linux program", "x", lambda: b"\x7fELF\2\1\1" + bytes(300), refusals.UNKNOWN),
    Upload("shell script", "x.txt.sh", lambda: b"#!/bin/sh\nrm -rf /\n", refusals.UNKNOWN),
    Upload("text called HTA", "x.hta", lambda: b"plain words", refusals.UNKNOWN),
    Upload("TIFF", "x.tif", lambda: makers.saved(makers.picture(), "TIFF"), refusals.UNKNOWN),
    Upload("BMP", "x.bmp", lambda: makers.saved(makers.picture(), "BMP"), refusals.UNKNOWN),
    Upload("icon", "x.ico", lambda: makers.saved(makers.picture(), "ICO"), refusals.UNKNOWN),
    Upload("AVIF", "x.avif", lambda: makers.saved(makers.picture(), "AVIF"), refusals.UNKNOWN),
    Upload("AVIF called HEIC", "x.heic", lambda: makers.saved(makers.picture(), "AVIF"), refusals.UNKNOWN),
    Upload("packed SVG", "x.svgz", lambda: b"\x1f\x8b\x08\0" + bytes(100), refusals.UNKNOWN),
    Upload("Matroska", "x.mkv", lambda: b"\x1a\x45\xdf\xa3\x93B\x82\x88matroska" + bytes(100), refusals.UNKNOWN),
    Upload("archive", "x.zip", lambda: makers.archive({"a.txt": "a"}), refusals.UNKNOWN),
    Upload("RTF", "x.rtf", lambda: b"{\\rtf1\\ansi{\\object\\objdata 01050000}}", refusals.UNKNOWN),
    Upload("text with bytes in it", "x.txt", lambda: b"log line\n" * 10 + b"\x00\x01\x02", refusals.UNKNOWN),
    Upload("text called photo", "x.jpg", lambda: "不是照片".encode(), refusals.UNKNOWN),
    Upload("PDF called program", "x.pdf.exe", makers.pdf, refusals.WRONG_ENDING),
    Upload("JPEG called page", "x.html", makers.jpeg, refusals.WRONG_ENDING),
    Upload("JPEG called PDF", "x.pdf", makers.jpeg, refusals.WRONG_ENDING),
    Upload("zero bytes", "x.jpg", lambda: b"", refusals.EMPTY),
]

BOMBS = [
    Upload("PNG of 50,000 x 50,000", "x.png", lambda: makers.png_bomb(50_000, 50_000), refusals.TOO_MANY_PIXELS),
    Upload("PNG of two thousand million", "x.png", lambda: makers.png_bomb(1, 2**31 - 1), refusals.TOO_MANY_PIXELS),
    Upload("JPEG of 65,535 x 65,535", "x.jpg", makers.huge_jpeg, refusals.TOO_MANY_PIXELS),
    Upload("WebP of 16,383 x 16,383", "x.webp", makers.huge_webp, refusals.TOO_MANY_PIXELS),
    Upload("HEIC of 60,000 x 60,000", "x.heic", makers.huge_heic, refusals.TOO_MANY_PIXELS),
    Upload("text bomb in a PNG", "x.png", makers.text_bomb_png, refusals.DAMAGED),
    Upload("Excel bomb", "x.xlsx", lambda: makers.sheet({"xl/a.xml": b"A" * 200_000_000}), refusals.TOO_MUCH_INSIDE),
    Upload("Excel of many parts", "x.xlsx", lambda: makers.sheet_of(3000, 5), refusals.TOO_MUCH_INSIDE),
    Upload("Excel of endless names", "x.xlsx", lambda: makers.sheet_of(9000, 200), refusals.TOO_MUCH_INSIDE),
    Upload("Excel that lies", "x.xlsx", makers.lying_sheet, refusals.DAMAGED),
    Upload("Excel that overlaps", "x.xlsx", makers.overlapping_sheet, refusals.DAMAGED),
]

BROKEN = [
    Upload("PNG of no size", "x.png", lambda: makers.png_bomb(0, 5), refusals.DAMAGED),
    Upload("JPEG of nonsense", "x.jpg", lambda: b"\xff\xd8\xff" + b"nonsense" * 99, refusals.DAMAGED),
    Upload("PNG of nonsense", "x.png", lambda: b"\x89PNG\r\n\x1a\n" + b"nonsense" * 99, refusals.DAMAGED),
    Upload("spoilt PNG", "x.png", makers.spoilt_png, refusals.DAMAGED),
    Upload("half a JPEG", "x.jpg", lambda: makers.jpeg()[: len(makers.jpeg()) // 2], refusals.CUT_OFF),
    Upload("JPEG without end", "x.jpg", lambda: makers.saved(makers.photo(), "JPEG")[:-500], refusals.CUT_OFF),
    Upload("head of a JPEG", "x.jpg", lambda: makers.jpeg()[:4], refusals.CUT_OFF),
    Upload("half a PNG", "x.png", lambda: makers.png(makers.photo())[:9000], refusals.CUT_OFF),
    Upload("half a WebP", "x.webp", lambda: makers.webp()[:60], refusals.CUT_OFF),
    Upload("half a HEIC", "x.heic", lambda: makers.heic()[:-20], refusals.CUT_OFF),
    Upload("half a GIF", "x.gif", makers.short_gif, refusals.CUT_OFF),
    Upload("half a film", "x.mov", lambda: makers.film()[:-30], refusals.CUT_OFF),
    Upload("film without index", "x.mp4", lambda: makers.film(b"mp42")[:900], refusals.CUT_OFF),
    Upload("half a PDF", "x.pdf", lambda: makers.pdf()[:40], refusals.CUT_OFF),
    Upload("half a Word file", "x.docx", lambda: makers.word()[:-40], refusals.CUT_OFF),
]

OFFICE = [
    Upload("archive called Word", "x.docx", lambda: makers.archive({"a.txt": "a"}), refusals.WRONG_ENDING),
    Upload("Excel called Word", "x.docx", makers.sheet, refusals.WRONG_ENDING),
    Upload("old Word", "x.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refusals.OLD_OFFICE),
    Upload("locked Excel", "x.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refusals.OLD_OFFICE),
    Upload("Excel with macros", "x.xlsx", lambda: makers.sheet({"xl/vbaProject.bin": b"vba"}), refusals.MACROS),
    Upload("Excel with old macros", "x.xlsx", lambda: makers.sheet({"xl/macrosheets/s.xml": "<a/>"}), refusals.MACROS),
    Upload("Excel of macro type", "x.xlsx", lambda: makers.sheet(content_type=makers.MACRO_SHEET), refusals.MACROS),
    Upload("Word with ActiveX", "x.docx", lambda: makers.word({"word/activeX/a.bin": b"x"}), refusals.MACROS),
    Upload("Word with entity", "x.docx", makers.word_with_entity, refusals.ELSEWHERE),
    Upload("remote template", "x.docx", lambda: makers.word_linked_to("attachedTemplate", "//a/b"), refusals.ELSEWHERE),
    Upload("remote picture", "x.docx", lambda: makers.word_linked_to("image", "https://a/b.png"), refusals.ELSEWHERE),
    Upload("remote object", "x.docx", lambda: makers.word_linked_to("oleObject", "file:///etc"), refusals.ELSEWHERE),
    Upload(
        "Word in UTF-16", "x.docx", lambda: makers.word({"a.xml": "<!DOCTYPE a>".encode("utf-16")}), refusals.DAMAGED
    ),
    Upload("broken links", "x.docx", lambda: makers.word({"_rels/.rels": "<not closed"}), refusals.DAMAGED),
    Upload("Word with lock", "x.docx", makers.locked_word, refusals.LOCKED),
    Upload("Word that climbs", "x.docx", lambda: makers.word({"../../etc/cron.d/x": "x"}), refusals.DAMAGED),
]

KEPT = [
    Upload("PDF", "x.pdf", makers.pdf, TO_DOWNLOAD),
    Upload("PDF with script", "x.pdf", lambda: makers.pdf(b"/OpenAction << /S /JavaScript /JS (a) >>"), TO_DOWNLOAD),
    Upload("PDF that is a page", "x.pdf", lambda: makers.pdf(SCRIPT), TO_DOWNLOAD),
    Upload("Word", "x.docx", makers.word, TO_DOWNLOAD),
    Upload("Excel", "x.xlsx", makers.sheet, TO_DOWNLOAD),
    Upload("text", "x.txt", lambda: "10:42 报警：压力过高\r\n".encode(), TO_DOWNLOAD),
    Upload("text in GB 18030", "x.log", lambda: "10:42 报警：压力过高\n".encode("gb18030") * 4000, TO_DOWNLOAD),
    Upload("text without ending", "log", lambda: b"10:42 alarm", TO_DOWNLOAD, "text/plain; charset=utf-8"),
    Upload("WebM", "x.webm", makers.webm, TO_DOWNLOAD),
    Upload("MOV with place", "x.mov", makers.film, CLEAN_FILM),
    Upload("MP4 with place", "x.mp4", lambda: makers.film(b"isom", index_last=False), CLEAN_FILM),
    Upload("film called MP4", "x.mp4", makers.film, CLEAN_FILM),
]

UPLOADS = [*PICTURES, *MARKUP, *UNKNOWN, *BOMBS, *BROKEN, *OFFICE, *KEPT]


def end_of(upload, data, room):
    """Send it in and let the job do its part: what came of it, and the key of the blob."""
    incoming = receive(io.BytesIO(data), upload.name, upload.declared, limits=Limits(), room=room)
    if incoming.is_final:
        return incoming, TO_DOWNLOAD
    return incoming, prepare(incoming.key, incoming.media_type, room, Limits())


@pytest.mark.parametrize("upload", UPLOADS, ids=lambda upload: upload.what)
def test_every_upload_comes_to_its_end(upload, room):
    data = upload.make()
    began = processor_seconds()
    try:
        incoming, result = end_of(upload, data, room)
    except FileRefused as refused:
        assert refused.message.msgid == upload.end.msgid, refused.message
        assert refused.message.params["name"]
        assert "%" not in str(refused.message)
        assert leftovers(room) == []
        return
    finally:
        assert processor_seconds() - began < SECONDS
    if isinstance(upload.end, Message) or isinstance(result, Message):
        assert result == upload.end
    elif upload.end == TO_DOWNLOAD:
        assert result == TO_DOWNLOAD
        assert content(room, incoming.key) == data
    elif upload.end == CLEAN_FILM:
        assert is_without_traces(content(room, incoming.key))
    else:
        assert result.media_type == upload.end
        assert_clean(content(room, incoming.key), upload.end)
        assert_clean(content(room, incoming.key + THUMBNAIL), CLEAN_JPEG)


def processor_seconds():
    """Of this process and its children: other tests may share the machine."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def content(room, key):
    with room.blobs.open(key) as blob:
        return blob.read()


def leftovers(room):
    return [path for path in room.incoming.parent.rglob("*") if path.is_file()]


def assert_clean(made, media_type):
    """A picture of the said type that holds its pixels and nothing else."""
    with Image.open(io.BytesIO(made)) as image:
        image.load()
        assert Image.MIME[image.format] == media_type
        assert set(image.info) <= HOUSE_KEEPING
        assert not dict(image.getexif())
        assert getattr(image, "n_frames", 1) == 1
    assert is_without_traces(made)


def is_without_traces(made):
    return not any(trace in made for trace in TRACES)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.req("INT-1")
def test_a_photo_comes_out_upright_however_the_phone_was_held(orientation, room):
    incoming, result = end_of(upright(orientation), makers.held(orientation), room)
    assert (result.width, result.height) == (makers.WIDTH, makers.HEIGHT)
    with Image.open(io.BytesIO(content(room, incoming.key))) as image:
        assert is_near(image.convert("RGB").getpixel((8, 8)), TOP_LEFT)


def test_a_turned_heic_is_turned_once(room):
    upload = Upload("", "x.heic", lambda: makers.heic(makers.picture().transpose(Image.Transpose.ROTATE_90), 6), "")
    incoming, result = end_of(upload, upload.make(), room)
    assert (result.width, result.height) == (makers.WIDTH, makers.HEIGHT)
    with Image.open(io.BytesIO(content(room, incoming.key))) as image:
        assert is_near(image.getpixel((8, 8)), TOP_LEFT)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: makers.saved(makers.picture("CMYK"), "JPEG", quality=95), "x.jpg"),
        (makers.deep_colour_png, "x.png"),
        (lambda: makers.jpeg(icc_profile=b"not a profile"), "x.jpg"),
        (lambda: makers.moving("GIF"), "x.gif"),
        (lambda: makers.moving("WEBP"), "x.webp"),
        (makers.heic, "x.heic"),
    ],
)
def test_colours_stay(make, name, room):
    incoming, _ = end_of(Upload("", name, make, ""), make(), room)
    with Image.open(io.BytesIO(content(room, incoming.key))) as image:
        assert is_near(image.convert("RGB").getpixel((8, 8)), TOP_LEFT, 40)


def test_deep_grey_keeps_its_shades(room):
    incoming, _ = end_of(Upload("", "x.png", makers.deep_grey_png, ""), makers.deep_grey_png(), room)
    with Image.open(io.BytesIO(content(room, incoming.key))) as image:
        assert image.convert("L").getpixel((8, 8)) == 60000 // 256
        assert image.convert("L").getpixel((60, 40)) == 512 // 256


def is_near(colour, wanted, distance=24):
    return all(abs(a - b) <= distance for a, b in zip(colour, wanted, strict=True))


def test_there_are_more_than_46_kinds():
    assert len({upload.what for upload in UPLOADS}) == len(UPLOADS) >= 46
