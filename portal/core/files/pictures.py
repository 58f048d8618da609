"""Makes a clean picture of whatever a phone, a chat or an attacker sent. Runs in a child process, alone:
nothing here may import the portal.

The picture is turned upright, brought to sRGB and to at most the wanted edge, and written anew from its bare
pixels, so that nothing else of the upload survives: no place, no device, no owner, no preview, no second file
hidden behind the first. Of moving pictures the first frame stays.
"""

import io
import warnings
from contextlib import suppress
from datetime import datetime
from typing import Any

import pillow_heif
from PIL import Image, ImageCms

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/gif": "GIF",
}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION, EXIF_DETAILS, TAKEN_AT, TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
DRAWING_COLOURS = 4096
"""A drawing, a signature or a screen of text has fewer; such pictures stay PNG, which keeps their edges sharp."""
THUMBNAIL_QUALITY = 78


def make(source: str, media_type: str, picture: str, thumbnail: str, **wanted: int) -> dict[str, Any]:
    """Read the file `source` and write `picture` and `thumbnail` (a JPEG).

    `wanted` has max_pixels, edge, thumbnail_edge, quality. Returns media_type, width, height and taken_at (ISO 8601
    with offset, or None); or {"refused": "too_many_pixels" | "cut_off" | "damaged"}. What fails for want of memory
    or disk is raised: it says nothing about the picture.
    """
    _set_up()
    try:
        with Image.open(source, formats=[FORMATS[media_type]]) as image:
            if image.width * image.height > wanted["max_pixels"]:
                return {"refused": "too_many_pixels"}
            edge = wanted["edge"]
            image.draft(None, (edge, edge))  # a large JPEG is decoded at half or quarter size from the start
            image.load()  # here, so that a broken picture is not taken for one whose tags cannot be read
            taken_at, is_graphic = _taken_at(image), image.format in ("PNG", "GIF")
            clean = _clean(image, edge)
    except MemoryError:
        raise
    except Exception as error:
        return {"refused": _what_is_wrong(error)}
    is_drawing = is_graphic and clean.getcolors(DRAWING_COLOURS) is not None
    width, height = clean.size
    _write(clean, is_drawing, picture, thumbnail, wanted)
    media_type = "image/png" if is_drawing else "image/jpeg"
    return {"media_type": media_type, "width": width, "height": height, "taken_at": taken_at}


def _set_up() -> None:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno:
        raise error
    return "cut_off" if "truncated" in str(error) else "damaged"


def _write(clean: Image.Image, is_drawing: bool, picture: str, thumbnail: str, wanted: dict[str, int]) -> None:
    if is_drawing:
        clean.save(picture, "PNG")
    else:
        _on_white(clean).save(picture, "JPEG", quality=wanted["quality"], optimize=True)
    clean.thumbnail((wanted["thumbnail_edge"],) * 2, Image.Resampling.LANCZOS)
    _on_white(clean).save(thumbnail, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)


def _clean(image: Image.Image, edge: int) -> Image.Image:
    """Upright, small enough, in sRGB, and without anything but its pixels."""
    profile, turn = image.info.get("icc_profile"), _turn(image)
    small = _plain(image)
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = _in_srgb(small.transpose(turn) if turn is not None else small, profile)
    small.info.clear()
    return small


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled well: grey, colour with or without transparency, or CMYK."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256) + 0).convert("L")  # convert alone would clip 16 bits
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the camera says the picture must be turned; None when it stands, or when that cannot be read."""
    with suppress(Exception):
        return TURNS.get(image.getexif().get(ORIENTATION))
    return None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the camera meant them; by the plain rule when its profile cannot be used."""
    mode = "RGB" if image.mode == "CMYK" else image.mode
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    return image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _taken_at(image: Image.Image) -> str | None:
    """When the camera says the picture was taken, if it also says in which time zone."""
    with suppress(Exception):
        details = image.getexif().get_ifd(EXIF_DETAILS)
        taken = datetime.strptime(str(details[TAKEN_AT]) + str(details[TAKEN_OFFSET]), "%Y:%m:%d %H:%M:%S%z")
        return taken.isoformat()
    return None
