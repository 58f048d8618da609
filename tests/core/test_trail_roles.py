"""With an owner of its own, the portal's database role can add to the trail and read it, nothing else."""

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from portal import cli, create_app
from portal.core.db import db
from portal.settings import load
from tests.servers import postgres_server


@pytest.mark.req("DOC-2")
def test_the_portals_role_cannot_alter_the_trail(tmp_path):
    with postgres_server(tmp_path / "pg") as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in ("CREATE ROLE portal LOGIN", "CREATE DATABASE apart"):
                connection.exec_driver_sql(statement)
        admin.dispose()
        owner = sa.make_url(url).set(database="apart")
        ours = owner.set(username="portal")
        environ = {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": ours.render_as_string(hide_password=False),
            "MIGRATE_DATABASE_URL": owner.render_as_string(hide_password=False),
        }
        app = create_app(load(environ))
        cli.add_migrations(app)
        with app.app_context():
            upgrade()
            for refused in (
                "UPDATE audit_entry SET verb = 'x'",
                "DELETE FROM audit_entry",
                "TRUNCATE audit_seal",
                "DROP TRIGGER audit_entry_update ON audit_entry",
            ):
                with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"):
                    db.session.execute(sa.text(refused))
                db.session.rollback()
            assert db.session.scalar(sa.text("SELECT count(*) FROM audit_entry")) == 0
            db.session.remove()
            db.engine.dispose()
