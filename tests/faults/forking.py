"""A web server whose process can be killed many times a second: loaded once, it forks the one that answers.

`python -m tests.faults.forking PORT` serves the portal that the environment describes; a killed process is followed by
the next one at once. The listening socket outlives them, so that nobody is turned away in between.
"""

import os
import signal
import socket
import sys

from werkzeug.serving import make_server

from portal import create_app


def main(port: int) -> None:
    app = create_app()
    listening = socket.create_server(("127.0.0.1", port), backlog=128)
    while True:
        child = os.fork()
        if child == 0:
            signal.alarm(600)  # ends by itself should everybody forget it
            make_server("127.0.0.1", port, app, threaded=True, fd=listening.fileno()).serve_forever()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
