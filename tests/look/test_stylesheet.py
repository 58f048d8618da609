"""One stylesheet: small, its colours named once, readable in both themes."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "portal" / "static" / "css" / "app.css").read_text(encoding="utf-8")
LAYERS = dict(zip(*[iter(re.split(r"^@layer (\w+) \{$", CSS, flags=re.MULTILINE)[1:])] * 2, strict=False))
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(")
ROLES = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): var\(--if-light, (#\w+)\) var\(--if-dark, (#\w+)\)", LAYERS["tokens"]
    )
}
TONES = ("accent", "good", "warn", "bad", "hold")


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_it_is_at_most_forty_kilobytes():
    assert len(CSS.encode()) <= 40 * 1024


def test_it_has_its_layers_in_order():
    assert list(LAYERS) == ["tokens", "base", "layout", "components", "utilities", "print"]


@pytest.mark.parametrize("layer", [name for name in LAYERS if name != "tokens"])
def test_no_colour_is_written_outside_the_tokens(layer):
    assert COLOUR.findall(LAYERS[layer]) == []


def test_every_token_that_is_used_is_defined():
    assert set(re.findall(r"var\((--[\w-]+)", CSS)) <= set(re.findall(r"(--[\w-]+):", CSS))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "ground", "raised", "hover"])
@pytest.mark.parametrize("ink", ["text", "muted", *TONES])
def test_ink_is_readable_on_every_ground(ink, ground, theme):
    assert contrast(ROLES[ink][theme], ROLES[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_readable_on_its_own_tint(tone, theme):
    tint = ROLES[f"{tone}-soft"][theme]
    assert min(contrast(ROLES[ink][theme], tint) for ink in (tone, "text", "muted")) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_what_is_filled_and_what_is_framed_can_be_seen(theme):
    assert contrast(ROLES["on-fill"][theme], ROLES["accent"][theme]) >= 4.5
    assert contrast(ROLES["on-fill"][theme], ROLES["bad"][theme]) >= 4.5
    assert contrast(ROLES["line-strong"][theme], ROLES["surface"][theme]) >= 3
