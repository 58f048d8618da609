"""Health and the doctor: each thing that can be wrong is made wrong, and must be found and named."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal import doctor, health
from portal.core import outbox, schedules
from portal.core.db import Base, db, prepare, writing
from portal.settings import Settings, load
from tests.servers import free_port, postgres_bin, postgres_server, smtp_server, valkey_server

MACHINERY = [each.__table__ for each in (outbox.OutboxRow, schedules.ScheduleSlot, schedules.SignOfLife)]
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@contextmanager
def portal(home: Path, **environ: str) -> Iterator[Settings]:
    """An application with nothing but a database, in its context; yields its settings."""
    settings = load({"DATA_DIR": str(home), **environ})
    app = Flask("bare")
    app.extensions["settings"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"connect_timeout": 2}} if not settings.is_sqlite else {}
    app.cli.add_command(doctor.doctor)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        try:
            yield settings
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with portal(tmp_path) as settings:
        Base.metadata.create_all(db.engine, tables=MACHINERY)
        yield settings


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def test_all_neighbours_there_is_ready_and_nothing_degraded(settings):
    with valkey_server() as server, writing() as session:
        schedules.sign(session, "tick")
        session.commit()
        assert health.report(replace(settings, redis_url=server.url)) == health.Report(True, ())


def test_without_the_queue_pages_are_served_and_it_is_named(settings):
    with writing() as session:
        schedules.sign(session, "tick")
    started = time.monotonic()
    assert health.report(settings) == health.Report(True, ("queue",))
    assert time.monotonic() - started < 3


def test_without_the_database_nothing_is_ready_and_nothing_is_raised(tmp_path):
    with portal(tmp_path, DATABASE_URL=NOWHERE) as settings:
        report = health.report(settings)
    assert not report.ready
    assert set(report.degraded) >= {"database", "queue", "worker", "tick"}


def test_work_that_nobody_takes_up_is_named(settings):
    with writing() as session:
        row = outbox.put(session, "mail.send", {})
        session.flush()
        session.execute(sa.text("UPDATE outbox SET created_at = '2020-01-01 00:00:00.000000'"))
        assert row.id
    assert not health.worker(settings).ok


def test_a_data_folder_that_is_gone_or_full_is_named(settings, monkeypatch):
    assert health.data_folder(settings).ok
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    assert not health.data_folder(settings).ok
    gone = health.data_folder(replace(settings, data_dir=settings.data_dir / "gone"))
    assert not gone.ok and "DATA_DIR" in gone.remedy


def test_missing_pdf_libraries_are_named_with_what_brings_them(settings, monkeypatch):
    monkeypatch.setattr(health, "_missing_libraries", lambda: ("libpango-1.0-0",))
    finding = health.pdf_engine(settings)
    assert not finding.ok and finding.remedy.endswith("libpango-1.0-0")


def test_secrets_that_others_may_read_are_named(settings):
    assert doctor.kept_secrets(settings).ok
    (settings.data_dir / "audit-key").chmod(0o640)
    finding = doctor.kept_secrets(settings)
    assert not finding.ok and finding.remedy == f"chmod 600 {settings.data_dir / 'audit-key'}"


def test_a_mail_server_is_tried(settings):
    with smtp_server() as server:
        assert doctor.mail_server(replace(settings, mail_url=server.url)).ok
    finding = doctor.mail_server(replace(settings, mail_url=f"smtp://127.0.0.1:{free_port()}"))
    assert not finding.ok and "127.0.0.1" in finding.says
    assert "not sent" in doctor.mail_server(settings).says


def test_it_says_who_is_mailed_the_seal_of_the_trail(settings):
    assert "SEAL_MAIL_TO" in doctor.seal_mail(settings).says
    assert "qa@elsewhere.example" in doctor.seal_mail(replace(settings, seal_mail_to=("qa@elsewhere.example",))).says


def test_a_key_in_the_old_form_is_named(settings, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN RSA PRIVATE KEY-----\n")
    assert not doctor.key_form(replace(settings, tls_key=key)).ok
    key.write_text("-----BEGIN PRIVATE KEY-----\n")
    assert doctor.key_form(replace(settings, tls_key=key)).ok


def test_a_public_address_beyond_this_machine_without_encryption_is_named(settings):
    assert doctor.public_address(settings).ok
    assert not doctor.public_address(replace(settings, bind="192.0.2.7:80", public_url="http://192.0.2.7")).ok


def test_a_database_that_was_never_migrated_is_named(settings):
    finding = doctor.migrations(settings)
    assert not finding.ok and finding.says == "at none"


def test_sqlite_keeps_what_it_confirmed(settings):
    assert doctor.durability(settings).ok
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
    assert doctor.durability(settings).says == "synchronous=0"


def test_a_trail_without_its_guard_is_named_on_sqlite(settings):
    assert "missing" in doctor.trail(settings).says
    with db.engine.begin() as connection:
        for table in doctor.TRAIL:
            connection.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER)")
            connection.exec_driver_sql(
                f"CREATE TRIGGER keep_{table} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    assert doctor.trail(settings).ok
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER keep_audit_entry")
    assert doctor.trail(settings).says == "no triggers on audit_entry"


def test_postgresql_that_may_forget_is_named(tmp_path, postgres):
    with portal(tmp_path, DATABASE_URL=postgres) as settings:
        assert "fsync=off" in doctor.durability(settings).says


def test_who_may_alter_the_trail_is_told_on_postgresql(tmp_path, postgres):
    with portal(tmp_path, DATABASE_URL=postgres) as settings:
        with db.engine.begin() as connection:
            for statement in ("CREATE ROLE app LOGIN", *(f"CREATE TABLE {table} (id int)" for table in doctor.TRAIL)):
                connection.exec_driver_sql(statement)
            for table in doctor.TRAIL:
                connection.exec_driver_sql(f"GRANT SELECT, INSERT ON {table} TO app")
        assert "may alter audit_entry, audit_seal" in doctor.trail(settings).says
    with portal(tmp_path, DATABASE_URL=postgres.replace("postgres@", "app@")) as settings:
        assert doctor.trail(settings).ok


def test_fonts_that_did_not_come_along_are_named(settings, tmp_path, monkeypatch):
    assert doctor.fonts(settings).ok
    (tmp_path / doctor.FONT_FILES[0]).write_text("a stand-in for a large file")
    monkeypatch.setattr(doctor, "FONTS", tmp_path)
    assert doctor.FONT_FILES[0] in doctor.fonts(settings).says


def test_translations_older_than_their_text_are_named(settings, tmp_path, monkeypatch):
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(doctor, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(doctor, "PROJECT", tmp_path)
    (folder / "messages.po").write_text("")
    assert doctor.translations(settings).says == "not compiled: zh"
    (folder / "messages.mo").write_text("")
    assert doctor.translations(settings).ok


def test_the_command_says_what_to_do_and_its_status_tells(tmp_path, monkeypatch):
    good, bad = (
        health.Finding("fonts", True, "all there"),
        health.Finding("queue", False, "does not answer", "Start it."),
    )
    with portal(tmp_path):
        runner = current_app.test_cli_runner()
        monkeypatch.setattr(doctor, "CHECKS", (lambda s: good, lambda s: bad))
        told = runner.invoke(args=["doctor", "--problems"])
        assert told.exit_code == 1
        assert told.output == "✘ queue: does not answer\n    Start it.\n"
        monkeypatch.setattr(doctor, "CHECKS", (lambda s: good,))
        told = runner.invoke(args=["doctor"])
        assert told.exit_code == 0
        assert told.output == "✔ fonts: all there\n"
