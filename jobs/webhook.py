"""Posting a signed event to the operator's web hook, and to nowhere else.

The name is resolved once and the connection made to that very address, so that a name cannot point to the outside
when it is checked and to the inside when it is used. Redirects are not followed.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, urlsplit

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 64 * 1024


class NotTaken(Exception):
    """The receiver did not take the event, or must not be asked."""


class Pinned(http.client.HTTPConnection):
    """A connection to one address. The certificate is checked against the host's name: only the way there is fixed."""

    def __init__(self, target: SplitResult, address: str) -> None:
        self.tls = ssl.create_default_context() if target.scheme == "https" else None
        self.default_port = 443 if self.tls else 80
        super().__init__(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, secret: str, event_id: str, body: bytes, at: int) -> None:
    """Post the JSON `body`, signed with `secret` at the Unix time `at`. Raises NotTaken or OSError.

    The receiver recomputes HMAC-SHA256 over "<t>.<body>" and compares it with v1 of `Aftercare-Signature: t=…,v1=…`;
    a repeated event carries the same `Aftercare-Event`. A private address is reached only where the URL itself
    names it: that is the operator's own word, where a name that resolves to it may be somebody else's.
    """
    if len(body) > MAX_BYTES:
        raise NotTaken(f"the event has more than {MAX_BYTES} bytes")
    target = urlsplit(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Aftercare",
        "Aftercare-Event": event_id,
        "Aftercare-Signature": f"t={at},v1={signature(secret, at, body)}",
    }
    connection = Pinned(target, _address(target))
    with _at_most(TIMEOUT_SECONDS, connection):
        connection.request("POST", _path(target), body, headers)
        answer = connection.getresponse()
    if not 200 <= answer.status < 300:
        raise NotTaken(f"answered {answer.status}")


def signature(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _path(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _address(target: SplitResult) -> str:
    """The one address that will be connected to. Raises NotTaken for one inside, unless the URL names it."""
    host = target.hostname or ""
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    found = [info[4][0] for info in socket.getaddrinfo(host, target.port, type=socket.SOCK_STREAM)]
    if not all(ipaddress.ip_address(address).is_global for address in found):
        raise NotTaken(f"{host} leads to a private address")
    return found[0]


@contextmanager
def _at_most(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Cut the connection after `seconds` in all: a socket's own timeout starts anew with every byte that drips in."""
    timer = threading.Timer(seconds, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    except http.client.HTTPException as error:
        raise NotTaken(f"did not answer properly ({type(error).__name__})") from error
    finally:
        timer.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)
