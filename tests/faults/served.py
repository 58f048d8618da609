"""The portal behind its real web server, and somebody at a browser without scripts in front of it."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.settings import PROJECT, load
from scripts.serve import serves, web_command
from tests.conftest import PASSWORD
from tests.servers import free_port

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Web:
    """The portal's web server on the database of `app`: granian as ./run starts it, or one that forks its workers."""

    app: Flask
    forking: bool = False
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def environ(self) -> dict[str, str]:
        settings = self.app.extensions["settings"]
        names = ("data_dir", "database_url", "redis_url", "secret_key", "audit_key")
        given = {name.upper(): str(getattr(settings, name)) for name in names}
        return given | {"BIND": f"127.0.0.1:{self.port}", "LOG_LEVEL": "ERROR", "PATH": os.environ["PATH"]}

    @property
    def log(self) -> Path:
        return self.app.extensions["settings"].data_dir / "web.log"

    def start(self) -> None:
        settings = load(self.environ)
        words = (
            [sys.executable, "-m", "tests.faults.forking", str(self.port)] if self.forking else web_command(settings)
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=PROJECT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 90
        while not serves(settings, 0.1):
            assert time.monotonic() < until, self.log.read_text()[-3000:]

    def workers(self) -> list[int]:
        """The processes that answer people."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill_worker(self, number: int = 0) -> bool:
        """Kill one worker, if there is one at the moment."""
        with suppress(ProcessLookupError, FileNotFoundError):
            if pids := self.workers():
                os.kill(pids[number % len(pids)], signal.SIGKILL)
                return True
        return False

    def kill(self) -> None:
        """Kill all of it at once, as a machine does that runs out of memory or power."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Answer(NamedTuple):
    status: int
    location: str
    text: str


@dataclass
class Visitor:
    """Keeps a cookie and the token of the last page, follows no redirect. A file in a form is (stream, name).

    Raises OSError or HTTPException when cut off.
    """

    port: int
    cookie: str = ""
    token: str = ""

    def sign_in(self, key: str) -> None:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"email": f"{key}@example.com", "password": PASSWORD})
        assert answer.status == 303, answer.text[:2000]

    def get(self, path: str) -> Answer:
        answer = self._exchange("GET", path, b"", {})
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, form: Mapping[str, Any], *, read: bool = True) -> Answer | None:
        """Send a form; with `read=False` hang up without waiting for the answer."""
        body, kind = self._encode({"csrf_token": self.token, **form})
        return self._exchange("POST", path, body, {"Content-Type": kind}, read=read)

    def send_half(self, path: str, form: Mapping[str, Any]) -> None:
        """Promise the whole form, send half of it, hang up."""
        body, kind = self._encode({"csrf_token": self.token, **form})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest("POST", path)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "Cookie": self.cookie}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[: len(body) // 2])
        connection.close()

    @staticmethod
    def _encode(form: Mapping[str, Any]) -> tuple[bytes, str]:
        if all(isinstance(value, str) for value in form.values()):
            return urlencode(form).encode(), "application/x-www-form-urlencoded"
        files = {n: FileStorage(v[0], v[1], n) if isinstance(v, tuple) else v for n, v in form.items()}
        boundary, body = encode_multipart(files)
        return body, f'multipart/form-data; boundary="{boundary}"'

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str], *, read: bool = True) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers | {"Cookie": self.cookie})
            if not read:
                return None
            response = connection.getresponse()
            if cookie := response.getheader("Set-Cookie"):
                self.cookie = cookie.partition(";")[0]
            return Answer(response.status, response.getheader("Location", ""), response.read().decode())
        finally:
            connection.close()
