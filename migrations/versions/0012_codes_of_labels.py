"""the code that stands on a device's label"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS = 13


def upgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label_code", sa.String(length=SIGNS), nullable=True))
    _draw_codes()
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("label_code", existing_type=sa.String(length=SIGNS), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_device_label_code"), ["label_code"])


def _draw_codes() -> None:
    device = sa.table("device", sa.column("id"), sa.column("label_code"))
    connection = op.get_bind()
    drawn = [
        {"device": device_id, "code": "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))}
        for device_id in connection.scalars(sa.select(device.c.id))
    ]
    if drawn:
        given = sa.update(device).where(device.c.id == sa.bindparam("device"))
        connection.execute(given.values(label_code=sa.bindparam("code")), drawn)


def downgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_device_label_code"), type_="unique")
        batch_op.drop_column("label_code")
