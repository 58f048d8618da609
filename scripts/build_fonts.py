"""Rebuild `portal/fonts`: the only typefaces that our paper uses, all of them TrueType under the Open Font Licence.

    python -m scripts.build_fonts        (needs npm, apt-get and dpkg; about a minute)

* Noto Sans SC: the full face as it comes, 31,000 characters.
* Noto Sans SC Common: its GB 2312, Latin, Greek and units. Named first in the stylesheet, because a report set in
  a face of 8,000 glyphs takes half the time of one set in 31,000.
* Noto Sans SC Rare: Chinese characters that only the pan-CJK edition of the same design has, mostly in names.
* the Rest families: what people type and no face before has: the ₂ of CO₂, ⌀, ✔, ☐, emoji in one colour.

The same sources give the same bytes, so a changed file in a diff means a changed source.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FONTS = Path(__file__).resolve().parent.parent / "portal" / "fonts"
NPM = (
    "@expo-google-fonts/noto-sans-sc@0.4.3",
    "@expo-google-fonts/noto-sans@0.4.2",
    "@expo-google-fonts/noto-sans-symbols@0.4.1",
    "@expo-google-fonts/noto-sans-symbols-2@0.4.1",
    "@expo-google-fonts/noto-emoji@0.4.7",
)
DEBIAN = "fonts-noto-cjk=1:20220127+repack1-1"
SIMPLIFIED_CHINESE = 2  # face number inside the pan-CJK collection
LATIN = "Noto Sans Rest"  # also has the quotation marks as English wants them; the Chinese ones are wide
EMOJI = "Noto Emoji Rest"  # keeps its layout: one sign may be many characters, such as a flag
BESIDES = {LATIN: set(map(ord, "‘’“”…—")), EMOJI: {ord("\N{COMBINING ENCLOSING KEYCAP}")}}
ENCLOSING = "Me"  # marks around the character before them, which lie beside it without layout features; emoji use one
CURVE_ERROR = 1.0  # largest distance, in 1/1000 em, between a cubic outline and its TrueType copy


class Source(NamedTuple):
    weight: str
    path: str
    sha256: str


FULL = (
    Source(
        "Regular",
        "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    ),
    Source(
        "Bold",
        "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    ),
)
RARE = (
    Source(
        "Regular",
        "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
    ),
    Source(
        "Bold",
        "usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
        "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
    ),
)
REST = {
    LATIN: (
        Source(
            "Regular",
            "noto-sans/400Regular/NotoSans_400Regular.ttf",
            "fe8c022f48d8dd29f17b744d16f9346f4357e16f7d4f7be58b000ae7c291b614",
        ),
        Source(
            "Bold",
            "noto-sans/700Bold/NotoSans_700Bold.ttf",
            "13a813c49624ae3ba3c5c6e72c5ebffc4b9e1e6ea32f421c04069b037c6ad431",
        ),
    ),
    "Noto Sans Symbols Rest": (
        Source(
            "Regular",
            "noto-sans-symbols/400Regular/NotoSansSymbols_400Regular.ttf",
            "aedeec1cd0514930aeeafc4a88a6deff83cda1e6b58086f0b9bb9c7dd0157578",
        ),
        Source(
            "Bold",
            "noto-sans-symbols/700Bold/NotoSansSymbols_700Bold.ttf",
            "5682f6c88d6199623edf026f67a8722697e8c5f409e5249477594e409d657eb0",
        ),
    ),
    "Noto Sans Symbols 2 Rest": (
        Source(
            "Regular",
            "noto-sans-symbols-2/400Regular/NotoSansSymbols2_400Regular.ttf",
            "f67f40c65f929f029827ab37cfdc4897dfd9ae3c28d9e98ba46e0d52e39eb97e",
        ),
    ),
    EMOJI: (
        Source(
            "Regular",
            "noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
            "24aaa2a20c9c06ffe9bf04284bfd1f14376a329d10122f902abe2770817eb504",
        ),
    ),
}

COMMON_RANGES = (
    (0x0020, 0x024F),  # Latin
    (0x0370, 0x03FF),  # Greek
    (0x1E00, 0x1EFF),  # Latin with more accents
    (0x2000, 0x23FF),  # punctuation, superscripts, currencies, units, fractions, arrows, operators
    (0x2460, 0x26FF),  # circled numbers, lines, shapes
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3300, 0x33FF),  # squared units such as ㎡ and ㎎
    (0xFF00, 0xFFEF),  # full-width forms
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder)
        fetch(sources)
        for source in (*FULL, *RARE, *(source for family in REST.values() for source in family)):
            if hashlib.sha256((sources / source.path).read_bytes()).hexdigest() != source.sha256:
                sys.exit(f"{source.path} is not the file this build was made for")
        shutil.rmtree(FONTS, ignore_errors=True)
        FONTS.mkdir()
        for licence in sorted(sources.glob("*/LICENSE_FONT")):
            shutil.copyfile(licence, FONTS / f"OFL-{licence.parent.name}.txt")
        build(sources)


def fetch(folder: Path) -> None:
    """Unpack every source into `folder`, an npm package under its own name."""

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout  # noqa: S603

    for package in NPM:
        run("tar", "xzf", run("npm", "pack", "--silent", package).strip())
        (folder / "package").rename(folder / package.split("/")[1].split("@")[0])
    run("apt-get", "download", DEBIAN)
    run("dpkg-deb", "-x", next(folder.glob("*.deb")).name, ".")


def build(sources: Path) -> None:
    for source in FULL:
        shutil.copyfile(sources / source.path, FONTS / f"NotoSansSC-{source.weight}.ttf")
        save(cut(read(sources / source.path), common_characters()), "Noto Sans SC Common", source.weight)
    known = characters(sources / FULL[0].path)
    rare = {c for c in characters(sources / RARE[0].path) - known if unicodedata.name(chr(c), "").startswith("CJK ")}
    for source in RARE:
        save(to_truetype(cut(read(sources / source.path), rare)), "Noto Sans SC Rare", source.weight)
    known |= rare
    for family, weights in REST.items():
        new = {c for c in characters(sources / weights[0].path) - known if unicodedata.category(chr(c)) != ENCLOSING}
        for source in weights:
            font = cut(read(sources / source.path), new | BESIDES.get(family, set()), keep_layout=family == EMOJI)
            save(font, family, source.weight)
        known |= new


def read(path: Path) -> TTFont:
    return TTFont(path, fontNumber=SIMPLIFIED_CHINESE if path.suffix == ".ttc" else -1, recalcTimestamp=False)


def characters(path: Path) -> set[int]:
    return set(read(path).getBestCmap())


def common_characters() -> set[int]:
    """GB 2312 and the ranges above, as code points."""
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    gb2312 = b"".join(bytes((row, cell)) for row in rows for cell in cells).decode("gb2312", errors="ignore")
    ranges = (range(first, last + 1) for first, last in COMMON_RANGES)
    return {ord(character) for character in gb2312}.union(*ranges)


def cut(font: TTFont, wanted: Iterable[int], keep_layout: bool = False) -> TTFont:
    """Reduce `font` to the characters `wanted`: glyphs renumbered, no hinting, no layout features unless kept.

    The space stays in every face, because the layout engine sets it in the face of the character before it.
    """
    options = subset.Options(
        layout_features=["*"] if keep_layout else [],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += ["GDEF", "GPOS", "BASE", "STAT", "VORG", "vhea", "vmtx"]
    if not keep_layout:
        options.drop_tables.append("GSUB")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={*wanted, ord(" ")})
    subsetter.subset(font)
    return font


def to_truetype(font: TTFont) -> TTFont:
    """Replace the cubic (CFF) outlines of `font` by TrueType ones: smaller in a PDF, and one kind for all."""
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
        glyf.glyphs[name].recalcBounds(glyf)
    font["glyf"], font["loca"] = glyf, newTable("loca")
    del font["CFF "]
    # A TrueType outline is drawn shifted by the difference between its left bearing and its left edge.
    font["hmtx"].metrics = {name: (width, glyf.glyphs[name].xMin) for name, (width, _) in font["hmtx"].metrics.items()}
    maxp = font["maxp"]
    maxp.tableVersion, maxp.maxZones = 0x00010000, 1
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxComponentDepth",
        "maxCompositePoints",
        "maxCompositeContours",
    ):
        setattr(maxp, field, 0)
    font.sfntVersion = "\x00\x01\x00\x00"
    return font


def save(font: TTFont, family: str, weight: str) -> None:
    """Write `font` under a family name of its own, so that a stylesheet can put it first or last."""
    postscript = f"{family.replace(' ', '')}-{weight}"
    texts = {1: family, 2: weight, 3: postscript, 4: f"{family} {weight}", 6: postscript, 16: family, 17: weight}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID not in texts]
    for name_id, text in texts.items():
        table.setName(text, name_id, 3, 1, 0x409)
    font.save(FONTS / f"{postscript}.ttf")


if __name__ == "__main__":
    main()
