"""What a picture costs, and what of it stays."""

import io

import pytest
from PIL import Image

from portal.core.childwork import run_limited
from portal.core.files import Limits, pictures
from portal.core.files.blobs import THUMBNAIL
from portal.core.files.incoming import receive
from portal.core.files.kinds import KINDS
from portal.core.files.preparing import EDGE, PICTURE_BOUNDS, QUALITY, THUMBNAIL_EDGE, prepare
from tests.core.files import makers

SECONDS, BYTES = 8, 700_000_000
SIDE = 7740
"""Of a square of sixty megapixels."""


def made_from(data, media_type, folder):
    """What the child says of `data`; its picture and thumbnail lie in `folder`."""
    (folder / "source").write_bytes(data)
    arguments = {name: str(folder / name) for name in ("source", "picture", "thumbnail")} | {
        "media_type": media_type,
        "max_pixels": Limits().pixels_for(KINDS[media_type]),
        "edge": EDGE,
        "thumbnail_edge": THUMBNAIL_EDGE,
        "quality": QUALITY,
    }
    return run_limited(pictures.make, arguments, PICTURE_BOUNDS)


def opened(data, media_type, folder):
    made_from(data, media_type, folder)
    return Image.open(folder / "picture")


@pytest.fixture(scope="module")
def phone_photo():
    """Twelve megapixels, held upright, with its place."""
    image = makers.photo(size=(4032, 3024))
    image.paste(makers.TOP_LEFT, (0, 0, 2016, 1512))
    turned = image.transpose(Image.Transpose.ROTATE_90)
    return makers.saved(turned, "JPEG", exif=makers.exif(6), quality=92)


@pytest.mark.req("INT-1", "RPR-7")
def test_a_phones_photo_comes_out_upright_without_its_place_and_cheaply(phone_photo, tmp_path):
    assert makers.OWNER.encode() in phone_photo
    outcome = made_from(phone_photo, "image/jpeg", tmp_path)
    made = Image.open(tmp_path / "picture")
    assert outcome.cpu_seconds < SECONDS
    assert outcome.peak_bytes < BYTES
    assert made.size == (2560, 1920)
    red, green, blue = made.getpixel((300, 300))
    assert red > 180 and green < 80 and blue < 80
    assert not dict(made.getexif())
    assert makers.OWNER.encode() not in (tmp_path / "picture").read_bytes()


def test_its_small_picture_is_small(phone_photo, tmp_path):
    made_from(phone_photo, "image/jpeg", tmp_path)
    assert (tmp_path / "thumbnail").stat().st_size < 60_000
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert thumbnail.size == (480, 360)


def test_a_small_picture_is_not_blown_up(tmp_path):
    made = opened(makers.jpeg(), "image/jpeg", tmp_path)
    assert made.size == (makers.WIDTH, makers.HEIGHT)


def test_a_signature_stays_a_drawing_that_one_can_see_through(tmp_path):
    made = opened(makers.signature_png(), "image/png", tmp_path)
    assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (600, 200))
    assert made.getpixel((0, 0))[3] == 0


def test_a_signatures_small_picture_stands_on_white(tmp_path):
    made_from(makers.signature_png(), "image/png", tmp_path)
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert thumbnail.getpixel((0, 0)) == (255, 255, 255)


def test_of_a_moving_picture_the_first_frame_stays(tmp_path):
    made = opened(makers.moving("GIF"), "image/gif", tmp_path)
    assert getattr(made, "n_frames", 1) == 1
    assert made.convert("RGB").getpixel((60, 40))[2] > 150


def test_the_decoder_holds_to_the_limit_by_itself(tmp_path):
    """A head that the first reading was deceived about meets the same limit again."""
    outcome = made_from(makers.png_bomb(9000, 9000), "image/png", tmp_path)
    assert outcome.value == {"refused": "too_many_pixels"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("media_type", "make"),
    [
        ("image/png", lambda: makers.png(Image.new("RGBA", (SIDE, SIDE), (1, 2, 3, 128)), compress_level=1)),
        ("image/jpeg", lambda: makers.saved(Image.new("CMYK", (SIDE, SIDE)), "JPEG", progressive=True, subsampling=0)),
        ("image/webp", lambda: makers.saved(Image.new("RGBA", (5000, 5000), (1, 2, 3, 128)), "WEBP", method=0)),
    ],
)
def test_the_largest_pictures_stay_within_the_limit(media_type, make, tmp_path):
    outcome = made_from(make(), media_type, tmp_path)
    assert max(outcome.value["width"], outcome.value["height"]) == EDGE
    assert outcome.peak_bytes < BYTES
    assert outcome.cpu_seconds < SECONDS


def test_the_same_upload_gives_the_same_bytes_twice(room):
    """Two workers at the same file do each other no harm."""
    found = receive(io.BytesIO(makers.jpeg()), "x.jpg", "", limits=Limits(), room=room)
    first, second = (prepare(found.key, found.media_type, room, Limits()) for _ in range(2))
    assert first == second
    assert room.blobs.exists(found.key + THUMBNAIL)
