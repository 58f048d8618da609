"""Which test proves which promise of docs/requirements.md.

`python -m tests.requirements_report` prints every requirement that a test names, with its tests.
"""

import io
import re
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).resolve().parent.parent / "docs" / "requirements.md"
ROW = re.compile(r"^\| ([A-Z]{3}-\d+) \|", re.MULTILINE)


@cache
def known() -> frozenset[str]:
    """The ids of all requirements."""
    return frozenset(ROW.findall(CATALOGUE.read_text("utf-8")))


def named_by(item: pytest.Item) -> set[str]:
    """The ids that a test says it proves."""
    return {name for mark in item.iter_markers("req") for name in mark.args}


def unknown_in(items: list[pytest.Item]) -> list[str]:
    """One line for each test that names a requirement which is not there."""
    return [f"{item.nodeid}: {', '.join(sorted(wrong))}" for item in items if (wrong := named_by(item) - known())]


class _Collector:
    """A pytest plugin that keeps what was collected."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for name in named_by(item):
                self.tests[name].add(item.nodeid.partition("[")[0])


def main() -> None:
    found = _Collector()
    with redirect_stdout(io.StringIO()) as said:
        status = pytest.main(["--collect-only", "-qq"], plugins=[found])
    if status:
        sys.exit(said.getvalue())
    lines = [line for name in sorted(found.tests, key=_place) for line in (name, *_tests(found.tests[name]))]
    lines += ["", f"{len(found.tests)} of {len(known())} requirements are named by a test"]
    sys.stdout.write("\n".join(lines) + "\n")


def _place(name: str) -> tuple[str, int]:
    area, _, number = name.partition("-")
    return area, int(number)


def _tests(found: set[str]) -> list[str]:
    return [f"    {test}" for test in sorted(found)]


if __name__ == "__main__":
    main()
