"""repair plans and price list"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "part", "labour", "travel", "other", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit_price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax_rate", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("terms_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_price_item_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_item")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_price_item_company_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_price_item_uid")),
    )
    op.create_table(
        "repair_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "offered",
                "consented",
                "refused",
                "expired",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "by_cover",
                "excluded_material",
                "excluded",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("exclusion_reason", sa.Text(), nullable=False),
        sa.Column("exclusion_confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why_again", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("content_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen", sa.String(length=1), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "password", "witnessed", "paper", name="method", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_repair_plan_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_repair_plan_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_repair_plan_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["account.id"], name=op.f("fk_repair_plan_drafted_by_id_account")),
        sa.ForeignKeyConstraint(
            ["exclusion_confirmed_by_id"], ["account.id"], name=op.f("fk_repair_plan_exclusion_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_repair_plan_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_repair_plan_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_repair_plan_site_id_site")),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_repair_plan_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_plan")),
        sa.UniqueConstraint("order_id", "revision", name=op.f("uq_repair_plan_order_id_revision")),
        sa.UniqueConstraint("uid", name=op.f("uq_repair_plan_uid")),
    )
    with op.batch_alter_table("repair_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_plan_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_repair_plan_state_until", ["state", "valid_until", "id"], unique=False)

    op.create_table(
        "repair_plan_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("option", sa.String(length=1), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "part", "labour", "travel", "other", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("thousandths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax_rate", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("net", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["repair_plan.id"], name=op.f("fk_repair_plan_line_plan_id_repair_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_plan_line")),
    )
    with op.batch_alter_table("repair_plan_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_plan_line_plan_id"), ["plan_id"], unique=False)

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choice", sa.String(length=1), nullable=False, server_default=""))

    with op.batch_alter_table("work_order", schema=None) as batch_op:
        # Orders begun before there were plans go on as they were.
        batch_op.add_column(sa.Column("plan_agreed", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("plan_agreed")

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_column("choice")

    with op.batch_alter_table("repair_plan_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_plan_line_plan_id"))

    op.drop_table("repair_plan_line")
    with op.batch_alter_table("repair_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_repair_plan_state_until")
        batch_op.drop_index(batch_op.f("ix_repair_plan_organisation_id"))

    op.drop_table("repair_plan")
    op.drop_table("price_item")
