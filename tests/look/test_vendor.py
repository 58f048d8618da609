"""What we took from others is exactly what we chose, with its licence."""

import base64
import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
STATIC = PORTAL / "static"


@pytest.mark.parametrize(
    ("name", "sha384"),
    [
        ("htmx.min.js", "Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"),
        ("signature_pad.min.js", "OhR4igTqO7VtCsqlrGeWlqawzfOUHKCe382KhlDNu7314MVs+7IsLhAguKRaCAk7"),
        ("zxing_reader.js", "PN2+TcV6o3ygq0xnuFCxKBra0Yt4uPsZhoQ/vGYAwE57BrG9nHTvynv6YPyluWaU"),
        ("zxing_reader.wasm", "uU3W9ksDBq9UOyHhv5S9GtsH9dlOsIMpeSy3WpglpRsLh12aEnMYcjZeSJq5MEum"),
    ],
)
def test_a_vendored_script_is_the_pinned_one(name, sha384):
    content = (STATIC / "vendor" / name).read_bytes()
    assert base64.b64encode(hashlib.sha384(content).digest()).decode() == sha384


def test_every_vendored_work_brings_its_licence():
    licences = {path.name for path in (STATIC / "vendor").glob("*.LICENSE")}
    scanner = {"zxing-wasm.LICENSE", "zxing-cpp.LICENSE"}
    assert licences == {"htmx.LICENSE", "signature_pad.LICENSE", "lucide.LICENSE", *scanner}


def test_htmx_is_the_core_alone():
    text = (STATIC / "vendor" / "htmx.min.js").read_text()
    assert "4.0.1" in text
    assert 'registerExtension("sse"' not in text


def icons_of_the_sprite() -> set[str]:
    return {symbol.get("id") for symbol in ElementTree.parse(STATIC / "icons.svg").getroot()}  # noqa: S314


def icons_named_in(paths) -> set[tuple[str, str]]:
    pattern = re.compile(r"""(?:icon\(|icon=)["']([a-z0-9-]+)["']""")
    return {(path.name, name) for path in paths for name in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_icon_that_is_named_is_in_the_sprite():
    named = icons_named_in([*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")])
    assert {name for _, name in named} - icons_of_the_sprite() == set(), named


def test_the_navigation_names_icons_of_the_sprite():
    from portal.web import navigation

    named = {entry.icon for entries in navigation.ENTRIES.values() for entry in entries}
    assert named <= icons_of_the_sprite()


def test_the_sprite_is_what_its_list_says():
    wanted = (PORTAL.parent / "scripts" / "icons.txt").read_text().split()
    assert icons_of_the_sprite() == {"brand", *wanted}
