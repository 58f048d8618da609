"""The portal with as much in it as asked for, on a SQLite file of its own, and people signed in."""

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from portal import cli, create_app
from portal.core.db import db, writing
from portal.demo import cast, story
from portal.demo.bulk import Size, grow
from portal.domain.accounts import passwords
from portal.settings import load

PASSWORD = "as long as it takes"  # noqa: S105 of a database that is thrown away


@dataclass
class House:
    """A portal, and the browsers of those who are signed in to it."""

    app: Flask
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, key: str) -> FlaskClient:
        """Somebody's browser. Raises AssertionError when signing in fails."""
        if key not in self.browsers:
            client = self.browsers[key] = self.app.test_client()
            answer = client.post("/sign-in", data={"email": f"{key}@example.com", "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return self.browsers[key]


def build(folder: Path, size: Size) -> House:
    """Tell the demonstration in `folder` and copy it until there is as much as `size` says."""
    environ = {
        "DATA_DIR": str(folder),
        "REDIS_URL": f"unix://{folder}/nobody-listens.sock",
        "SECRET_KEY": "s" * 40,
        "AUDIT_KEY": "a" * 40,
        "LOG_LEVEL": "ERROR",
    }
    app = create_app(load(environ))
    app.config.update(WTF_CSRF_ENABLED=False)
    cli.add_migrations(app)
    with app.app_context():
        upgrade()
        _tell(app)
        grow(db.session(), size)
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
        db.session.remove()
    return House(app)


def _tell(app: Flask) -> None:
    pictures = story.pictures_for(db.session(), app.extensions["settings"])
    hashed = passwords.make(PASSWORD)
    with writing("demonstration") as session:
        story.tell(session, cast.make(session, hashed), pictures)
