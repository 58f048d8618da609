"""`flask search`: the search index."""

from functools import partial

import click
from flask.cli import AppGroup

from portal.core.db import writing
from portal.domain.search import rebuilding

search = AppGroup("search", help="The search index.")


@search.command("rebuild")
def rebuild() -> None:
    """Write every entry anew, while people work. Needed after a restore of single tables, or a change of the tokens."""
    click.echo(f"{rebuilding.rebuild(partial(writing, 'search'))} entries written")
