"""Fixtures: both engines, a fresh database per test from a template, the named cast, signed-in browsers.

Core and domain run on SQLite and PostgreSQL; doors run on SQLite. `--engine` chooses one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from portal import cli, create_app, use_keys
from portal.core.db import db, slow_writes, writing
from portal.core.permissions import Person
from portal.demo import cast as demo_cast
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import load, person_of
from portal.domain.devices.models import Device
from portal.settings import Settings
from portal.settings import load as load_settings
from tests import requirements_report
from tests.servers import postgres_server

PASSWORD = "correct horse battery staple"
BOTH_ENGINES = ("tests/core", "tests/domain", "tests/faults/test_at_once.py", "tests/faults/test_lock.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), help="run core and domain on this engine only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--engine")
    path = str(metafunc.definition.path.relative_to(metafunc.config.rootpath))
    engines = ["sqlite", "postgresql"] if path.startswith(BOTH_ENGINES) else ["sqlite"]
    metafunc.parametrize("engine", [e for e in engines if chosen in (None, e)], indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if wrong := requirements_report.unknown_in(items):
        raise pytest.UsageError("docs/requirements.md does not know these:\n" + "\n".join(wrong))
    items.sort(key=_seconds_allowed, reverse=True)  # the longest begin first, so that no worker ends alone with them


def _seconds_allowed(item: pytest.Item) -> float:
    longer = item.get_closest_marker("timeout")
    return longer.args[0] if longer else 0


@dataclass
class Engine:
    """One database engine with a template that every test starts from."""

    app: Flask
    reset: Any


@pytest.fixture(scope="session")
def cheap_hash() -> str:
    """The hash of PASSWORD, at parameters that cost nothing."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory, cheap_hash: str) -> Iterator[Callable[[str], Engine]]:
    """Makes an engine when it is first asked for, and keeps it: files take turns with both."""
    makers = {"sqlite": on_sqlite, "postgresql": on_postgres}
    with ExitStack() as stack:

        @cache
        def engine_of(name: str) -> Engine:
            app, keep_template, reset = stack.enter_context(makers[name](tmp_path_factory))
            with app.app_context():
                upgrade()
                with writing("cast") as session:
                    demo_cast.make(session, cheap_hash)
                db.session.remove()
                db.engine.dispose()
            keep_template()
            return Engine(app, reset)

        yield engine_of


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, engines: Callable[[str], Engine]) -> Engine:
    return engines(request.param)


def _settings(data_dir: Path, database_url: str) -> Settings:
    environ = {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": f"unix://{data_dir}/nobody-listens.sock",
        "SECRET_KEY": "s" * 40,
        "AUDIT_KEY": "a" * 40,
    }
    return load_settings(environ)


def _app(settings: Settings) -> Flask:
    app = create_app(settings)
    cli.add_migrations(app)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


@contextmanager
def on_sqlite(factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Any, Any]]:
    """A portal on an empty SQLite file, with the functions that keep it as a template and go back to that."""
    folder = factory.mktemp("sqlite")
    live, template = folder / "live.db", folder / "template.db"
    app = _app(_settings(folder, f"sqlite:///{live}"))

    def keep_template() -> None:
        with app.app_context():
            db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
        shutil.copy(live, template)

    def reset() -> None:
        for end in ("-wal", "-shm"):
            Path(f"{live}{end}").unlink(missing_ok=True)
        shutil.copy(template, live)

    yield app, keep_template, reset


@contextmanager
def on_postgres(factory: pytest.TempPathFactory, name: str = "cast") -> Iterator[tuple[Flask, Any, Any]]:
    """The same on PostgreSQL, with databases of this worker's own that begin with `name`."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    shared = factory.getbasetemp().parent if worker != "main" else factory.getbasetemp()
    with postgres_server(shared) as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        live, template = f"{name}_{worker}", f"{name}_template_{worker}"

        def run(*statements: str) -> None:
            with admin.connect() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)

        run(f"DROP DATABASE IF EXISTS {live} WITH (FORCE)", f"CREATE DATABASE {live}")
        app = _app(_settings(factory.mktemp("postgres"), str(sa.make_url(url).set(database=live)).replace("***", "")))

        def keep_template() -> None:
            run(f"DROP DATABASE IF EXISTS {template} WITH (FORCE)", f"CREATE DATABASE {template} TEMPLATE {live}")

        def reset() -> None:
            run(f"DROP DATABASE IF EXISTS {live} WITH (FORCE)", f"CREATE DATABASE {live} TEMPLATE {template}")

        yield app, keep_template, reset
        admin.dispose()


@pytest.fixture
def app(engine: Engine) -> Iterator[Flask]:
    """The portal on a fresh copy of the template, in its app context."""
    engine.reset()
    use_keys(engine.app.extensions["settings"])
    slow_writes.clear()
    with engine.app.app_context():
        yield engine.app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Any:
    """The session, for reading; write through `writing()`."""
    return db.session


class People:
    """The named cast: `people.officer` is the acting person, `people.account("officer")` the account."""

    def account(self, key: str) -> Account:
        return db.session.execute(sa.select(Account).where(Account.email == f"{key}@example.com")).scalar_one()

    def __getattr__(self, key: str) -> Person:
        if key.startswith("_"):
            raise AttributeError(key)
        return person_of(load(db.session, self.account(key).id))


@pytest.fixture
def people(app: Flask) -> People:
    return People()


@pytest.fixture
def device(app: Flask) -> Device:
    """A ventilator at the main campus of the first hospital, served by the company's own centre."""
    return db.session.execute(sa.select(Device).order_by(Device.id).limit(1)).scalar_one()


class Browser:
    """A test client with a person signed in; keeps nothing between tests."""

    def __init__(self, app: Flask, key: str | None) -> None:
        self.app, self.client = app, app.test_client()
        if key:
            answer = self.client.post("/sign-in", data={"email": f"{key}@example.com", "password": PASSWORD})
            assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(path, data=data or {}, **options)


@pytest.fixture
def browser(app: Flask) -> Any:
    """`browser("officer")` signs the officer in; `browser(None)` is a stranger."""
    return lambda key: Browser(app, key)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()
