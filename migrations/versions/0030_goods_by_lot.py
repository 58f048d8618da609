"""goods by lot"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TEXT2 = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
HAS_SERIAL, HAS_NONE = sa.text("serial <> ''"), sa.text("serial = ''")


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_lot", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("unit", TEXT2, nullable=True))
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.alter_column("by_lot", server_default=None)
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("thousandths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("storage_told", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.alter_column("storage_told", server_default=None)
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_device_product_id_serial"), type_="unique")
    _unique("uq_device_product_id_serial", ["product_id", "serial"], HAS_SERIAL)
    _unique("uq_device_product_id_site_id_lot", ["product_id", "site_id", "lot"], HAS_NONE)


def _unique(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "device", columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Older versions know units only: a lot is then told from others by its own number."""
    for name in ("uq_device_product_id_site_id_lot", "uq_device_product_id_serial"):
        op.drop_index(name, table_name="device")
    device = sa.table("device", sa.column("serial"), sa.column("number"))
    op.execute(sa.update(device).where(device.c.serial == "").values(serial=device.c.number))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_device_product_id_serial"), ["product_id", "serial"])
    for table, names in (("service_request", ("storage_told", "thousandths")), ("product", ("unit", "by_lot"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
