"""The commands: `flask --app portal …`."""

import click
from flask import Flask

from portal.doctor import doctor

COMMANDS: tuple[click.Command, ...] = (doctor,)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
