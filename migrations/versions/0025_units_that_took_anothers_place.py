"""units that took another's place"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("in_use", "do_not_use", "idle", "scrapped")
WHEREABOUTS = sa.Enum(
    "old_returned",
    "old_left",
    "old_scrapped",
    name="whereabouts",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("swapped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("whereabouts", WHEREABOUTS, nullable=True))
        _allow(batch_op, (*BEFORE, "replaced"))
        batch_op.create_unique_constraint(batch_op.f("uq_device_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(batch_op.f("fk_device_replaces_id_device"), "device", ["replaces_id"], ["id"])


def _allow(batch_op, states: tuple[str, ...]) -> None:
    among = ", ".join(f"'{state}'" for state in states)
    batch_op.drop_constraint(batch_op.f("ck_device_state"), type_="check")
    batch_op.create_check_constraint(batch_op.f("ck_device_state"), f"state IN ({among})")


def downgrade() -> None:
    """What older versions have no word for was scrapped."""
    device = sa.table("device", sa.column("state"))
    op.execute(sa.update(device).where(device.c.state == "replaced").values(state="scrapped"))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_device_replaces_id_device"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_device_replaces_id"), type_="unique")
        _allow(batch_op, BEFORE)
        batch_op.drop_constraint(batch_op.f("ck_device_whereabouts"), type_="check")
        for name in ("whereabouts", "swapped_at", "replaces_id"):
            batch_op.drop_column(name)
