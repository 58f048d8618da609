"""The set-up: what it does once, what it does again, and what it says where it can do nothing."""

import os
import re
import subprocess
import sys

import pytest

from scripts import prepare

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "work order"\nmsgstr "工单"\n'


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run."""
    done: list[list[str]] = []
    monkeypatch.setattr(prepare, "_run", lambda command, **environ: done.append(list(map(str, command))))
    return done


def test_a_lock_file_is_installed_once_for_each_content(tmp_path, monkeypatch, run):
    monkeypatch.setattr(prepare, "PROJECT", tmp_path)
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    (tmp_path / "some.lock").write_text("one")
    prepare.install("some.lock")
    prepare.install("some.lock")
    assert len(run) == 1
    assert "--require-hashes" in run[0]
    (tmp_path / "some.lock").write_text("two")
    prepare.install("some.lock")
    assert len(run) == 2


def test_translations_are_compiled_when_they_are_older_than_their_text(tmp_path, monkeypatch):
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(prepare, "PROJECT", tmp_path)
    monkeypatch.setattr(prepare, "PYTHON", sys.executable)
    monkeypatch.setattr(prepare, "TRANSLATIONS", tmp_path)
    (folder / "messages.po").write_text(PO, "utf-8")
    prepare.compile_translations()
    compiled = folder / "messages.mo"
    assert "工单".encode() in compiled.read_bytes()
    made = compiled.stat().st_mtime_ns
    prepare.compile_translations()
    assert compiled.stat().st_mtime_ns == made, "nothing had changed"
    later = compiled.stat().st_mtime + 5
    os.utime(folder / "messages.po", (later, later))
    prepare.compile_translations()
    assert compiled.stat().st_mtime_ns != made


def test_missing_libraries_do_not_hold_up_the_portal_but_are_named(monkeypatch, capsys):
    monkeypatch.setattr(prepare, "_pdf_packages", lambda: ["libpango-1.0-0"])
    monkeypatch.setattr(prepare, "apt_install", lambda packages: None)
    prepare.offer_system_packages()
    assert "apt-get install --no-install-recommends libpango-1.0-0" in capsys.readouterr().out


def test_missing_test_programs_are_said_loudly_and_fail_on_the_build_server(monkeypatch, capsys):
    monkeypatch.setattr(prepare, "_missing_for_tests", lambda: ["postgresql"])
    monkeypatch.setattr(prepare, "_has_chromium", lambda: True)
    monkeypatch.setattr(prepare, "apt_install", lambda packages: None)
    monkeypatch.setenv("CI", "")
    prepare.need_test_programs()
    assert "!!!" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(prepare.SetupError, match="postgresql"):
        prepare.need_test_programs()


def test_the_scripts_need_nothing_but_the_standard_library():
    for script in ("scripts/prepare.py", "portal/syslibs.py"):
        command = [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({script!r})"]
        done = subprocess.run(command, cwd=prepare.PROJECT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock", "scripts/virtualenv.lock"])
def test_lock_files_name_sums_for_all_and_no_place_for_any(name):
    text = (prepare.PROJECT / name).read_text()
    packages = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
    assert packages and all(line.endswith("\\") for line in packages), "each package is followed by its sums"
    assert "://" not in text and "--index" not in text and "--find-links" not in text


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_every_package_that_is_asked_for_is_locked(name):
    locked = set(re.findall(r"^([\w-]+)==", (prepare.PROJECT / f"{name}.lock").read_text(), re.M))
    asked = set(re.findall(r"^([a-z][\w-]*)", (prepare.PROJECT / f"{name}.in").read_text(), re.M))
    assert asked and asked <= locked
