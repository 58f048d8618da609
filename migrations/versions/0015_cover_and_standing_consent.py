"""cover and price terms of contracts, standing consent, objections, approvals"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_terms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "parts",
            sa.Enum("list", "cost", "free", name="parts", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "labour",
            sa.Enum("list", "cost", "free", name="labour", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "travel",
            sa.Enum("list", "cost", "free", name="travel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("terms_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_terms")),
        sa.UniqueConstraint("key", name=op.f("uq_price_terms_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_price_terms_uid")),
    )
    op.create_table(
        "cover_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "by_cover",
                "charged",
                "excluded",
                "to_clarify",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_cover_decision_centre_id_centre")),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_cover_decision_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_cover_decision_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cover_decision_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_cover_decision_request_id_service_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_decision")),
        sa.UniqueConstraint("request_id", name=op.f("uq_cover_decision_request_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_cover_decision_uid")),
    )
    with op.batch_alter_table("cover_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cover_decision_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("price_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cost_price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )

    with op.batch_alter_table("repair_plan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("consent_contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("objection", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("dispute_decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dispute_answer", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("in_approval_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approval_expected_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_repair_plan_consent_contract_id_service_contract"),
            "service_contract",
            ["consent_contract_id"],
            ["id"],
        )

    with op.batch_alter_table("repair_plan_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("share", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0")
        )

    op.execute("UPDATE repair_plan_line SET share = 100 WHERE covered")

    with op.batch_alter_table("service_contract", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "labour_share", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"
            )
        )
        batch_op.add_column(
            sa.Column(
                "parts_share", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"
            )
        )
        batch_op.add_column(
            sa.Column(
                "travel_share", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"
            )
        )
        batch_op.add_column(sa.Column("lends_device", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("visits_a_year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("price_terms_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("standing_consent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "standing_limit",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=False,
                server_default="0",
            )
        )
        batch_op.add_column(sa.Column("standing_clause", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_service_contract_price_terms_id_price_terms"), "price_terms", ["price_terms_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("service_contract", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_service_contract_price_terms_id_price_terms"), type_="foreignkey")
        batch_op.drop_column("standing_clause")
        batch_op.drop_column("standing_limit")
        batch_op.drop_column("standing_consent")
        batch_op.drop_column("price_terms_id")
        batch_op.drop_column("visits_a_year")
        batch_op.drop_column("lends_device")
        batch_op.drop_column("travel_share")
        batch_op.drop_column("parts_share")
        batch_op.drop_column("labour_share")

    with op.batch_alter_table("repair_plan_line", schema=None) as batch_op:
        batch_op.drop_column("share")

    with op.batch_alter_table("repair_plan", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_repair_plan_consent_contract_id_service_contract"), type_="foreignkey")
        batch_op.drop_column("approval_expected_on")
        batch_op.drop_column("in_approval_since")
        batch_op.drop_column("dispute_answer")
        batch_op.drop_column("dispute_decided_at")
        batch_op.drop_column("objection")
        batch_op.drop_column("disputed_at")
        batch_op.drop_column("consent_contract_id")

    with op.batch_alter_table("price_item", schema=None) as batch_op:
        batch_op.drop_column("cost_price")

    with op.batch_alter_table("cover_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cover_decision_organisation_id"))

    op.drop_table("cover_decision")
    op.drop_table("price_terms")
