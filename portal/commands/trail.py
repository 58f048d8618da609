"""`flask audit`: is the trail whole?"""

import sys

import click
from flask.cli import AppGroup

from portal.core import seals
from portal.core.db import db, writing

audit = AppGroup("audit", help="The trail.")


@audit.command("verify")
@click.option("--seal", "kept", nargs=2, type=(int, str), help="Number and hash of a seal from a mail or the log.")
def verify(kept: tuple[int, str] | None) -> None:
    """Check every entry, chain and seal. Exit status 1 when anything is wrong."""
    verdict = seals.verify(db.session)
    if kept and not seals.stands(db.session, *kept):
        verdict.faults.append(f"seal {kept[0]}: is missing, or not the one that was kept")
    click.echo(f"{verdict.entries} entries of {verdict.roots} records")
    click.echo(f"{verdict.seals} seals, {verdict.unsealed} entries not sealed yet")
    for fault in verdict.faults:
        click.echo(f"FAULT  {fault}")
    if verdict.faults:
        sys.exit(1)
    click.echo("The trail is whole.")


@audit.command("seal")
def seal() -> None:
    """Seal what no seal covers yet."""
    with writing("seal") as session:
        new = seals.seal(session)
    click.echo(f"sealed {new.count} entries: {new.hash}" if new else "nothing to seal")
