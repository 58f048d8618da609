"""A drawn photo of a device's display, for requests that come with a picture."""

import io

from PIL import Image, ImageDraw, ImageFont


def display(text: str) -> bytes:
    """A JPEG of a dark screen that shows `text`."""
    image = Image.new("RGB", (1600, 1200), "#c9d1d6")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((180, 160, 1420, 960), 40, fill="#8e9aa3")
    draw.rounded_rectangle((240, 220, 1360, 900), 16, fill="#0d1b22")
    draw.text((300, 300), text, fill="#ff6b5e", font=ImageFont.load_default(150))
    points = [(300 + x * 10, 700 - (120 if x % 12 == 6 else 10 * (x % 3))) for x in range(100)]
    draw.line(points, fill="#5be37d", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
