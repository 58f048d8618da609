"""The system libraries that the PDF engine loads, looked for without loading the engine.

Standard library only: the set-up runs this file by itself, before anything is installed, and it prints the missing
Debian packages one a line.
"""

import ctypes
import sys

PACKAGES = {
    "libgobject-2.0.so.0": "libpango-1.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libpangoft2-1.0-0",
    "libfontconfig.so.1": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Which package brings each library, itself or by what it needs; the names hold on Debian 12 and 13 and Ubuntu."""


def missing() -> list[str]:
    """The Debian packages whose library cannot be loaded; empty when PDFs can be made."""
    return sorted({package for library, package in PACKAGES.items() if not _loads(library)})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.writelines(f"{package}\n" for package in missing())
