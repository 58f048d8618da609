"""the search index

The engine's own index stands beside the table and follows it: an FTS5 table with external content and triggers on
SQLite, a stored tsvector with GIN on PostgreSQL. In a house that has records already, a job fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD, NEW = ("{0}.id, {0}.tokens, {0}.scopes".format(row) for row in ("OLD", "NEW"))
FORGET = f"INSERT INTO search_match(search_match, rowid, tokens, scopes) VALUES ('delete', {OLD});"
LEARN = f"INSERT INTO search_match(rowid, tokens, scopes) VALUES ({NEW});"


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("record_id", "kind", "part_id", name=op.f("uq_search_entry_record_id_kind_part_id")),
    )
    op.create_index(op.f("ix_search_entry_updated_at"), "search_entry", ["updated_at"])
    if op.get_bind().dialect.name == "sqlite":
        _index_of_sqlite()
    else:
        _index_of_postgresql()
    _ask_for_entries()


def _index_of_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_match USING fts5(tokens, scopes, content='search_entry', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Cn'\")"
    )
    op.execute(f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {LEARN} END")
    op.execute(f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {FORGET} END")
    op.execute(f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN {FORGET} {LEARN} END")


def _index_of_postgresql() -> None:
    op.execute(
        "ALTER TABLE search_entry ADD COLUMN match tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', tokens || ' ' || scopes)) STORED"
    )
    op.execute("CREATE INDEX ix_search_entry_match ON search_entry USING gin (match)")


def _ask_for_entries() -> None:
    """By a row of the outbox, where there is anything to be found."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM organisation LIMIT 1")).first() is None:
        return
    connection.execute(
        sa.text(
            "INSERT INTO outbox (kind, payload, tries, created_at) "
            "VALUES ('search.rebuild', '{}', 0, CURRENT_TIMESTAMP)"
        )
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_match")
    op.drop_table("search_entry")
