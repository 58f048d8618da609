"""duty roster and calls to the people on duty"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_shift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum("planned", "cancelled", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("deputy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "helper_ids", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("shift_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_shift_in_order")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_duty_shift_centre_id_centre")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_duty_shift_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name=op.f("fk_duty_shift_deputy_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["account.id"], name=op.f("fk_duty_shift_person_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
        sa.UniqueConstraint("uid", name=op.f("uq_duty_shift_uid")),
    )
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.create_index("ix_duty_shift_centre_id_at", ["centre_id", "starts_at", "id"], unique=False)
        batch_op.create_index("ix_duty_shift_person_id_at", ["person_id", "ends_at", "id"], unique=False)

    op.create_table(
        "duty_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "ringing", "answered", "settled", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_duty_call_answered_by_id_account")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_duty_call_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_duty_call_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_duty_call_dealer_id_organisation")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_duty_call_request_id_service_request")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["duty_shift.id"], name=op.f("fk_duty_call_shift_id_duty_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_call")),
        sa.UniqueConstraint("number", name=op.f("uq_duty_call_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_duty_call_request_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_duty_call_uid")),
    )
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.create_index("ix_duty_call_centre_id_state", ["centre_id", "state", "id"], unique=False)
        batch_op.create_index(
            "ix_duty_call_next_at",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "duty_ring",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "rung",
            sa.Enum(
                "on_duty",
                "deputy",
                "helpers",
                "managers",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_duty_ring_account_id_account")),
        sa.ForeignKeyConstraint(["call_id"], ["duty_call.id"], name=op.f("fk_duty_ring_call_id_duty_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_ring")),
    )
    with op.batch_alter_table("duty_ring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_ring_call_id"), ["call_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("duty_ring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_ring_call_id"))

    op.drop_table("duty_ring")
    with op.batch_alter_table("duty_call", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_duty_call_next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_duty_call_centre_id_state")

    op.drop_table("duty_call")
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_shift_person_id_at")
        batch_op.drop_index("ix_duty_shift_centre_id_at")

    op.drop_table("duty_shift")
