"""`flask demo`: demonstration data on first start, never twice, never beyond this machine."""

import os
import secrets
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from portal.core import clock, outbox
from portal.core.db import db, writing
from portal.core.notices import Delivery
from portal.core.outbox import OutboxRow
from portal.demo import cast as casting
from portal.demo import story
from portal.demo.registers import STAFF
from portal.domain.accounts import passwords
from portal.domain.accounts.models import Account
from portal.domain.permissions import ROLE_LABELS, Role

LOGINS = "demo-logins"


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demonstration and write its logins to DATA_DIR/demo-logins. Does nothing where people exist."""
    settings = current_app.extensions["settings"]
    if not settings.on_loopback:
        raise click.ClickException("demonstration data is for this machine alone: BIND is not a loopback address")
    if db.session.execute(sa.select(Account.id).limit(1)).first():
        return
    password = secrets.token_urlsafe(12)
    hashed = passwords.make(password)
    pictures = story.pictures_for(db.session(), settings)
    with writing("demo") as session, outbox.in_bulk(session):
        count = story.tell(session, casting.make(session, hashed), pictures)
        _nobody_is_mailed_about_the_past(session)
        session.execute(sa.update(OutboxRow).values(created_at=clock.now()))  # asked for now, not in the story's past
    _write_logins(settings.data_dir / LOGINS, password)
    click.echo(f"{count} service requests of three hospitals are there to try")


def _nobody_is_mailed_about_the_past(session) -> None:
    session.execute(sa.delete(Delivery))
    session.execute(sa.delete(OutboxRow).where(OutboxRow.kind.startswith("notice.")))


def _write_logins(path: Path, password: str) -> None:
    """One line a person: address, password, who it is. Readable by this user only."""
    lines = [f"{key}@example.com\t{password}\t{name}, {ROLE_LABELS[Role(role)]}" for key, name, role, _ in STAFF]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
