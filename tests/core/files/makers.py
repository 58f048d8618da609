"""Files for tests, made in code: honest ones, broken ones, and hostile ones."""

import hashlib
import io
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

pillow_heif.register_heif_opener()

SCRIPT = b"<script>alert(document.domain)</script>"
OWNER = "Owner-of-the-phone"
PLACE = (31.0, 13.0, 48.0)
TOP_LEFT = (220, 30, 30)
WIDTH, HEIGHT = 64, 48
GPS_IFD = 0x8825

OFFICE = "http://schemas.openxmlformats.org"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def picture(mode="RGB", size=(WIDTH, HEIGHT)):
    """Blue, with a red corner at the top left, so that one sees which way is up."""
    image = Image.new("RGB", size, (30, 60, 200))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=TOP_LEFT)
    return image.convert(mode)


def photo(mode="RGB", size=(256, 192)):
    """Enough colours that it counts as a photo, not as a drawing."""
    seed = Image.frombytes("RGB", (16, 12), hashlib.shake_128(b"photo").digest(16 * 12 * 3))
    return seed.resize(size, Image.Resampling.BICUBIC).convert(mode)


def exif(orientation=None, *, place=True):
    """What a phone writes: place, owner, time with its zone, and how it was held."""
    tags = Image.Exif()
    if orientation:
        tags[0x0112] = orientation
    tags[0x013B] = OWNER
    details = tags.get_ifd(0x8769)
    details[0x9003], details[0x9011] = "2026:11:20 09:30:00", "+08:00"
    if place:
        gps = tags.get_ifd(GPS_IFD)
        gps[1], gps[2], gps[3], gps[4] = "N", PLACE, "E", (121.0, 28.0, 12.0)
    return tags


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(**options):
    return saved(picture(), "JPEG", **{"exif": exif(), "quality": 92} | options)


def png(image=None, **options):
    return saved(image or picture(), "PNG", **options)


def held(orientation):
    """A JPEG that stands upright only when turned as its tag says."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = picture()
    turned = image.transpose(undo[orientation]) if orientation in undo else image
    return saved(turned, "JPEG", exif=exif(orientation), quality=92)


def heic(image=None, orientation=None):
    image = image or picture()
    image.info["exif"] = exif(orientation).tobytes()
    return saved(image, "HEIF", quality=90)


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segment(data, marker, content):
    """A JPEG with one more segment right after its beginning."""
    return data[:2] + segment(marker, content) + data[2:]


def xmp_jpeg():
    place = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>31,13.8N</exif:GPSLatitude></x:xmpmeta>'
    return with_segment(jpeg(exif=b""), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + place)


def iptc_jpeg():
    record = b"\x1c\x02\x5a\x00\x08Shanghai"
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
    return with_segment(jpeg(), 0xED, block)


def greedy_exif_jpeg():
    """Its EXIF claims a text of 4 GB, at an offset of 4 GB, and as many place tags."""
    entry = struct.pack("<HHII", 0x010E, 2, 0xFFFFFFFF, 0xFFFFFFF0)
    gps = struct.pack("<HHII", GPS_IFD, 4, 0xFFFFFFFF, 0xFFFFFFFF)
    tiff = b"II*\0" + struct.pack("<IH", 8, 2) + entry + gps + b"\0\0\0\0"
    return with_segment(jpeg(exif=b""), 0xE1, b"Exif\0\0" + tiff)


def looping_exif_jpeg():
    """Its EXIF directory names itself as the next one."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 1, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)
    return with_segment(jpeg(exif=b""), 0xE1, b"Exif\0\0" + tiff)


def huge_jpeg():
    """A head that claims 65,535 x 65,535 pixels before a small scan."""
    data = bytearray(jpeg(exif=b""))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65535, 65535)
    return bytes(data)


def broken_scan_jpeg():
    data = bytearray(saved(photo(), "JPEG", quality=92))
    at = data.index(b"\xff\xda") + 40
    data[at : at + 400] = b"spoilt!!" * 50
    return bytes(data)


