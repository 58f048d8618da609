"""`flask outbox`: what is still to be done, and what was given up."""

import click
from flask.cli import AppGroup

from portal.core import outbox as core
from portal.core.db import db, writing
from portal.core.permissions import SYSTEM
from portal.domain.deliveries import service as deliveries

outbox = AppGroup("outbox", help="Background work.")


@outbox.command("list")
@click.option("--dead", is_flag=True, help="What was given up, instead of what waits.")
def list_rows(dead: bool) -> None:
    """Show rows, with the reason of the last failure."""
    for row in (core.dead if dead else core.waiting)(db.session):
        click.echo(f"{row.id}\t{row.kind}\t{row.state}\ttries {row.tries}\t{row.error or ''}")


@outbox.command("retry")
@click.argument("row_id", type=int)
def retry(row_id: int) -> None:
    """Give a row that was given up a fresh start. It stands in the trail of what the row is about."""
    with writing("retry") as session:
        row = session.get(core.OutboxRow, row_id)
        if row is None or row.dead_at is None:
            raise click.ClickException(f"{row_id} is not a row that was given up")
        deliveries.run_again(session, row, SYSTEM)
    click.echo("it will be tried again")


@outbox.command("drain")
def drain() -> None:
    """Do everything that is due here and now, without a worker."""
    import jobs

    click.echo(f"{jobs.drain()} done")
