"""Who may import whom, and what a web process does not load."""

import json
import subprocess
import sys

import pytest

from portal.settings import PROJECT
from tests.architecture.sources import OF_PYTHON

TOO_HEAVY = ("weasyprint", "fontTools", "pyhanko", "rq", "alembic", "pypinyin", "pytest", "playwright", "bench", "jobs")


def test_modules_import_downwards_only():
    """In a process of its own: the linter silences every logger that it finds."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_source_is_in_style():
    paths = [path for path in OF_PYTHON if (PROJECT / path).exists()]
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "--output-format=concise", *paths]
    done = subprocess.run(ruff, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> set[str]:
    """The top-level packages and modules of a fresh process that has opened the portal."""
    code = "import json, sys; from portal import create_app; create_app(); print(json.dumps(sorted(sys.modules)))"
    environ = {"DATA_DIR": str(tmp_path_factory.mktemp("data")), "LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", TOO_HEAVY)
def test_a_web_process_does_not_load(name, loaded):
    assert "portal.web.pages" in loaded
    assert name not in loaded