def short_scan_jpeg():
    """Its end mark follows in the middle of the picture."""
    data = saved(photo(), "JPEG", quality=92)
    return data[: len(data) // 2] + b"\xff\xd9"


def wide_gamut_jpeg():
    return jpeg(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(data, kind, content):
    """A PNG with one more chunk right after its head."""
    return data[:33] + chunk(kind, content) + data[33:]


def png_bomb(width, height):
    """All black: gigabytes of pixels in a few megabytes or less."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(min(height, 2000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def flat_png(width, height):
    return png(Image.new("RGB", (width, height), (10, 120, 60)), compress_level=1)


def spoilt_png():
    """Its picture data cannot be unpacked, though every checksum is right."""
    head = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", b"not a stream" * 40) + chunk(b"IEND", b"")


def telling_png():
    notes = PngInfo()
    notes.add_text("Author", OWNER)
    notes.add_itxt("XML:com.adobe.xmp", "<exif:GPSLatitude>31,13.8N</exif:GPSLatitude>")
    return png(pnginfo=notes, exif=exif())


def text_bomb_png():
    return with_chunk(png(), b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 200_000_000, 9))


def deep_grey_png():
    light, dark = struct.pack("<H", 60000), struct.pack("<H", 512)
    rows = (light * (WIDTH // 2) + dark * (WIDTH // 2)) * (HEIGHT // 2) + dark * WIDTH * (HEIGHT // 2)
    return png(Image.frombytes("I;16", (WIDTH, HEIGHT), rows))


def deep_colour_png():
    """16 bits a channel, which Pillow cannot write itself."""
    pixel, other = struct.pack(">HHH", 56000, 8000, 8000), struct.pack(">HHH", 8000, 16000, 52000)
    top = b"\0" + pixel * (WIDTH // 2) + other * (WIDTH // 2)
    rows = top * (HEIGHT // 2) + (b"\0" + other * WIDTH) * (HEIGHT // 2)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def signature_png():
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 150), (200, 40), (330, 160), (580, 60)], fill=(10, 20, 90, 255), width=6)
    return png(image)


def moving(form):
    frames = [picture(), Image.new("RGB", (WIDTH, HEIGHT), "yellow"), Image.new("RGB", (WIDTH, HEIGHT), "green")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100, loop=0)


def gif(comment=b"", image=None):
    return saved((image or picture()).convert("P"), "GIF", comment=comment)


def script_gif():
    """A GIF that a browser would also run as a script: its width and height spell the start of a comment."""
    return b"GIF89a/*" + gif()[8:] + b"*/=1;alert(document.domain)//;"


def short_gif():
    return gif(image=photo())[:-2000] + b"\0;"


def webp(**options):
    return saved(picture(), "WEBP", **options)


def huge_webp():
    data = bytearray(webp(exif=exif()))
    assert data[12:16] == b"VP8X"
    data[24:30] = (16382).to_bytes(3, "little") * 2
    return bytes(data)


def huge_heic():
    data = bytearray(heic())
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", 60000, 60000)
    return bytes(data)


def spoilt_heic():
    data = bytearray(heic(photo()))
    at = data.index(b"mdat") + 16
    data[at : at + 400] = b"spoilt!!" * 50
    return bytes(data)


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def track(handler, *rest):
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13))), *rest)


def film(brand=b"qt  ", *, index_last=True):
    """A MOV or MP4 that tells its place in three ways, beside a track of picture and one of positions."""
    place = b"+31.2300+121.4700/"
    named = box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", place))
    index = box(
        b"moov",
        box(b"mvhd", bytes(100)),
        track(b"vide", box(b"udta", OWNER.encode())),
        track(b"meta"),
        box(b"udta", box(b"\xa9xyz", place)),
        named,
    )
    start, data = box(b"ftyp", brand, bytes(4), brand, b"mp42"), box(b"mdat", b"picture and sound" * 50)
    return start + (data + index if index_last else index + data)


def webm():
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(200)


def pdf(extra=b""):
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + extra + b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def archive(parts, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def types(main, content_type):
    return f'<Types xmlns="{OFFICE}/x"><Override PartName="/{main}" ContentType="{content_type}"/></Types>'


def word(parts=None):
    """A Word file, with further parts by name."""
    main = {
        "[Content_Types].xml": types("word/document.xml", WORD),
        "word/document.xml": "<w:document><w:t>泵报警</w:t></w:document>",
        "word/_rels/document.xml.rels": relationships("hyperlink", "https://example.com/manual"),
    }
    return archive(main | (parts or {}))


def sheet(parts=None, content_type=SHEET):
    main = {
        "[Content_Types].xml": types("xl/workbook.xml", content_type),
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": "<worksheet><c><v>1</v></c></worksheet>",
    }
    return archive(main | (parts or {}))


def word_linked_to(kind, target):
    return word({"word/_rels/settings.xml.rels": relationships(kind, target)})


def word_with_entity():
    """The document type stands behind a comment longer than what is read at once."""
    entity = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
    return word({"word/styles.xml": f"<!-- {'x' * 70_000} -->{entity}"})


def sheet_of(parts, name_length):
    return sheet({f"xl/{n:0{name_length}}.xml": "" for n in range(parts)})


def relationships(kind, target):
    link = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"'
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{link} TargetMode="External"/></Relationships>'


def lying_sheet():
    """One part says that it has 10 bytes and has a million."""
    data = bytearray(sheet({"xl/media/big.xml": "A" * 1_000_000}))
    at = data.rindex(b"xl/media/big.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping_sheet():
    """Two names for the same bytes."""
    data = bytearray(sheet({"xl/a.xml": "A" * 5000, "xl/b.xml": "A" * 5000}))
    first, second = data.rindex(b"xl/a.xml") - 46, data.rindex(b"xl/b.xml") - 46
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def locked_word():
    data = bytearray(word())
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    return bytes(data)
