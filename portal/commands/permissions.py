"""`flask permissions`: the table, for reading and for review."""

import click
from flask.cli import with_appcontext

from portal.domain.permissions import RULES


@click.command("permissions")
@with_appcontext
def permissions() -> None:
    """Print permission × role × scope."""
    for permission, by_role in RULES.items():
        held = ", ".join(f"{role} ({scope})" for role, scope in by_role.items()) or "the system alone"
        click.echo(f"{permission:22} {held}")
