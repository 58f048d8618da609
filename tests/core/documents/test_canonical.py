"""One payload has one sequence of bytes, and nothing inexact gets into it."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.documents import canonical_bytes, content_hash

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_and_text_is_kept_as_typed():
    decomposed = "e\u0301  \u00a0龘\r\n"
    assert canonical_bytes({"b": decomposed, "a": [1, None, True]}) == (
        '{"a":[1,null,true],"b":"e\u0301  \u00a0龘\\r\\n"}'.encode()
    )


def test_amounts_keep_their_digits():
    assert canonical_bytes({"reading": Decimal("7.50"), "big": Decimal("1E+3")}) == b'{"big":"1000","reading":"7.50"}'


def test_a_time_is_written_in_utc_whatever_its_zone():
    shanghai = timezone(timedelta(hours=8))
    noon = datetime(2026, 11, 2, 16, 30, tzinfo=shanghai)
    assert canonical_bytes({"at": noon}) == b'{"at":"2026-11-02T08:30:00Z"}'
    assert canonical_bytes({"day": date(2026, 11, 2)}) == b'{"day":"2026-11-02"}'
    assert canonical_bytes({"at": noon}) == canonical_bytes({"at": noon.astimezone(UTC)})


@pytest.mark.parametrize("value", [0.1, float("nan"), object(), {1, 2}, b"x"])
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), datetime(2026, 11, 2), "\ud800"])
def test_what_is_no_value_is_refused(value):
    with pytest.raises(ValueError):
        canonical_bytes({"value": value})


def test_a_key_is_text():
    with pytest.raises(TypeError):
        canonical_bytes({1: "one"})


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_the_bytes_say_the_payload_and_do_not_depend_on_the_order_of_keys(payload):
    content = canonical_bytes(payload)
    assert json.loads(content) == payload
    assert canonical_bytes(dict(reversed(payload.items()))) == content


def test_the_hash_is_sha256_of_the_bytes():
    assert content_hash(b"{}") == hashlib.sha256(b"{}").hexdigest()
