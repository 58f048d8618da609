"""`python -m bench`: build two houses, one small and one large, measure by turns, print tables in Markdown."""

import argparse
import logging
import os
import platform
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.house import build
from bench.measures import MEASURES
from portal.demo.bulk import Size


def main() -> None:
    asked = _asked()
    logging.disable(logging.WARNING)
    names = [name for name in asked.only.split(",") if name] or list(MEASURES)
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        started = time.monotonic()
        small = build(_room(folder, "small"), Size(asked.small, 60, 20))
        large = build(_room(folder, "large"), Size(asked.requests, asked.devices, asked.people))
        _say(f"{asked.requests:,} requests, {asked.devices:,} devices, {asked.people} people against {asked.small}")
        _say(f"built in {time.monotonic() - started:.0f} s; medians of {asked.rounds} rounds by turns")
        _say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
        for name in names:
            _show(MEASURES[name](small, large, asked.rounds))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure a large house against a small one.")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--devices", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--small", type=int, default=200, help="requests in the small house")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--only", default="", help=f"of {', '.join(MEASURES)}; parted by commas")
    return parser.parse_args()


def _room(folder: str, name: str) -> Path:
    room = Path(folder, name)
    room.mkdir()
    return room


def _show(rows: Iterable[tuple[str, ...]]) -> None:
    head, *body = rows
    _say("")
    for row in (head, ["---", *["---:"] * (len(head) - 1)], *body):
        _say("| " + " | ".join(row) + " |")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
