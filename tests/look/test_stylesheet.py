"""The stylesheets: small, their colours named once, readable in both themes.

A page loads what all need (app.css), its audience's frame, and for paper print.css.
"""

import re
from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in (PORTAL / "static" / "css").glob("*.css")}
AUDIENCES = sorted(path.stem for path in (PORTAL / "templates" / "layouts").glob("[!_]*.html"))
ORDER = ["tokens", "base", "layout", "components", "utilities", "print"]


def layers(name: str) -> dict[str, str]:
    """The layers that a sheet fills, by name."""
    return dict(zip(*[iter(re.split(r"^@layer (\w+) \{$", SHEETS[name], flags=re.MULTILINE)[1:])] * 2, strict=False))


CSS, LAYERS = SHEETS["app"], layers("app")
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


def test_there_is_a_sheet_for_each_audience_and_one_for_paper():
    assert sorted(SHEETS) == sorted(["app", "print", *AUDIENCES])


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_a_page_loads_is_at_most_forty_kilobytes(audience):
    assert len((CSS + SHEETS[audience]).encode()) <= 40 * 1024


def test_what_paper_adds_is_at_most_four_kilobytes():
    assert len(SHEETS["print"].encode()) <= 4 * 1024


def test_the_order_of_the_layers_is_declared_where_all_begin():
    assert f"@layer {', '.join(ORDER)};" in CSS
    assert list(LAYERS) == ORDER[:-1]
    assert list(layers("print")) == ["print"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_adds_to_layers_that_are_there(audience):
    assert set(layers(audience)) <= {"layout", "components", "utilities"}


@pytest.mark.parametrize("name", SHEETS)
def test_no_colour_is_written_outside_the_tokens(name):
    assert COLOUR.findall("".join(text for layer, text in layers(name).items() if layer != "tokens")) == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_that_is_used_is_defined(name):
    assert set(re.findall(r"var\((--[\w-]+)", SHEETS[name])) <= set(re.findall(r"(--[\w-]+):", CSS))


@pytest.mark.parametrize("macro", ["steps", "action_bar"])
def test_what_only_technicians_pages_style_stands_on_no_other_page(macro):
    folder = PORTAL / "templates"
    used = re.compile(rf"\bui\.{macro}\(")
    users = {path for path in folder.rglob("*.html") if used.search(path.read_text(encoding="utf-8"))}
    elsewhere = users - set((folder / "technicians").iterdir()) - {folder / "internal" / "components.html"}
    assert users and not elsewhere


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
