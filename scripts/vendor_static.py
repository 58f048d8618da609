"""Fetch the third-party files of portal/static with npm, and build the icon sprite.

    python scripts/vendor_static.py

Only for changing a version or adding an icon (scripts/icons.txt, names of lucide.dev): what it writes is committed,
and tests/look/test_vendor.py holds the sums.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from xml.etree import ElementTree

STATIC = Path(__file__).parent.parent / "portal" / "static"
HTMX, SIGNATURE_PAD, LUCIDE = "htmx.org@4.0.1", "signature_pad@5.1.4", "lucide-static@1.62.0"
ZXING = "zxing-wasm@3.1.4"
COPIES = {
    HTMX: {"dist/htmx.min.js": "vendor/htmx.min.js", "LICENSE": "vendor/htmx.LICENSE"},
    SIGNATURE_PAD: {
        "dist/signature_pad.min.js": "vendor/signature_pad.min.js",
        "LICENSE": "vendor/signature_pad.LICENSE",
    },
    ZXING: {
        "dist/iife/reader/index.js": "vendor/zxing_reader.js",
        "dist/reader/zxing_reader.wasm": "vendor/zxing_reader.wasm",
        "LICENSE": "vendor/zxing-wasm.LICENSE",
    },
    LUCIDE: {"LICENSE": "vendor/lucide.LICENSE"},
}
ICONS = (Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split()
# Our own mark: a shield that is also a heartbeat. Drawn in the same 24 px grid and stroke as the others.
BRAND = (
    '<path d="M12 21.5c-5-2-8.5-5.3-8.5-10.2V5.2L12 2.5l8.5 2.7v6.1c0 4.9-3.5 8.2-8.5 10.2z" />'
    '<path d="M7 12h2.6l1.6-3.4 2.2 6 1.3-2.6H17" />'
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for package, files in COPIES.items():
            root = unpack(package, Path(folder))
            for source, target in files.items():
                shutil.copyfile(root / source, STATIC / target)
            if package == LUCIDE:
                (STATIC / "icons.svg").write_text(sprite(root / "icons"), encoding="utf-8")


def unpack(package: str, folder: Path) -> Path:
    """Download one exact version and return the folder of its content."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    archive = folder / subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    with tarfile.open(archive) as tar:
        tar.extractall(folder / archive.stem, filter="data")
    return folder / archive.stem / "package"


def sprite(icons: Path) -> str:
    symbols = [symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join([wrap("brand", BRAND), *symbols]) + "\n</svg>\n"


def symbol(name: str, text: str) -> str:
    """The shapes of one icon; they come from a pinned archive, so parsing them is safe."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    shapes = [ElementTree.tostring(shape, encoding="unicode") for shape in ElementTree.fromstring(text)]  # noqa: S314
    return wrap(name, "".join(shape.replace(' xmlns="http://www.w3.org/2000/svg"', "").strip() for shape in shapes))


def wrap(name: str, shapes: str) -> str:
    """Without stroke and fill: they are inherited from the class `icon`, said once in the stylesheet."""
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


if __name__ == "__main__":
    main()
