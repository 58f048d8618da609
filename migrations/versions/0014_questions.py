"""questions to second line and manufacturers"""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_email", sa.String(length=254), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "answered", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders_sent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(expert_id IS NULL) <> (supplier_id IS NULL)", name=op.f("ck_escalation_one_addressee")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_escalation_asked_by_id_account")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_escalation_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_escalation_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_escalation_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["expert_id"], ["account.id"], name=op.f("fk_escalation_expert_id_account")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_escalation_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_escalation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_escalation_recorded_by_id_account")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["organisation.id"], name=op.f("fk_escalation_supplier_id_organisation")
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_escalation_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("number", name=op.f("uq_escalation_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_escalation_uid")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_expert_id_at", ["expert_id", "asked_at", "id"], unique=False)
        batch_op.create_index(
            "ix_escalation_next_reminder",
            ["next_reminder_at"],
            unique=False,
            sqlite_where=sa.text("next_reminder_at IS NOT NULL"),
            postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_escalation_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_technician_id"), ["technician_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_technician_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_order_id"))
        batch_op.drop_index(
            "ix_escalation_next_reminder",
            sqlite_where=sa.text("next_reminder_at IS NOT NULL"),
            postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_escalation_expert_id_at")

    op.drop_table("escalation")
