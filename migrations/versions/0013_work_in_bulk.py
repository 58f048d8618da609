"""work in bulk waits until nobody waits for anything"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("done_at IS NULL AND dead_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index("bulk", "id")


def downgrade() -> None:
    _index("id")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("bulk")


def _index(*columns: str) -> None:
    """The open rows, in the order in which workers take them."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_open")
        batch_op.create_index("ix_outbox_open", list(columns), sqlite_where=OPEN, postgresql_where=OPEN)
