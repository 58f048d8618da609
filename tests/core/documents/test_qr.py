"""The path draws exactly the modules of the code."""

import re

import segno

from portal.core.documents import qr

LINK = "https://service.example.com/verify/SR-2026-000123?hash=" + "0a" * 32


def test_every_dark_module_is_drawn_and_no_light_one():
    code = segno.make_qr(LINK, error="m", boost_error=False)
    dark = {(x + 4, y + 4) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    size, path = qr(LINK)
    drawn = {
        (int(x) + i, int(y)) for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path) for i in range(int(length))
    }
    assert drawn == dark
    assert size == len(code.matrix) + 8
