"""`flask first-admin`: the way into an empty house."""

import click
from flask import current_app, url_for
from flask.cli import with_appcontext

from portal.core.db import writing
from portal.core.errors import NotNow
from portal.domain.accounts import service


@click.command("first-admin")
@with_appcontext
def first_admin() -> None:
    """Print a link that makes the first administrator, once, within 24 hours."""
    public_url = current_app.extensions["settings"].public_url
    try:
        with writing("first admin") as session:
            token = service.first_admin_link(session)
    except NotNow as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    with current_app.test_request_context():
        click.echo(f"{public_url}{url_for('account.first_admin', token=token)}")
