"""A phone's photo: twelve megapixels, taken on its side, with a position in it."""

import io

from PIL import Image, ImageDraw

GPS_TAG, ORIENTATION = 0x8825, 0x0112


def phone_photo() -> bytes:
    """A JPEG of 4032 × 3024 with EXIF orientation 6 and a GPS position in Shanghai."""
    image = Image.effect_noise((504, 378), 40).resize((4032, 3024)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((400, 400, 3600, 2600), outline="#d33", width=40)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS_TAG).update({1: "N", 2: (31.0, 13.0, 52.0), 3: "E", 4: (121.0, 28.0, 12.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()
