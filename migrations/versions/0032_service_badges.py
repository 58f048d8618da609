"""service badges: the number of a technician, and the code that leads to the badge's page"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS = 13
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_number", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("badge_version", COUNT, nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("badge_code", sa.String(length=SIGNS), nullable=True))
    _draw_codes()
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column("badge_code", existing_type=sa.String(length=SIGNS), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_account_badge_code"), ["badge_code"])


def _draw_codes() -> None:
    account = sa.table("account", sa.column("id"), sa.column("badge_code"))
    connection = op.get_bind()
    drawn = [
        {"account": account_id, "code": "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))}
        for account_id in connection.scalars(sa.select(account.c.id))
    ]
    if drawn:
        given = sa.update(account).where(account.c.id == sa.bindparam("account"))
        connection.execute(given.values(badge_code=sa.bindparam("code")), drawn)


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_account_badge_code"), type_="unique")
        batch_op.drop_column("badge_code")
        batch_op.drop_column("badge_version")
        batch_op.drop_column("staff_number")
