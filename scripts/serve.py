"""Runs the whole portal on this machine: queue server, worker, tick and web, until Ctrl-C.

What ./run goes on with once everything is set up.
"""

import argparse
import fcntl
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from portal.settings import PROJECT, Settings, SettingsError, load, queue_socket
from scripts import queue_server
from scripts.supervisor import Child, StartFailed, Supervisor, say

WEB_WORKERS = 2
WEB_THREADS = 4  # with one, four slow requests hold up a trivial page for seconds
FLASK = [sys.executable, "-m", "flask", "--app", "portal"]


class CannotStart(Exception):
    """Why the portal does not start, in words for the person at the keyboard."""


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    try:
        settings = load(os.environ)
        with only_copy(settings.data_dir):
            check_address(settings)
            prepare_data(settings, empty=options.empty)
            Supervisor(children(settings, os.environ)).run(lambda: welcome(settings))
    except SettingsError as error:
        sys.exit("These settings need a change:\n" + "\n".join(f"- {problem}" for problem in error.problems))
    except (CannotStart, StartFailed) as error:
        sys.exit(f"Aftercare did not start: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def children(settings: Settings, environ: Mapping[str, str]) -> list[Child]:
    """What runs, in the order of starting; the queue server only where no other one was named."""
    own = [] if environ.get("REDIS_URL") or environ.get("REDIS_URL_FILE") else [bundled_queue(settings)]
    return [
        *own,
        Child("worker", [sys.executable, "-m", "jobs.worker"]),
        Child("tick", [sys.executable, "-m", "jobs.tick"]),
        Child("web", web_command(settings), ready=lambda seconds: serves(settings, seconds), patience=120),
    ]


def bundled_queue(settings: Settings) -> Child:
    path, folder = queue_socket(settings.data_dir), settings.data_dir / "queue"
    queue_server.make_folders(path, folder)
    return Child("queue", queue_server.command(path, folder), ready=lambda seconds: queue_server.answers(path, seconds))


def web_command(settings: Settings) -> list[str]:
    host, port = host_and_port(settings.bind)
    options = {
        "interface": "wsgi",
        "host": host,
        "port": str(port),
        "workers": str(WEB_WORKERS),
        "blocking-threads": str(WEB_THREADS),
        "workers-kill-timeout": "10",  # seconds, within the supervisor's grace
        "respawn-interval": "1",
        "log-level": "debug" if settings.log_level == "DEBUG" else "warning",
    }
    if settings.tls_cert:
        options |= {"ssl-certificate": str(settings.tls_cert), "ssl-keyfile": str(settings.tls_key)}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "granian", *words, "--respawn-failed-workers", "--no-ws", "wsgi:app"]


def prepare_data(settings: Settings, empty: bool) -> None:
    """Brings the database up to date and, on the first start of this DATA_DIR, fills it or leaves it empty."""
    note = settings.data_dir / "contents"
    known = note.read_text().strip() if note.exists() else ""
    if known == "demo" and empty:
        raise CannotStart(f"{settings.data_dir} holds demo data. Give --empty another DATA_DIR.")
    wanted = known or ("empty" if empty else "demo")
    if wanted == "demo" and not settings.on_loopback:
        raise CannotStart(
            "demo data is for this machine only, and BIND reaches beyond it. Use --empty, with a DATA_DIR of its own."
        )
    run_step("bringing the database up to date", [*FLASK, "db", "upgrade"])
    if wanted == "demo" and not known:
        run_step("loading demo data, which takes a moment", [*FLASK, "demo"])
    note.write_text(wanted + "\n")


def welcome(settings: Settings) -> None:
    """What a person needs to go on: the address, and who may sign in."""
    lines = ["", f"Aftercare runs at {settings.public_url}    Ctrl-C stops it.", ""]
    logins = settings.data_dir / "demo-logins"
    if logins.exists():
        lines += ["Demo logins:", logins.read_text("utf-8").rstrip(), ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    if (settings.data_dir / "contents").read_text().strip() == "empty":
        _flask("first-admin")
    _flask("doctor", "--problems")


@contextmanager
def only_copy(data_dir: Path) -> Iterator[None]:
    """Holds the lock of `data_dir`. The kernel frees it when this process ends, however it ends."""
    with (data_dir / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(f"it runs already, as process {file.read().strip()}, in {data_dir}.") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_address(settings: Settings) -> None:
    host, port = host_and_port(settings.bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(f"{settings.bind} cannot be used ({error.strerror}). Choose another BIND.") from None


def serves(settings: Settings, within: float) -> bool:
    """Whether the web server answers over HTTP; waits `within` seconds when it does not. Raises StartFailed on errors.

    A connection alone proves nothing: the socket is open before the portal is loaded.
    """
    host, port = host_and_port(settings.bind)
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 a place to knock at, not to listen on
    try:
        if settings.tls_cert:
            connection = HTTPSConnection(near, port, timeout=5, context=ssl._create_unverified_context())  # noqa: S323
        else:
            connection = HTTPConnection(near, port, timeout=5)
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.public_url).netloc})
        status = connection.getresponse().status
    except (OSError, HTTPException):
        time.sleep(within)
        return False
    if status >= 500:
        raise StartFailed(f"web answers with error {status}; its own words stand above.")
    return True


def host_and_port(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def run_step(words: str, command: list[str]) -> None:
    """Runs a command whose output matters only when it fails."""
    say(words)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603
    if done.returncode:
        sys.stdout.write(done.stdout.decode(errors="replace"))
        raise CannotStart(f"{words} failed; its own words stand above.")


def _flask(*words: str) -> None:
    subprocess.run([*FLASK, *words], start_new_session=True)  # noqa: S603


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Sets up what is missing, then runs the portal.")
    parser.add_argument(
        "--empty",
        action="store_true",
        help="no demo data; prints a link, good once, that makes the first administrator: the start of real use",
    )
    return parser.parse_args()


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.chdir(PROJECT)
    main()
