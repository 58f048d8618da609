"""the trail refuses to be altered

Triggers refuse UPDATE and DELETE of entries, seals and accesses, TRUNCATE on PostgreSQL, and on SQLite an INSERT over an
existing id, which also stops REPLACE. The side rows with personal values may be deleted: that is how they are masked.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("audit_entry", "audit_seal", "access_log")
WORDS = "the trail is append-only"


def upgrade() -> None:
    make = _make_sqlite if op.get_bind().dialect.name == "sqlite" else _make_postgresql
    for table in TABLES:
        make(table)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for event in ("update", "delete", "insert" if sqlite else "truncate"):
            op.execute(f"DROP TRIGGER {table}_{event}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")


def _make_sqlite(table: str) -> None:
    for event in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} "
        f"WHEN NEW.id IS NOT NULL AND EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def _make_postgresql(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    for event in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
    )
