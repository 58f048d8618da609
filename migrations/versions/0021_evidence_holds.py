"""evidence holds"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "held",
                "released",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "dispute", "event", "authority", name="ground", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("sealed_where", sa.Text(), nullable=False),
        sa.Column("list_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_evidence_hold_asked_by_id_account")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_evidence_hold_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_evidence_hold_company_id_company")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_evidence_hold_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_evidence_hold_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_evidence_hold_device_id_device")),
        sa.ForeignKeyConstraint(["held_by_id"], ["account.id"], name=op.f("fk_evidence_hold_held_by_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evidence_hold_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["account.id"], name=op.f("fk_evidence_hold_released_by_id_account")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_evidence_hold_site_id_site")),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_evidence_hold_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_hold")),
        sa.UniqueConstraint("number", name=op.f("uq_evidence_hold_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_evidence_hold_uid")),
    )
    with op.batch_alter_table("evidence_hold", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_hold_centre_id_at", ["centre_id", "asked_at", "id"], unique=False)
        batch_op.create_index("ix_evidence_hold_dealer_id_at", ["dealer_id", "asked_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_hold_device_id"), ["device_id"], unique=False)
        batch_op.create_index(
            "ix_evidence_hold_one_open",
            ["device_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'held')"),
            postgresql_where=sa.text("state IN ('asked', 'held')"),
        )
        batch_op.create_index("ix_evidence_hold_state_at", ["state", "asked_at", "id"], unique=False)

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("held_reason", sa.Text(), nullable=False, server_default=""))

    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("beyond_repair", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("beyond_repair_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("beyond_repair_reason")
        batch_op.drop_column("beyond_repair")

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_column("held_reason")
        batch_op.drop_column("held_at")

    with op.batch_alter_table("evidence_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_hold_state_at")
        batch_op.drop_index(
            "ix_evidence_hold_one_open",
            sqlite_where=sa.text("state IN ('asked', 'held')"),
            postgresql_where=sa.text("state IN ('asked', 'held')"),
        )
        batch_op.drop_index(batch_op.f("ix_evidence_hold_device_id"))
        batch_op.drop_index("ix_evidence_hold_dealer_id_at")
        batch_op.drop_index("ix_evidence_hold_centre_id_at")

    op.drop_table("evidence_hold")
