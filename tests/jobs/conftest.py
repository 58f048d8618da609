import os

import pytest

from portal.core import outbox
from tests.jobs.house import bare_app
from tests.servers import smtp_server, valkey_server


@pytest.fixture
def app(tmp_path):
    """A portal with nothing in it but the queue, in an application context; no queue server."""
    app = bare_app(tmp_path)
    os.environ["HOUSE"] = str(tmp_path)
    outbox.connect("")
    with app.app_context():
        yield app
    outbox.connect("")


@pytest.fixture
def valkey():
    with valkey_server() as server:
        yield server


@pytest.fixture
def mail_server():
    with smtp_server() as server:
        yield server
