"""The commands: `flask --app portal …`."""

import os

import click
from flask import Flask

from portal.commands.accounts import first_admin
from portal.commands.demo import demo
from portal.commands.outbox import outbox
from portal.commands.permissions import permissions
from portal.commands.search import search
from portal.commands.trail import audit
from portal.core.db import db
from portal.doctor import doctor
from portal.settings import PROJECT

COMMANDS: tuple[click.Command, ...] = (doctor, demo, first_admin, audit, outbox, permissions, search)


def register(app: Flask) -> None:
    """Add the commands, and where a command is being run, `flask db` too."""
    for command in COMMANDS:
        app.cli.add_command(command)
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        add_migrations(app)


def add_migrations(app: Flask) -> None:
    """Make `flask db` work. Not for the web server: Alembic would treble the time it takes to start."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(PROJECT / "migrations"), render_as_batch=True, compare_type=True)
