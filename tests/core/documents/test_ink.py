"""What is drawn on a screen fills its place on paper, wherever on the canvas it was drawn."""

import io

import pytest
from PIL import Image, ImageDraw

from portal.core.documents import trimmed

CANVAS = (1480, 400)


def canvas(*lines, background=(0, 0, 0, 0), mode="RGBA") -> bytes:
    picture = Image.new(mode, CANVAS, background)
    for line in lines:
        ImageDraw.Draw(picture).line(line, fill=(11, 26, 42), width=6)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


@pytest.mark.parametrize("paper", [{}, {"background": "white", "mode": "RGB"}], ids=["transparent", "white"])
def test_a_signature_in_a_corner_is_cut_to_its_ink_and_stands_in_the_middle(paper):
    cut = opened(trimmed(canvas([(100, 60), (400, 60), (400, 190), (100, 190)], **paper)))
    assert cut.width < CANVAS[0] / 2 and cut.height < CANVAS[1]
    left, top, right, bottom = cut.getchannel("A").getbbox() if not paper else (0, 0, *cut.size)
    assert abs(left - (cut.width - right)) <= 2 and abs(top - (cut.height - bottom)) <= 2


def test_a_dot_stays_a_dot():
    cut = opened(trimmed(canvas([(700, 200), (704, 204)])))
    assert cut.width == CANVAS[0] // 4 and cut.height > CANVAS[1] // 4


def test_an_empty_canvas_stays_as_it_came():
    assert trimmed(canvas()) == canvas()
