"""Rebuild `portal/fonts`: the only typefaces that our paper uses.

    python -m scripts.build_fonts        (needs npm, apt-get and dpkg; about a minute)

Per weight, all TrueType:

* NotoSansSC: the full face, as it comes from npm `@expo-google-fonts/noto-sans-sc`.
* NotoSansSCCommon: its GB 2312, Latin, Greek and units. Named first in the stylesheet, because a face of
  8,000 glyphs renders a report in half the time of one with 31,000.
* NotoSansSCRare: the characters that only the pan-CJK edition of the same design has (Debian
  `fonts-noto-cjk`, Simplified Chinese forms), mostly names from beyond the basic plane.

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

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FONTS = Path(__file__).resolve().parent.parent / "portal" / "fonts"
NPM = "@expo-google-fonts/noto-sans-sc@0.4.3"
DEBIAN = "fonts-noto-cjk=1:20220127+repack1-1"
SIMPLIFIED_CHINESE = 2  # face number inside the pan-CJK collection
CURVE_ERROR = 1.0  # largest distance, in 1/1000 em, between a cubic outline and its TrueType copy

SHA256 = {
    "package/400Regular/NotoSansSC_400Regular.ttf": "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    "package/700Bold/NotoSansSC_700Bold.ttf": "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc":
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
    "usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc":
        "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
    "package/LICENSE_FONT": "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9",
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
        for path, expected in SHA256.items():
            if hashlib.sha256((sources / path).read_bytes()).hexdigest() != expected:
                sys.exit(f"{path} is not the file this build was made for")
        FONTS.mkdir(exist_ok=True)
        shutil.copyfile(sources / "package/LICENSE_FONT", FONTS / "OFL.txt")
        for weight, number in (("Regular", 400), ("Bold", 700)):
            full = sources / f"package/{number}{weight}/NotoSansSC_{number}{weight}.ttf"
            collection = sources / f"usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"
            shutil.copyfile(full, FONTS / f"NotoSansSC-{weight}.ttf")
            build_common(full, weight)
            build_rare(collection, full, weight)


def fetch(folder: Path) -> None:
    """Unpack both sources into `folder`."""
    def run(*command: str) -> str:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout  # noqa: S603

    run("tar", "xzf", run("npm", "pack", "--silent", NPM).strip())
    run("apt-get", "download", DEBIAN)
    run("dpkg-deb", "-x", next(folder.glob("*.deb")).name, ".")


def build_common(full: Path, weight: str) -> None:
    font = TTFont(full, recalcTimestamp=False)
    save(cut(font, common_characters()), "Noto Sans SC Common", weight)


def build_rare(collection: Path, full: Path, weight: str) -> None:
    known = TTFont(full, lazy=True).getBestCmap()
    font = TTFont(collection, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    rare = {c for c in font.getBestCmap() if c not in known and unicodedata.name(chr(c), "").startswith("CJK ")}
    # The layout engine sets a space in the face of the character before it.
    spaces = {c for c in font.getBestCmap() if unicodedata.category(chr(c)) == "Zs"}
    save(to_truetype(cut(font, rare | spaces)), "Noto Sans SC Rare", weight)


def common_characters() -> set[int]:
    """GB 2312 and the ranges above, as code points."""
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    gb2312 = b"".join(bytes((row, cell)) for row in rows for cell in cells).decode("gb2312", errors="ignore")
    ranges = (range(first, last + 1) for first, last in COMMON_RANGES)
    return {ord(character) for character in gb2312}.union(*ranges)


def cut(font: TTFont, characters: Iterable[int]) -> TTFont:
    """Reduce `font` to `characters`: glyphs renumbered, no layout features, no hinting."""
    options = subset.Options(
        layout_features=[], hinting=False, desubroutinize=True, notdef_outline=True, glyph_names=False,
        name_IDs=["*"], recalc_timestamp=False,
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
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
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                  "maxSizeOfInstructions", "maxComponentElements", "maxComponentDepth", "maxCompositePoints",
                  "maxCompositeContours"):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    # A TrueType outline is drawn shifted by the difference between its left bearing and its left edge.
    font["hmtx"].metrics = {name: (width, glyf.glyphs[name].xMin) for name, (width, _) in font["hmtx"].metrics.items()}
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
