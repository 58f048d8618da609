"""reports of wards"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ward_desk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("code_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "hospital", "company", "closed", name="route", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("settings_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ward_desk_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ward_desk_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_desk")),
        sa.UniqueConstraint("site_id", name=op.f("uq_ward_desk_site_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_ward_desk_uid")),
    )
    with op.batch_alter_table("ward_desk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ward_desk_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "ward_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("status_code", sa.String(length=26), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("same_as_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "reported",
                "confirmed",
                "merged",
                "solved",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("device_stopped", sa.Boolean(), nullable=False),
        sa.Column(
            "harm",
            sa.Enum("no", "possible", "yes", name="harm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_hazard", sa.Boolean(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.Text(), nullable=False),
        sa.Column("extension", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_ward_report_company_id_company")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_ward_report_department_id_department")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_ward_report_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ward_report_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_ward_report_request_id_service_request")
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["service_request.id"], name=op.f("fk_ward_report_same_as_id_service_request")
        ),
        sa.ForeignKeyConstraint(["settled_by_id"], ["account.id"], name=op.f("fk_ward_report_settled_by_id_account")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ward_report_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_report")),
        sa.UniqueConstraint("number", name=op.f("uq_ward_report_number")),
        sa.UniqueConstraint("status_code", name=op.f("uq_ward_report_status_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_ward_report_uid")),
    )
    with op.batch_alter_table("ward_report", schema=None) as batch_op:
        batch_op.create_index("ix_ward_report_device_id_state", ["device_id", "state"], unique=False)
        batch_op.create_index(
            "ix_ward_report_organisation_id_at", ["organisation_id", "reported_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ward_report_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_ward_report_state_waits", ["state", "waits_since"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ward_report", schema=None) as batch_op:
        batch_op.drop_index("ix_ward_report_state_waits")
        batch_op.drop_index(batch_op.f("ix_ward_report_request_id"))
        batch_op.drop_index("ix_ward_report_organisation_id_at")
        batch_op.drop_index("ix_ward_report_device_id_state")

    op.drop_table("ward_report")
    with op.batch_alter_table("ward_desk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ward_desk_organisation_id"))

    op.drop_table("ward_desk")
