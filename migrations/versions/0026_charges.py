"""charges and payments, invoice data of customers, hours and travel of work orders"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = {"invoice_title": 200, "tax_number": 30, "invoice_address": 200, "invoice_bank": 200}


def upgrade() -> None:
    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "invoiced",
                "paid",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "lines", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("net", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gross", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("discount_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "invoice_kind",
            sa.Enum("general", "special", name="invoice_kind", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("invoice_title", sa.String(length=200), nullable=False),
        sa.Column("tax_number", sa.String(length=30), nullable=False),
        sa.Column("invoice_number", sa.String(length=60), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("chase_on", sa.Date(), nullable=True),
        sa.Column("why_cancelled", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_charge_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_charge_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_charge_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["discount_by_id"], ["account.id"], name=op.f("fk_charge_discount_by_id_account")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_charge_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_charge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_charge_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("number", name=op.f("uq_charge_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_charge_uid")),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index("ix_charge_at", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_charge_chase", ["state", "chase_on"], unique=False)
        batch_op.create_index("ix_charge_dealer_id_at", ["dealer_id", "opened_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_charge_organisation_id_at", ["organisation_id", "opened_at", "id"], unique=False)
        batch_op.create_index("ix_charge_state_at", ["state", "opened_at", "id"], unique=False)
        batch_op.create_index("ix_charge_technician_id_at", ["technician_id", "opened_at", "id"], unique=False)

    op.create_table(
        "charge_payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum("taken", "received", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "paid_by",
            sa.Enum("transfer", "cash", name="paid_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_charge_payment_centre_id_centre")),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_charge_payment_charge_id_charge")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_charge_payment_company_id_company")),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_charge_payment_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_charge_payment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["account.id"], name=op.f("fk_charge_payment_received_by_id_account")
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name=op.f("fk_charge_payment_taken_by_id_account")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["account.id"], name=op.f("fk_charge_payment_technician_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_charge_payment_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_charge_payment_uid")),
    )
    with op.batch_alter_table("charge_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_payment_charge_id"), ["charge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_payment_state"), ["state"], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invoice_kind", sa.String(length=32), nullable=False, server_default="general"))
        for name, length in TEXTS.items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invoicing_version", BIG, nullable=False, server_default="0"))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_invoice_kind"), "invoice_kind IN ('general', 'special')"
        )

    with op.batch_alter_table("work_order", schema=None) as batch_op:
        for name in ("labour_minutes", "travel_km", "fare"):
            batch_op.add_column(sa.Column(name, BIG, nullable=True))
        batch_op.add_column(sa.Column("costs_version", BIG, nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("costs_version")
        batch_op.drop_column("fare")
        batch_op.drop_column("travel_km")
        batch_op.drop_column("labour_minutes")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_invoice_kind"), type_="check")
        batch_op.drop_column("invoicing_version")
        batch_op.drop_column("invoice_bank")
        batch_op.drop_column("invoice_address")
        batch_op.drop_column("tax_number")
        batch_op.drop_column("invoice_title")
        batch_op.drop_column("invoice_kind")

    with op.batch_alter_table("charge_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_payment_state"))
        batch_op.drop_index(batch_op.f("ix_charge_payment_charge_id"))

    op.drop_table("charge_payment")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index("ix_charge_technician_id_at")
        batch_op.drop_index("ix_charge_state_at")
        batch_op.drop_index("ix_charge_organisation_id_at")
        batch_op.drop_index(batch_op.f("ix_charge_order_id"))
        batch_op.drop_index("ix_charge_dealer_id_at")
        batch_op.drop_index("ix_charge_chase")
        batch_op.drop_index("ix_charge_at")

    op.drop_table("charge")
