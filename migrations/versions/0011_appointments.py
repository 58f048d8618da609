"""what an appointment carries, and why it was moved"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = ("meeting_place", "opened_by", "protection", "moved_reason")


def upgrade() -> None:
    version = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("appointment_version", version, nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        for name in ("appointment_version", *reversed(TEXTS)):
            batch_op.drop_column(name)
