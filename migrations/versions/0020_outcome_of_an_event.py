"""what an adverse event did, and since when it is known"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OUTCOMES = "outcome IN ('death', 'serious', 'lesser')"


def upgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("is_group", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("known_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_complaint_outcome"), OUTCOMES)
    _known_since()


def _known_since() -> None:
    """An event was known when it was answered so, else when it was judged so."""
    complaint = sa.table(
        "complaint", *map(sa.column, ("is_event", "is_reportable", "opened_at", "assessed_at", "known_at"))
    )
    is_event, is_reportable = complaint.c.is_event == sa.true(), complaint.c.is_reportable == sa.true()
    first = sa.case((is_event, complaint.c.opened_at), else_=complaint.c.assessed_at)
    op.execute(sa.update(complaint).where(sa.or_(is_event, is_reportable)).values(known_at=first))


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_complaint_outcome"), type_="check")
        batch_op.drop_column("known_at")
        batch_op.drop_column("is_group")
        batch_op.drop_column("outcome")
