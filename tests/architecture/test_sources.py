"""Habits of the source that no tool of others looks after."""

import ast
import re

import pytest

from tests.architecture.sources import calls, dotted, files, literal, modules

CHANGES = re.compile(r"^\s*(insert|update|delete|replace|truncate|drop|alter|create)\b", re.IGNORECASE)


def test_no_table_is_written_by_plain_sql():
    """The guard sees statements that SQLAlchemy builds; plain text would pass it by."""
    runs = ("text", "exec_driver_sql", "execute", "executemany")
    found = [w for w, name, call in calls() if name.rpartition(".")[2] in runs and any(map(_changes, call.args))]
    assert found == []


def _changes(argument: ast.expr) -> bool:
    return bool(CHANGES.match(literal(argument)))


@pytest.mark.parametrize(
    ("names", "only_in"),
    [
        (("datetime.now", "datetime.utcnow", "datetime.today", "date.today"), {"portal/core/clock.py"}),
        (("time.time",), {"portal/core/files/incoming.py"}),  # the age of files, by the clock that stamped them
        (("Markup",), {"portal/web/countdown.py", "portal/web/filters.py", "portal/web/macros.py"}),
        (("render_template_string",), set()),
        (("print", "input", "eval", "exec", "os.system", "os.popen"), set()),
        (("pickle.loads", "pickle.load", "marshal.loads", "yaml.load"), set()),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_it_is_called_only_where_it_belongs(names, only_in):
    found = {where for where, name, _ in calls() if name in names or name.endswith(tuple(f".{n}" for n in names))}
    assert {where for where in found if where.partition(":")[0] not in only_in} == set()


def test_the_core_never_looks_at_the_request():
    from_flask = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path.startswith(("portal/core", "portal/domain"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("flask", "werkzeug")
    }
    assert from_flask == set()


def test_what_stands_in_the_source_is_finished():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplemented")
    unfinished = [path for path in files(".py", ".html", ".css") if words.search(path.read_text("utf-8"))]
    assert unfinished == []


def test_every_module_says_what_it_is():
    silent = [path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_every_route_is_made_by_a_door():
    """`route` and its like would open a way in that names no access."""
    ways = ("route", "get", "post", "put", "patch", "delete")
    found = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and path.startswith("portal/blueprints"):
                names = [dotted(d.func) for d in node.decorator_list if isinstance(d, ast.Call)]
                found += [f"{path}:{node.lineno}" for name in names if name.rpartition(".")[2] in ways]
    assert found == []
