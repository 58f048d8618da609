"""checklists and test sheets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("repair", "safety", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("use_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("uid", name=op.f("uq_checklist_uid")),
    )
    op.create_table(
        "checklist_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checklist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "risk_class",
            sa.Enum("I", "II", "III", name="risk_class", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_use_checklist_id_checklist")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_checklist_use_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_use")),
        sa.UniqueConstraint(
            "checklist_id", "product_id", "risk_class", name=op.f("uq_checklist_use_checklist_id_product_id_risk_class")
        ),
    )
    with op.batch_alter_table("checklist_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_use_product_id"), ["product_id"], unique=False)

    op.create_table(
        "checklist_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("checklist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "note",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("drafted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_checklist_version_approved_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_version_checklist_id_checklist")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_checklist_version_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_version")),
        sa.UniqueConstraint("checklist_id", "version", name=op.f("uq_checklist_version_checklist_id_version")),
        sa.UniqueConstraint("uid", name=op.f("uq_checklist_version_uid")),
    )
    with op.batch_alter_table("checklist_version", schema=None) as batch_op:
        batch_op.create_index("ix_checklist_version_state", ["state", "checklist_id"], unique=False)

    op.create_table(
        "checklist_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "group",
            sa.Enum(
                "functional",
                "performance",
                "safety",
                name="group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "number",
                "check",
                "choice",
                "text",
                "photo",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "hint",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("lower", sa.String(length=40), nullable=True),
        sa.Column("upper", sa.String(length=40), nullable=True),
        sa.Column("warn_lower", sa.String(length=40), nullable=True),
        sa.Column("warn_upper", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("decimals", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("protection", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("applied", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("instrument", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["checklist_version.id"], name=op.f("fk_checklist_item_version_id_checklist_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("uid", name=op.f("uq_checklist_item_uid")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_item_version_id"), ["version_id"], unique=False)

    op.create_table(
        "test_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "complete",
                "reviewed",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "protection",
            sa.Enum(
                "class_i",
                "class_ii",
                "internal",
                "not_electrical",
                name="protection",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "applied",
            sa.Enum(
                "type_b",
                "type_bf",
                "type_cf",
                "no_applied_part",
                name="applied",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("instruments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why_rejected", sa.Text(), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_test_sheet_centre_id_centre")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_test_sheet_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_test_sheet_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_test_sheet_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_test_sheet_product_id_product")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["account.id"], name=op.f("fk_test_sheet_reviewed_by_id_account")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_test_sheet_site_id_site")),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_test_sheet_technician_id_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["checklist_version.id"], name=op.f("fk_test_sheet_version_id_checklist_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_sheet")),
        sa.UniqueConstraint(
            "order_id", "version_id", "attempt", name=op.f("uq_test_sheet_order_id_version_id_attempt")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_test_sheet_uid")),
    )
    with op.batch_alter_table("test_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_test_sheet_dealer_id_at", ["dealer_id", "last_event_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_sheet_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_sheet_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_test_sheet_state_at", ["state", "last_event_at", "id"], unique=False)
        batch_op.create_index("ix_test_sheet_technician_id_at", ["technician_id", "last_event_at", "id"], unique=False)

    op.create_table(
        "test_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "pass",
                "warning",
                "fail",
                "not_applicable",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["checklist_item.id"], name=op.f("fk_test_reading_item_id_checklist_item")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["test_sheet.id"], name=op.f("fk_test_reading_sheet_id_test_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_reading")),
        sa.UniqueConstraint("sheet_id", "item_id", name=op.f("uq_test_reading_sheet_id_item_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_test_reading_uid")),
    )
    with op.batch_alter_table("test_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_reading_sheet_id"), ["sheet_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("test_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_reading_sheet_id"))

    op.drop_table("test_reading")
    with op.batch_alter_table("test_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_test_sheet_technician_id_at")
        batch_op.drop_index("ix_test_sheet_state_at")
        batch_op.drop_index(batch_op.f("ix_test_sheet_product_id"))
        batch_op.drop_index(batch_op.f("ix_test_sheet_organisation_id"))
        batch_op.drop_index("ix_test_sheet_dealer_id_at")

    op.drop_table("test_sheet")
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_item_version_id"))

    op.drop_table("checklist_item")
    with op.batch_alter_table("checklist_version", schema=None) as batch_op:
        batch_op.drop_index("ix_checklist_version_state")

    op.drop_table("checklist_version")
    with op.batch_alter_table("checklist_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_use_product_id"))

    op.drop_table("checklist_use")
    op.drop_table("checklist")
