"""Whatever bytes come: `receive` takes them or refuses them, in words; it never stumbles."""

import io
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.files import FileRefused, Limits, prepare, receive
from tests.core.files import makers

SAMPLES = {
    "jpg": makers.jpeg,
    "png": makers.telling_png,
    "gif": makers.gif,
    "webp": lambda: makers.webp(exif=makers.exif()),
    "heic": makers.heic,
    "mov": makers.film,
    "mp4": lambda: makers.film(b"mp42"),
    "webm": makers.webm,
    "pdf": makers.pdf,
    "docx": makers.word,
    "xlsx": makers.sheet,
    "txt": lambda: "压力过高".encode(),
}
ANY_OF_THEM = st.sampled_from(sorted(SAMPLES))


@cache
def sample(ending):
    return SAMPLES[ending]()


@st.composite
def spoilt(draw, ending):
    """A sample with some bytes changed, removed or put in, or cut off."""
    data = bytearray(sample(ending))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["change", "remove", "insert", "cut"])):
            case "change":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=8))
            case "remove":
                del data[at : at + draw(st.integers(1, 200))]
            case "insert":
                data[at:at] = draw(st.binary(max_size=40))
            case "cut":
                del data[at:]
    return bytes(data)


def come_to_an_end(data, name, room):
    """What was received, or None when it was refused."""
    try:
        return receive(io.BytesIO(data), name, "", limits=Limits(), room=room)
    except FileRefused as refused:
        assert refused.message.params["name"]
        assert str(refused.message)
        return None


FAST = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SLOW = settings(FAST, max_examples=40)


@FAST
@given(data=st.data())
def test_spoilt_files(room, data):
    ending = data.draw(ANY_OF_THEM)
    come_to_an_end(data.draw(spoilt(ending)), f"x.{ending}", room)


@FAST
@given(start=ANY_OF_THEM, length=st.integers(0, 40), rest=st.binary(max_size=300), name=st.text(max_size=30))
def test_any_bytes_behind_an_honest_start(room, start, length, rest, name):
    come_to_an_end(sample(start)[:length] + rest, f"{name}.{start}", room)


@SLOW
@given(data=st.data())
def test_spoilt_pictures_and_films_in_the_job(room, data):
    ending = data.draw(st.sampled_from(["jpg", "png", "gif", "webp", "heic", "mov"]))
    found = come_to_an_end(data.draw(spoilt(ending)), f"x.{ending}", room)
    if found is not None and not found.is_final:
        result = prepare(found.key, found.media_type, room, Limits())
        assert room.blobs.exists(found.key) == hasattr(result, "sha256")
