"""ratings of services"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_aspect",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("aspect_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_aspect")),
        sa.UniqueConstraint("uid", name=op.f("uq_rating_aspect_uid")),
    )
    op.create_table(
        "service_rating",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "given", "low", "settled", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "aspects", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("is_complaint", sa.Boolean(), nullable=False),
        sa.Column("complained_of", sa.Text(), nullable=False),
        sa.Column("answers_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "signature",
                "account",
                "link",
                "phone",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_service_rating_score")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_service_rating_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_service_rating_company_id_company")),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_service_rating_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_service_rating_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_service_rating_given_by_id_account")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_service_rating_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_service_rating_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_service_rating_product_id_product")),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["account.id"], name=op.f("fk_service_rating_reported_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_service_rating_request_id_service_request")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_service_rating_settled_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["account.id"], name=op.f("fk_service_rating_technician_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_rating")),
        sa.UniqueConstraint("number", name=op.f("uq_service_rating_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_service_rating_order_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_service_rating_uid")),
    )
    with op.batch_alter_table("service_rating", schema=None) as batch_op:
        batch_op.create_index("ix_service_rating_at", ["last_event_at", "id"], unique=False)
        batch_op.create_index("ix_service_rating_dealer_id_at", ["dealer_id", "last_event_at", "id"], unique=False)
        batch_op.create_index("ix_service_rating_given_at", ["given_at"], unique=False)
        batch_op.create_index(
            "ix_service_rating_organisation_id_at", ["organisation_id", "last_event_at", "id"], unique=False
        )
        batch_op.create_index("ix_service_rating_remind", ["state", "remind_at"], unique=False)
        batch_op.create_index(
            "ix_service_rating_reported_by_id_at", ["reported_by_id", "last_event_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_service_rating_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_service_rating_state_at", ["state", "last_event_at", "id"], unique=False)
        batch_op.create_index(
            "ix_service_rating_technician_id_at", ["technician_id", "last_event_at", "id"], unique=False
        )

    op.create_table(
        "rating_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rating_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_rating_link_account_id_account")),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["service_rating.id"], name=op.f("fk_rating_link_rating_id_service_rating")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_link")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_rating_link_code_hash")),
    )
    with op.batch_alter_table("rating_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_link_rating_id"), ["rating_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rating_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_link_rating_id"))

    op.drop_table("rating_link")
    with op.batch_alter_table("service_rating", schema=None) as batch_op:
        batch_op.drop_index("ix_service_rating_technician_id_at")
        batch_op.drop_index("ix_service_rating_state_at")
        batch_op.drop_index(batch_op.f("ix_service_rating_request_id"))
        batch_op.drop_index("ix_service_rating_reported_by_id_at")
        batch_op.drop_index("ix_service_rating_remind")
        batch_op.drop_index("ix_service_rating_organisation_id_at")
        batch_op.drop_index("ix_service_rating_given_at")
        batch_op.drop_index("ix_service_rating_dealer_id_at")
        batch_op.drop_index("ix_service_rating_at")

    op.drop_table("service_rating")
    op.drop_table("rating_aspect")
