"""Alembic's way into the portal's database. Runs inside the app's context (`flask db …`)."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.core.db import Base, Text2Type, UtcDateTime, prepare
from portal.core.search import made_by_migration


def _engine() -> sa.Engine:
    """The owner's engine where one is set, else the app's own."""
    settings = current_app.extensions["settings"]
    url = settings.migrate_database_url or settings.database_url
    engine = sa.create_engine(url)
    prepare(engine)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _let_tables_be_rebuilt)
    return engine


def _let_tables_be_rebuilt(connection: Any, record: Any) -> None:
    """Batch mode drops a table to rebuild it, which neither its children may hinder nor cascade into them.

    The pragma does nothing inside a transaction, so it is given to the bare connection.
    """
    connection.execute("PRAGMA foreign_keys=OFF")


def _plain_type(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column types as what they are stored as, so that a migration never imports the portal."""
    if kind != "type" or not isinstance(item, (UtcDateTime, Text2Type)):
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
    return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"


def _described(item: object, name: str | None, kind: str, reflected: bool, described: object) -> bool:
    """Leave out of comparisons what only the database has: the engine's own search index."""
    return not (reflected and described is None and made_by_migration(name, kind))


def run() -> None:
    engine = _engine()
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            render_item=_plain_type,
            include_object=_described,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        _leave_the_trail_to_its_owner(connection)
    engine.dispose()


TRAIL = ("audit_entry", "audit_seal", "access_log")


def _leave_the_trail_to_its_owner(connection: sa.Connection) -> None:
    """Where the tables have an owner of their own, the portal's role may only add to the trail and read it."""
    settings = current_app.extensions["settings"]
    role = sa.make_url(settings.database_url).username
    if not settings.migrate_database_url or not role or connection.dialect.name != "postgresql":
        return
    name = connection.dialect.identifier_preparer.quote_identifier(role)
    connection.rollback()
    with connection.begin():
        for grant in (
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        ):
            connection.exec_driver_sql(grant)
        for table in set(TRAIL) & set(sa.inspect(connection).get_table_names()):
            connection.exec_driver_sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")


run()
