"""Sets up what is missing, and only that: `prepare.py [--tests] [--then words for the project's Python…]`.

Standard library only, because it runs before anything is installed. Nothing is put outside the project's folder but
packages of the system, and those only where this user may install them. A second run takes a fraction of a second.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = PROJECT / ".tools"
TRANSLATIONS = PROJECT / "portal" / "translations"

BROWSERS = TOOLS / "browsers"  # tests/servers.py looks here too
PDF_READERS = {"pdftotext": "poppler-utils", "qpdf": "qpdf"}


class SetupError(Exception):
    """What is missing and how to get it, in words for the person at the keyboard."""


def main(arguments: list[str]) -> None:
    at = arguments.index("--then") if "--then" in arguments else len(arguments)
    for_tests, words = "--tests" in arguments[:at], arguments[at + 1 :]
    os.chdir(PROJECT)
    signal.signal(signal.SIGTERM, _end)
    try:
        prepare(for_tests)
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)
    if words:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.execv(PYTHON, [str(PYTHON), *words])  # noqa: S606 the same process goes on, so that signals reach it


def prepare(for_tests: bool) -> None:
    make_environment()
    install("requirements.lock")
    offer_system_packages()
    compile_translations()
    if for_tests:
        install("requirements-test.lock")
        need_test_programs()


def make_environment() -> None:
    """`.venv`, by the venv module, or where Debian left that out, by a virtualenv of our own."""
    if _works(PYTHON):
        return
    say("making .venv")
    if not _has_venv():
        apt_install(["python3-venv"], only_for="/usr/bin/python3")
    if _has_venv():
        _run([sys.executable, "-m", "venv", "--clear", VENV])
    elif _succeeds([sys.executable, "-m", "pip", "--version"]):
        _run([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--target", TOOLS,
              "-r", "scripts/virtualenv.lock"])  # fmt: skip
        _run([sys.executable, "-m", "virtualenv", "-q", "--clear", VENV], PYTHONPATH=str(TOOLS))
    else:
        raise SetupError("Python here can neither make a virtual environment nor install one.\n"
                         "As root: apt-get install python3-venv")  # fmt: skip


def install(lock: str) -> None:
    """The packages of a lock file, once for each content of it; pip refuses what has another checksum."""
    stamp, wanted = VENV / f".{lock}", _stamp(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"installing the packages of {lock}")
    _run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--require-hashes",
          "--no-deps", "-r", lock])  # fmt: skip
    stamp.write_text(wanted)


def offer_system_packages() -> None:
    """The libraries of the PDF engine. The portal runs without them, only without PDFs."""
    if missing := _pdf_packages():
        apt_install(missing)
    if missing := _pdf_packages():
        say(f"no PDFs: as root, apt-get install --no-install-recommends {' '.join(missing)}")


def compile_translations() -> None:
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            say(f"compiling {source.relative_to(PROJECT)}")
            _run([PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source, "-o", compiled])


def need_test_programs() -> None:
    """Chromium, PostgreSQL and PDF readers. Where they cannot be had, tests are left out: said loudly, never in CI."""
    if missing := _missing_for_tests():
        # One by one: a name that this system does not know must not keep the others away.
        for package in missing:
            apt_install([package])
        if not _has_chromium():
            say("fetching Chromium")
            _succeeds([PYTHON, "-m", "playwright", "install", "chromium"], PLAYWRIGHT_BROWSERS_PATH=str(BROWSERS))
    if missing := _missing_for_tests():
        words = f"Not all tests can run. As root: apt-get install --no-install-recommends {' '.join(missing)}"
        if os.environ.get("CI") == "true":
            raise SetupError(words)
        say(f"{'!' * 72}\n{words}\n{'!' * 72}")


def _missing_for_tests() -> list[str]:
    missing = [package for program, package in PDF_READERS.items() if not shutil.which(program)]
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    if not _has_chromium():
        missing.append("chromium")
    return missing


def _has_chromium() -> bool:
    """Ubuntu's package is a mere pointer to a snap, so that only starting it tells."""
    return any(BROWSERS.glob("chromium-*/*/chrome")) or _succeeds(["chromium", "--version"])


def apt_install(packages: list[str], only_for: str | None = None) -> None:
    """Installs Debian packages where this user may, silently does nothing elsewhere; the caller looks again.

    `only_for`: the Python that they would serve; another one has no use for them.
    """
    if only_for and Path(sys.executable).resolve() != Path(only_for).resolve():
        return
    sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not _succeeds([*sudo, "true"])):
        return
    say(f"apt-get install {' '.join(packages)}")
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        # A third-party source that cannot be reached fails the update, yet the packages may still be had.
        done = subprocess.run([*apt, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
        if done.returncode:
            say("\n".join(done.stdout.strip().splitlines()[-5:]))


def _pdf_packages() -> list[str]:
    # A process of its own: the linker of a running one does not see a library that has just been installed.
    return subprocess.run([sys.executable, "portal/syslibs.py"], capture_output=True, text=True).stdout.split()


def _has_venv() -> bool:
    return _succeeds([sys.executable, "-c", "import ensurepip, venv"])


def _works(python: Path) -> bool:
    return _succeeds([python, "-m", "pip", "--version"])


def _stamp(lock: str) -> str:
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{version} {hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()}"


def _succeeds(command: list, **environ: str) -> bool:
    if not shutil.which(command[0]):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, env=os.environ | environ, **quiet).returncode == 0  # noqa: S603


def _run(command: list, **environ: str) -> None:
    if subprocess.run(command, env=os.environ | environ).returncode:  # noqa: S603
        raise SetupError(f"This failed, its own words stand above: {' '.join(map(str, command))}")


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def say(words: str) -> None:
    sys.stdout.write(f"· {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
