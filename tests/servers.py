"""The real neighbours of the portal, for tests: PostgreSQL, Valkey, a mail server, Chromium.

Plain functions and context managers; the fixtures that use them stand in conftest.py.
"""

import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as MAIL_POLICY
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts import queue_server

BROWSERS = Path(__file__).resolve().parent.parent / ".tools" / "browsers"
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}


def chromium_path() -> str | None:
    """Chromium (start it with --no-sandbox only as root): what ./test fetched, else the system's; None without one."""
    fetched = next(BROWSERS.glob("chromium-*/*/chrome"), None)
    return str(fetched) if fetched else shutil.which("chromium")


def postgres_bin() -> Path | None:
    """The folder of the newest installed PostgreSQL's programs, or None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def postgres_server(shared: Path) -> Iterator[str]:
    """One PostgreSQL for all processes that name the same `shared` folder; the last one out stops it.

    Yields the URL of its superuser's database; put another database's name before the `?` as needed. The server
    keeps nothing safe (no fsync). Raises FileNotFoundError where PostgreSQL is not installed.
    """
    shared.mkdir(parents=True, exist_ok=True)
    with _locked(shared / "postgres.lock"):
        home, users = _users(shared)
        if not users:
            home = _start_postgres()
        _note_users(shared, home, [*users, os.getpid()])
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        with _locked(shared / "postgres.lock"):
            home, users = _users(shared)
            users.remove(os.getpid())
            _note_users(shared, home, users)
            if not users:
                _postgres(home, "pg_ctl", "stop", "-m", "immediate", "-D", f"{home}/data")
                shutil.rmtree(home, ignore_errors=True)


def _start_postgres() -> Path:
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: the socket's path may have 107 bytes
    owner = _postgres_user()
    if owner:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    _postgres(home, "initdb", "-D", f"{home}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
              "--no-sync")  # fmt: skip
    options = " ".join(f"-c {name}='{value}'" for name, value in POSTGRES_OPTIONS.items())
    _postgres(home, "pg_ctl", "start", "-w", "-D", f"{home}/data", "-l", f"{home}/log", "-o",
              f"{options} -c unix_socket_directories={home}")  # fmt: skip
    return home


def _postgres(home: Path, program: str, *words: str) -> None:
    programs = postgres_bin()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
    owner = _postgres_user()
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    # Output goes to a file: the server would hold a pipe open for as long as it lives.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run([programs / program, *words], cwd=home, stdout=output, stderr=output, **who)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")


def _postgres_user() -> pwd.struct_passwd | None:
    """The user under whom a root process must start PostgreSQL, which refuses to run as root."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _users(shared: Path) -> tuple[Path, list[int]]:
    """The running server's folder and the processes that use it; a killed one no longer counts."""
    note = shared / "postgres.json"
    if not note.exists():
        return Path(), []
    known = json.loads(note.read_text())
    return Path(known["home"]), [pid for pid in known["users"] if Path(f"/proc/{pid}").exists()]


def _note_users(shared: Path, home: Path, users: list[int]) -> None:
    (shared / "postgres.json").write_text(json.dumps({"home": str(home), "users": users}))


@dataclass
class Valkey:
    """A real queue server that a test may stop, kill, empty and start again. `url` stays the same throughout."""

    home: Path
    process: subprocess.Popen | None = None

    @property
    def socket(self) -> Path:
        return self.home / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        self.process = subprocess.Popen(queue_server.command(self.socket, self.home), stdout=subprocess.DEVNULL)
        if not queue_server.answers(self.socket, within=10):
            raise RuntimeError("Valkey does not answer")

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(with_signal)
            self.process.wait(10)
            self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


@contextmanager
def valkey_server() -> Iterator[Valkey]:
    """A queue server of one's own, on a unix socket."""
    with tempfile.TemporaryDirectory(prefix="vk-", dir="/tmp") as home:
        server = Valkey(Path(home))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Received:
    """One mail as the server took it: the envelope's addresses and the parsed message."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class MailServer:
    """A real SMTP server on loopback. Set `refusal` to an SMTP answer ("451 try later") to have mails refused."""

    port: int
    received: list[Received] = field(default_factory=list)
    refusal: str | None = None
    refused: int = 0
    controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    def wait_for(self, count: int, within: float = 10) -> list[Received]:
        """The mails received, once there are `count` of them. Raises AssertionError when they do not come."""
        deadline = time.monotonic() + within
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} mails came"
            time.sleep(0.02)
        return self.received

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            self.refused += 1
            return self.refusal
        message = BytesParser(policy=MAIL_POLICY).parsebytes(envelope.content)
        self.received.append(Received(envelope.mail_from, envelope.rcpt_tos, message))
        return "250 taken"


@contextmanager
def smtp_server() -> Iterator[MailServer]:
    """A mail server of one's own; what it took stands in `received`."""
    server = MailServer(free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A TCP port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
