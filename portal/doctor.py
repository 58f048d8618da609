"""`flask doctor`: looks at all that the portal needs, and says what to do about each thing that is wrong."""

import smtplib
import stat
from dataclasses import fields
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from portal.core import mail
from portal.core.db import db
from portal.health import Check, Finding, data_folder, database, first_line, look, pdf_engine, queue
from portal.settings import PROJECT, Kept, Settings

FONTS = PROJECT / "portal" / "fonts"
FONT_FILES = tuple(f"NotoSansSC{part}-{weight}.ttf" for part in ("", "Common") for weight in ("Regular", "Bold"))
SMALLEST_FONT = 100_000  # bytes; a checkout that left large files behind has small stand-ins
TRANSLATIONS = PROJECT / "portal" / "translations"
TRAIL = ("audit_entry", "audit_seal", "access_log")

SQLITE_SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
POSTGRES_UNSAFE = {"synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}


def public_address(settings: Settings) -> Finding:
    ok = settings.secure_cookies or settings.on_loopback
    remedy = "Serve it over https (TLS_CERT, or a proxy) and let PUBLIC_URL say so; tablets need it to work offline."
    return Finding("public address", ok, settings.public_url, remedy)


def key_form(settings: Settings) -> Finding:
    if not settings.tls_key:
        return Finding("TLS key", True, "none")
    remedy = f"openssl pkcs8 -topk8 -nocrypt -in {settings.tls_key} -out another file, and name that in TLS_KEY."
    ok = "-----BEGIN PRIVATE KEY-----" in settings.tls_key.read_text("ascii", "replace")
    return Finding("TLS key", ok, "PKCS#8" if ok else "is not in PKCS#8 form", remedy)


def kept_secrets(settings: Settings) -> Finding:
    kept = (each.metadata["default"] for each in fields(Settings) if isinstance(each.metadata["default"], Kept))
    files = [settings.data_dir / each.file for each in kept]
    open_ones = [str(path) for path in files if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    says = f"others may read {', '.join(open_ones)}" if open_ones else "only this user reads them"
    return Finding("secrets", not open_ones, says, f"chmod 600 {' '.join(open_ones)}")


def migrations(settings: Settings) -> Finding:
    # Here, because loading Alembic takes longer than all of the portal, and most processes never need it.
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    wanted = set(ScriptDirectory(str(PROJECT / "migrations")).get_heads())
    with db.engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    newest = bool(wanted) and found == wanted
    says = "at the newest" if newest else f"at {', '.join(sorted(found)) or 'none'}"
    return Finding("migrations", newest, says, "flask --app portal db upgrade")


def durability(settings: Settings) -> Finding:
    """Whether what the database has confirmed is still there after the power fails."""
    remedy = "Set the database back to its safe values; what it confirms may be lost otherwise."
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = {name: connection.execute(sa.text(f"PRAGMA {name}")).scalar() for name in SQLITE_SAFE}
            unsafe = {name: value for name, value in found.items() if value != SQLITE_SAFE[name]}
        else:
            found = {name: connection.execute(sa.text(f"SHOW {name}")).scalar() for name in POSTGRES_UNSAFE}
            unsafe = {name: value for name, value in found.items() if value == POSTGRES_UNSAFE[name]}
    says = ", ".join(f"{name}={value}" for name, value in (unsafe or found).items())
    return Finding("durability", not unsafe, says, remedy)


def trail(settings: Settings) -> Finding:
    """Whether the database itself refuses to alter the audit trail."""
    with db.engine.connect() as connection:
        if not all(sa.inspect(connection).has_table(table) for table in TRAIL):
            return Finding("audit trail", False, "its tables are missing", "flask --app portal db upgrade")
        if connection.dialect.name == "sqlite":
            return _guarded_by_triggers(connection)
        return _guarded_by_rights(connection)


def _guarded_by_triggers(connection: sa.Connection) -> Finding:
    count = sa.text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    bare = [table for table in TRAIL if not connection.execute(count, {"table": table}).scalar()]
    says = f"no triggers on {', '.join(bare)}" if bare else "triggers refuse changes (SQLite knows no roles)"
    return Finding("audit trail", not bare, says, "Restore the database from a backup: somebody removed its guard.")


def _guarded_by_rights(connection: sa.Connection) -> Finding:
    ask = sa.text("SELECT has_table_privilege(:table, 'UPDATE, DELETE, TRUNCATE, TRIGGER')")
    alterable = [table for table in TRAIL if connection.execute(ask, {"table": table}).scalar()]
    says = f"this role may alter {', '.join(alterable)}" if alterable else "this role may only add to it"
    remedy = "Make a second role for the portal, name the owner in MIGRATE_DATABASE_URL, and run db upgrade once more."
    return Finding("audit trail", not alterable, says, remedy)


def mail_server(settings: Settings) -> Finding:
    mailbox = settings.mailbox
    if mailbox.folder:
        return Finding("mail", True, f"is written to {mailbox.folder}, not sent (MAIL_URL)")
    try:
        with mail.post_office(mailbox, settings.mail_from):
            pass
    except (OSError, smtplib.SMTPException) as error:
        remedy = "Start that server, or mend MAIL_URL. Mails wait and are tried again."
        return Finding("mail", False, f"{mailbox.host}:{mailbox.port} does not take it: {first_line(error)}", remedy)
    return Finding("mail", True, f"{mailbox.host}:{mailbox.port} takes it")


def seal_mail(settings: Settings) -> Finding:
    if not settings.seal_mail_to:
        return Finding("seal of the trail", True, "is mailed to nobody (SEAL_MAIL_TO); it stands in DATA_DIR alone")
    return Finding("seal of the trail", True, f"is mailed each morning to {', '.join(settings.seal_mail_to)}")


def fonts(settings: Settings) -> Finding:
    missing = [name for name in FONT_FILES if _size(FONTS / name) < SMALLEST_FONT]
    says = f"missing or cut short: {', '.join(missing)}" if missing else "all there"
    return Finding("fonts", not missing, says, "Fetch the project again with all of its files.")


def translations(settings: Settings) -> Finding:
    sources = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    stale = [path.parts[-3] for path in sources if _changed(path) > _changed(path.with_suffix(".mo"))]
    says = f"not compiled: {', '.join(stale)}" if stale else "compiled"
    return Finding("translations", not stale, says, f"pybabel compile -d {TRANSLATIONS.relative_to(PROJECT)}")


CHECKS: tuple[Check, ...] = (
    public_address,
    key_form,
    data_folder,
    kept_secrets,
    database,
    migrations,
    durability,
    trail,
    queue,
    mail_server,
    seal_mail,
    pdf_engine,
    fonts,
    translations,
)


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order of CHECKS."""
    return [look(check, settings) for check in CHECKS]


@click.command
@click.option("--problems", is_flag=True, help="Say only what is wrong.")
@with_appcontext
def doctor(problems: bool) -> None:
    """Look at all that the portal needs and say what to do. Ends with status 1 when something is wrong."""
    findings = examine(current_app.extensions["settings"])
    for finding in findings:
        if not finding.ok:
            click.secho(f"✘ {finding.name}: {finding.says}", fg="red")
            click.echo(f"    {finding.remedy}")
        elif not problems:
            click.echo(f"✔ {finding.name}: {finding.says}")
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(1)


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
