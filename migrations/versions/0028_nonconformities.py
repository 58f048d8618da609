"""nonconformities"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nonconformity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reading_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "item",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why_closed", sa.Text(), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_nonconformity_centre_id_centre")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_nonconformity_closed_by_id_account")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nonconformity_company_id_company")),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_nonconformity_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_nonconformity_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_nonconformity_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["test_reading.id"], name=op.f("fk_nonconformity_reading_id_test_reading")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_nonconformity_site_id_site")),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_nonconformity_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nonconformity")),
        sa.UniqueConstraint("number", name=op.f("uq_nonconformity_number")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_nonconformity_reading_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_nonconformity_uid")),
    )
    with op.batch_alter_table("nonconformity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nonconformity_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nonconformity_dealer_id"), ["dealer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nonconformity_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nonconformity_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_nonconformity_state_at", ["state", "opened_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nonconformity_technician_id"), ["technician_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("nonconformity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nonconformity_technician_id"))
        batch_op.drop_index("ix_nonconformity_state_at")
        batch_op.drop_index(batch_op.f("ix_nonconformity_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_nonconformity_device_id"))
        batch_op.drop_index(batch_op.f("ix_nonconformity_dealer_id"))
        batch_op.drop_index(batch_op.f("ix_nonconformity_centre_id"))

    op.drop_table("nonconformity")
