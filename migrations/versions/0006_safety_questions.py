"""safety questions, complaints, routes of requests, more kinds of them, and merging"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


KINDS = ("repair", "installation", "maintenance", "consultation", "training")
MORE_KINDS = ("software", "parts", "complaint", "return", "suggestion")
ADDED = {
    "concern": ("product", "packaging", "conduct", "other"),
    "routed_to": ("service", "quality", "manufacturer", "logistics", "manager"),
}


def upgrade() -> None:
    op.create_table(
        "request_route",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "repair",
                "installation",
                "maintenance",
                "consultation",
                "training",
                "software",
                "parts",
                "complaint",
                "return",
                "suggestion",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "concern",
            sa.Enum(
                "product",
                "packaging",
                "conduct",
                "other",
                name="concern",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "division",
            sa.Enum(
                "service",
                "quality",
                "manufacturer",
                "logistics",
                "manager",
                name="division",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_route")),
        sa.UniqueConstraint("kind", "concern", name=op.f("uq_request_route_kind_concern")),
        sa.UniqueConstraint("uid", name=op.f("uq_request_route_uid")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("device_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("site_id", BIG, nullable=False),
        sa.Column("dealer_id", BIG, nullable=True),
        sa.Column("centre_id", BIG, nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "assessed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "harm",
            sa.Enum("no", "possible", "yes", name="harm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_event", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_substantiated", sa.Boolean(), nullable=True),
        sa.Column("is_reportable", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessment_version", BIG, nullable=False),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_complaint_centre_id_centre")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_complaint_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_complaint_dealer_id_organisation")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_complaint_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_complaint_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_complaint_request_id_service_request")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_complaint_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_complaint_request_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_complaint_uid")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_dealer_id"), ["dealer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_complaint_state_at", ["state", "opened_at", "id"], unique=False)

    op.create_table(
        "safety_screen",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column(
            "asked",
            sa.Enum("intake", "closing", name="asked", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "harm",
            sa.Enum("no", "possible", "yes", name="harm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_event", sa.Boolean(), nullable=False),
        sa.Column("is_complaint", sa.Boolean(), nullable=False),
        sa.Column("is_hazard", sa.Boolean(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_safety_screen_author_id_account")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_safety_screen_request_id_service_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_screen")),
        sa.UniqueConstraint("uid", name=op.f("uq_safety_screen_uid")),
    )
    with op.batch_alter_table("safety_screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_screen_request_id"), ["request_id"], unique=False)

    _widen_requests()


def _widen_requests() -> None:
    with op.batch_alter_table("service_request") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", BIG, nullable=True))
        for name, words in ADDED.items():
            batch_op.add_column(sa.Column(name, sa.String(32), nullable=False, server_default=words[0]))
        batch_op.drop_index(batch_op.f("ix_service_request_first_handler_id"))
    with op.batch_alter_table("service_request") as batch_op:
        for name in ADDED:
            batch_op.alter_column(name, server_default=None)
            batch_op.create_check_constraint(batch_op.f(f"ck_service_request_{name}"), _among(name, ADDED[name]))
        _allow(batch_op, KINDS + MORE_KINDS)
        batch_op.create_index("ix_service_request_first_handler_id_at", ["first_handler_id", "reported_at", "id"])
        batch_op.create_index(batch_op.f("ix_service_request_merged_into_id"), ["merged_into_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_service_request_merged_into_id_service_request"),
            "service_request",
            ["merged_into_id"],
            ["id"],
        )


def _allow(batch_op, kinds: tuple[str, ...]) -> None:
    batch_op.drop_constraint(batch_op.f("ck_service_request_kind"), type_="check")
    batch_op.create_check_constraint(batch_op.f("ck_service_request_kind"), _among("kind", kinds))


def _among(column: str, words: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({quoted})"


def _narrow_requests() -> None:
    """What older versions have no word for becomes a consultation."""
    request = sa.table("service_request", sa.column("kind"))
    op.execute(sa.update(request).where(request.c.kind.not_in(KINDS)).values(kind="consultation"))
    with op.batch_alter_table("service_request") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_service_request_merged_into_id_service_request"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_service_request_merged_into_id"))
        batch_op.drop_index("ix_service_request_first_handler_id_at")
        batch_op.create_index(batch_op.f("ix_service_request_first_handler_id"), ["first_handler_id"])
        for name in ADDED:
            batch_op.drop_constraint(batch_op.f(f"ck_service_request_{name}"), type_="check")
            batch_op.drop_column(name)
        batch_op.drop_column("merged_into_id")
        _allow(batch_op, KINDS)


def downgrade() -> None:
    _narrow_requests()
    with op.batch_alter_table("safety_screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_screen_request_id"))

    op.drop_table("safety_screen")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_state_at")
        batch_op.drop_index(batch_op.f("ix_complaint_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_device_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_dealer_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_centre_id"))

    op.drop_table("complaint")
    op.drop_table("request_route")
