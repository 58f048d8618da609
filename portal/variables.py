"""What the value of a setting may look like: one function a kind.

Each takes the text from the environment, gives the value, and raises Wrong with the reason. The text may be a secret,
so no reason quotes it.
"""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

MAX_SOCKET_PATH = 107  # bytes; the kernel's sockaddr_un holds 108 with the closing zero
MIN_SECRET = 32  # characters
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Wrong(ValueError):
    """Why a value cannot be used, in words that follow the variable's name."""


def address(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
        raise Wrong("must be an address and a port, such as 127.0.0.1:8000 or [::1]:8000")
    return text


def web_address(text: str) -> str:
    parts = urlsplit(text)
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or beyond or parts.port == 0:
        raise Wrong("must be http:// or https:// and a host, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise Wrong("begins with the home of a user that there is not") from None


def database(text: str) -> str:
    for scheme in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if text.startswith(scheme):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    if not text.startswith("sqlite:///") or ":memory:" in text or text == "sqlite:///":
        raise Wrong("must begin with postgresql:// or be sqlite:/// and the path of a file")
    return f"sqlite:///{folder(text.removeprefix('sqlite:///'))}"


def optional_database(text: str) -> str:
    return database(text) if text else ""


def queue(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "unix":
        if len(os.fsencode(parts.path)) > MAX_SOCKET_PATH:
            raise Wrong(f"names a socket of more than {MAX_SOCKET_PATH} bytes, which the system cannot open")
    elif parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise Wrong("must begin with redis://, rediss:// or unix://")
    return text


def mail(text: str) -> str:
    if urlsplit(text).scheme not in ("file", "smtp", "smtps") or (not text.startswith("file:") and not mail_port(text)):
        raise Wrong("must be file:, or smtp:// or smtps:// with user:password@host:port as far as needed")
    return text


def sender(text: str) -> str:
    if "@" not in text or "\n" in text or "\r" in text:
        raise Wrong("must hold an e-mail address")
    return text


def addresses(text: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    if any("@" not in each or any(character.isspace() for character in each) for each in found):
        raise Wrong("must be e-mail addresses, parted by commas")
    return found


def secret_text(text: str) -> str:
    if len(text) < MIN_SECRET:
        raise Wrong(f"must have at least {MIN_SECRET} characters")
    return text


def old_secrets(text: str) -> tuple[str, ...]:
    return tuple(secret_text(part) for part in text.split())


def readable_file(text: str) -> Path | None:
    if not text:
        return None
    path = folder(text)
    if not os.access(path, os.R_OK) or not path.is_file():
        raise Wrong("must name a file that can be read")
    return path


def networks(text: str) -> tuple[str, ...]:
    parts = text.replace(",", " ").split()
    try:
        return tuple(str(ipaddress.ip_network(part)) for part in parts)
    except ValueError:
        raise Wrong("must be addresses or networks, such as 10.0.0.4 or 10.0.0.0/24, parted by commas") from None


def optional_web_hook(text: str) -> str:
    if text and (urlsplit(text).scheme != "https" or not urlsplit(text).hostname):
        raise Wrong("must begin with https://")
    return text


def log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise Wrong(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def is_loopback(bind: str) -> bool:
    host = _host(bind)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_everywhere(bind: str) -> bool:
    """Whether `bind` names every address of the machine (0.0.0.0 or ::) rather than one."""
    try:
        return ipaddress.ip_address(_host(bind)).is_unspecified
    except ValueError:
        return False


def mail_port(mail_url: str) -> int:
    parts = urlsplit(mail_url)
    return (parts.port or {"smtp": 25, "smtps": 465}.get(parts.scheme, 0)) if parts.hostname else 0


def _host(bind: str) -> str:
    return bind.rpartition(":")[0].strip("[]")
