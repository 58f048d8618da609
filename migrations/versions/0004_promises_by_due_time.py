"""lists of promises: kept and broken by due time, broken without a cause, waiting for a decision"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTED = ["due_at", "state", "name", "policy_id", "organisation_id", "technician_id", "dealer_id"]
NO_CAUSE = sa.text("breached_at IS NOT NULL AND breach_code = ''")
TO_DECIDE = sa.text("plea_at IS NOT NULL AND plea_decided_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_settled")
        batch_op.create_index("ix_clock_attainment", COUNTED, unique=False)
        batch_op.create_index(
            "ix_clock_no_cause", ["due_at", "id"], unique=False, sqlite_where=NO_CAUSE, postgresql_where=NO_CAUSE
        )
        batch_op.create_index(
            "ix_clock_to_decide", ["due_at", "id"], unique=False, sqlite_where=TO_DECIDE, postgresql_where=TO_DECIDE
        )


def downgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_to_decide", sqlite_where=TO_DECIDE, postgresql_where=TO_DECIDE)
        batch_op.drop_index("ix_clock_no_cause", sqlite_where=NO_CAUSE, postgresql_where=NO_CAUSE)
        batch_op.drop_index("ix_clock_attainment")
        batch_op.create_index("ix_clock_settled", ["settled_at", "state"], unique=False)
