"""Looks inside a PDF: what it really draws, not what a text search finds."""

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf
from fontTools.ttLib import TTFont


class Shown(NamedTuple):
    """A glyph that some page draws: its face, its number there, the text it stands for, its outlines."""

    face: str
    number: int
    text: str
    outlines: int


def open_pdf(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def faces(pdf: bytes) -> dict[str, bool]:
    """The name of every face, without its subset prefix: is it embedded?"""
    found = {}
    for font in _fonts(open_pdf(pdf)):
        descendant = font.DescendantFonts[0]
        found[_name(font)] = "/FontFile2" in descendant.FontDescriptor
    return found


def shown(pdf: bytes) -> list[Shown]:
    """Every glyph that is drawn, on pages and in forms, once for each time."""
    document = open_pdf(pdf)
    glyphs = {_name(font): (_texts(font), _outlines(font)) for font in _fonts(document)}
    return [
        Shown(face, number, glyphs[face][0].get(number, ""), glyphs[face][1].get(number, 0))
        for page in document.pages
        for face, number in _codes(page, page.Resources)
    ]


def attached(pdf: bytes, name: str) -> tuple[bytes, str, str]:
    """(content, media type, relationship) of the attachment `name`."""
    with open_pdf(pdf) as document:  # held open: an attachment does not keep its document alive
        specification = document.attachments[name]
        file = specification.get_file()
        return file.read_bytes(), file.mime_type, str(specification.obj.AFRelationship)


def _fonts(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    seen = set()
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0" and item.objgen not in seen:
            seen.add(item.objgen)
            yield item


def _name(font: pikepdf.Object) -> str:
    return str(font.BaseFont).split("+")[-1]


def _texts(font: pikepdf.Object) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]{4})> ?<([0-9a-fA-F]+)>", table)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def _outlines(font: pikepdf.Object) -> dict[int, int]:
    face = TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
    return {number: face["glyf"][name].numberOfContours for number, name in enumerate(face.getGlyphOrder())}


def _codes(stream: pikepdf.Object, resources: pikepdf.Object) -> Iterator[tuple[str, int]]:
    face = ""
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "Tf":
                face = _name(resources.Font[str(operands[0])])
            case "Tj":
                yield from ((face, code) for code in _numbers(operands[0]))
            case "TJ":
                texts = (part for part in operands[0] if isinstance(part, pikepdf.String))
                yield from ((face, code) for text in texts for code in _numbers(text))
            case "Do":
                form = resources.XObject[str(operands[0])]
                if form.Subtype == "/Form":
                    yield from _codes(form, form.get("/Resources", resources))


def _numbers(text: pikepdf.String) -> list[int]:
    codes = bytes(text)
    return [int.from_bytes(codes[i : i + 2], "big") for i in range(0, len(codes), 2)]
