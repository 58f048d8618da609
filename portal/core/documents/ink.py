"""A drawn signature as paper wants it: without the empty canvas around its ink."""

import io

SEEN = 24
"""How much darker than paper (0 to 255) a pixel is that belongs to the ink; less is the noise of a photograph."""
MARGIN = 0.04
"""Air around the ink, as part of the canvas's longer edge."""
LEAST = 0.25
"""The cut is never smaller than this part of the canvas, so that a dot stays a dot."""


def trimmed(picture: bytes) -> bytes:
    """`picture`, one of our own prepared ones, cut to its ink as a PNG; as it came when there is no ink in it."""
    from PIL import Image, ImageOps  # only who renders needs it

    with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG"]) as canvas:
        image = canvas.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("L")
    ink = ImageOps.invert(on_white).point(lambda darkness: 255 if darkness > SEEN else 0).getbbox()
    if ink is None:
        return picture
    out = io.BytesIO()
    image.crop(_cut(ink, image.size)).save(out, "PNG")
    return out.getvalue()


def _cut(ink: tuple[int, int, int, int], canvas: tuple[int, int]) -> tuple[int, int, int, int]:
    """The ink with its margin, in the middle; it may reach beyond the canvas, where nothing is drawn."""
    left, top, right, bottom = ink
    margin = round(MARGIN * max(canvas))
    across = max(right - left + 2 * margin, round(LEAST * canvas[0]))
    down = max(bottom - top + 2 * margin, round(LEAST * canvas[1]))
    start, above = (left + right - across) // 2, (top + bottom - down) // 2
    return start, above, start + across, above + down
