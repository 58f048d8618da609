"""known answers"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column(
            "question",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "audience",
            sa.Enum("customer", "staff", name="audience", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("in_use", "retired", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("helped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("details_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_known_answer_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_answer")),
        sa.UniqueConstraint("uid", name=op.f("uq_known_answer_uid")),
    )
    with op.batch_alter_table("known_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_answer_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_known_answer_sort_key", ["sort_key", "id"], unique=False)

    op.create_table(
        "answer_helped",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_answer_helped_account_id_account")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["known_answer.id"], name=op.f("fk_answer_helped_answer_id_known_answer")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_answer_helped_device_id_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_helped")),
        sa.UniqueConstraint("answer_id", "account_id", name=op.f("uq_answer_helped_answer_id_account_id")),
    )
    with op.batch_alter_table("answer_helped", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_helped_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_helped_device_id"), ["device_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("answer_helped", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_helped_device_id"))
        batch_op.drop_index(batch_op.f("ix_answer_helped_account_id"))

    op.drop_table("answer_helped")
    with op.batch_alter_table("known_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_known_answer_sort_key")
        batch_op.drop_index(batch_op.f("ix_known_answer_product_id"))

    op.drop_table("known_answer")
