"""The schema has one history; its end is what the models say; it can be walked back and forth with data in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from portal.core.db import Base, db, writing
from portal.core.permissions import SYSTEM
from portal.core.seals import verify
from portal.demo import cast
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.service import create_request
from portal.settings import PROJECT
from tests.conftest import on_postgres, on_sqlite

QUOTED = re.compile(r"'([^']*)'")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal on a database without a table, in its app context."""
    if request.config.getoption("--engine") not in (None, request.param):
        pytest.skip("another engine was asked for")
    on_sqlite_or_postgres = {"sqlite": on_sqlite, "postgresql": on_migrations_postgres}[request.param]
    with on_sqlite_or_postgres(tmp_path_factory) as (app, _, _), app.app_context():
        yield app
        _let_go()


def on_migrations_postgres(factory: pytest.TempPathFactory) -> Any:
    return on_postgres(factory, "migrations")


def _let_go() -> None:
    """Give up every connection, so that tables can be dropped."""
    db.session.remove()
    db.engine.dispose()


def history() -> ScriptDirectory:
    return ScriptDirectory(str(PROJECT / "migrations"))


def test_there_is_one_head_and_one_beginning():
    assert len(history().get_heads()) == 1
    assert len(history().get_bases()) == 1


def test_the_models_are_what_the_history_ends_in(empty_house):
    upgrade()
    check()
    assert checks_of_the_database() == checks_of_the_models()


def checks_of_the_models() -> dict[str, dict[str, set[str]]]:
    """Table → check constraint → the words it allows: Alembic does not compare them, and new states come often."""
    tables = Base.metadata.sorted_tables
    return {t.name: found for t in tables if (found := {str(c.name): _words(c) for c in t.constraints if _named(c)})}


def _named(constraint: Any) -> bool:
    return isinstance(constraint, sa.CheckConstraint)


def _words(constraint: sa.CheckConstraint) -> set[str]:
    sql = constraint.sqltext.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
    return set(QUOTED.findall(str(sql)))


def checks_of_the_database() -> dict[str, dict[str, set[str]]]:
    inspector = sa.inspect(db.engine)
    found = {t.name: inspector.get_check_constraints(t.name) for t in Base.metadata.sorted_tables}
    return {
        table: {c["name"]: set(QUOTED.findall(c["sqltext"])) for c in rows} for table, rows in found.items() if rows
    }


@pytest.mark.timeout(600)  # some forty steps, thrice on each engine
def test_the_history_can_be_walked_back_and_forth_with_data(empty_house):
    upgrade()
    _make_cast()
    for revision in history().walk_revisions():
        before, below = schema(), revision.down_revision or "base"
        downgrade(revision=below)
        upgrade(revision=revision.revision)
        assert schema() ^ before == set(), revision
        downgrade(revision=below)
    upgrade()
    check()
    _make_cast()
    assert verify(db.session()).faults == []


def schema() -> set[tuple[str, str, str]]:
    """All that stands in the database: (kind of thing, table, the thing)."""
    _let_go()
    inspector = sa.inspect(db.engine)
    found = set()
    for kind in ("columns", "indexes", "unique_constraints", "foreign_keys", "check_constraints"):
        for (_, table), things in getattr(inspector, f"get_multi_{kind}")().items():
            found |= {(kind, table, _in_words(thing)) for thing in things}
    _let_go()
    return found


def _in_words(thing: Any) -> str:
    """A thing with its options, which may be SQL."""
    return str({k: {n: str(o) for n, o in v.items()} if isinstance(v, dict) else v for k, v in thing.items()})


def _make_cast() -> None:
    with writing("cast") as session:
        cast.make(session, "no password")
    assert db.session.scalar(sa.select(sa.func.count(Account.id))) == len(cast.STAFF)


def test_a_table_that_others_name_is_rebuilt_with_its_rows(empty_house):
    """On SQLite a column becomes obligatory only by building the table anew."""
    upgrade()
    _make_cast()
    _report_a_fault()
    _let_go()
    downgrade(revision="0011")
    upgrade()
    devices = db.session.execute(sa.select(Device.id, Device.label_code)).all()
    assert {code for _, code in devices} and len({code for _, code in devices}) == len(devices)
    assert db.session.scalars(sa.select(ServiceRequest)).one().device.id in {row.id for row in devices}


def _report_a_fault() -> None:
    with writing("request") as session:
        device = session.scalars(sa.select(Device).order_by(Device.id).limit(1)).one()
        told = {"symptom": "No air", "contact_name": "Sister Li", "contact_phone": "2231"}
        create_request(session, SYSTEM, device, **told)


def test_the_youngest_step_back_loses_no_record(empty_house):
    upgrade()
    _make_cast()
    _let_go()
    if history().get_revision("head").down_revision is None:
        pytest.skip("there is one step only, and its undoing empties the house")
    downgrade(revision="-1")
    upgrade()
    assert db.session.scalar(sa.select(sa.func.count(Account.id))) == len(cast.STAFF)
    assert verify(db.session()).faults == []
