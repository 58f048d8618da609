"""Reading the portal's own source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from portal.settings import PROJECT

FOLDERS = ("portal", "jobs")
OF_PYTHON = ("portal", "jobs", "tests", "scripts", "bench", "migrations/env.py", "wsgi.py")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the running portal, parsed, by its path within the project."""
    files = [path for folder in FOLDERS for path in sorted((PROJECT / folder).rglob("*.py"))]
    return {str(path.relative_to(PROJECT)): ast.parse(path.read_text("utf-8")) for path in files}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the portal: where ("portal/x.py:7"), the dotted name of what is called, and the call."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", dotted(node.func), node


def dotted(node: ast.expr) -> str:
    """A name as it is written, `a.b.c`; what is computed counts as `?`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case _:
            return "?"


def literal(node: ast.expr) -> str:
    """The text of a literal, with the fixed parts of an f-string; empty for anything else."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def files(*endings: str) -> list[Path]:
    """The files of the portal with one of these endings."""
    return [p for folder in FOLDERS for p in sorted((PROJECT / folder).rglob("*")) if p.suffix in endings]
