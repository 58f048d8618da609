"""release rules and releases before their review"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BLOCKS, REVIEW = ("engineer", "release", "customer"), "review"
SUBJECTS, RELEASE = ("service", "complaint", "regulatory"), "release"
WORDED = {"signature": "block", "service_policy": "subject"}
POLICY_KEY = "review"
TERMS = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
SIGNATURE = sa.table("signature", sa.column("block"))
CLOCK = sa.table("clock", sa.column("root_kind"))
POLICY = sa.table("service_policy", sa.column("key"), sa.column("subject"))


def upgrade() -> None:
    op.create_table(
        "release_reason",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column(
            "name",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("reason_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_reason")),
        sa.UniqueConstraint("uid", name=op.f("uq_release_reason_uid")),
    )
    op.create_table(
        "release_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_force",
                "superseded",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_release_version_approved_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_release_version_drafted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_version")),
        sa.UniqueConstraint("uid", name=op.f("uq_release_version_uid")),
        sa.UniqueConstraint("version", name=op.f("uq_release_version_version")),
    )
    op.create_table(
        "release_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "risk_class",
            sa.Enum("I", "II", "III", name="risk_class", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("life_support", sa.Boolean(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "review",
            sa.Enum("before", "later", "alone", name="review", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["release_version.id"], name=op.f("fk_release_rule_version_id_release_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_release_rule_uid")),
    )
    with op.batch_alter_table("release_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_rule_version_id"), ["version_id"], unique=False)

    op.create_table(
        "early_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dealer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("centre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due", "passed", "failed", "lapsed", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("is_dangerous", sa.Boolean(), nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_early_release_centre_id_centre")),
        sa.ForeignKeyConstraint(
            ["dealer_id"], ["organisation.id"], name=op.f("fk_early_release_dealer_id_organisation")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_early_release_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_early_release_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["release_reason.id"], name=op.f("fk_early_release_reason_id_release_reason")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["account.id"], name=op.f("fk_early_release_released_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_early_release_reviewed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["release_rule.id"], name=op.f("fk_early_release_rule_id_release_rule")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_early_release_site_id_site")),
        sa.ForeignKeyConstraint(["technician_id"], ["account.id"], name=op.f("fk_early_release_technician_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_release")),
        sa.UniqueConstraint("uid", name=op.f("uq_early_release_uid")),
    )
    with op.batch_alter_table("early_release", schema=None) as batch_op:
        batch_op.create_index("ix_early_release_dealer_id_at", ["dealer_id", "released_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_early_release_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_early_release_state_at", ["state", "released_at", "id"], unique=False)
        batch_op.create_index("ix_early_release_technician_id_at", ["technician_id", "released_at", "id"], unique=False)

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("manner", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("terms", TERMS, server_default=sa.text("'{}'"), nullable=False))
        _allow(batch_op, "signature", (*BLOCKS, REVIEW))
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.alter_column("manner", server_default=None)
        batch_op.alter_column("terms", server_default=None)
    with op.batch_alter_table("service_policy", schema=None) as batch_op:
        _allow(batch_op, "service_policy", (*SUBJECTS, RELEASE))
    op.execute(sa.update(POLICY).where(POLICY.c.key == POLICY_KEY).values(subject=RELEASE))


def _allow(batch_op, table: str, words: tuple[str, ...]) -> None:
    column = WORDED[table]
    batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), f"{column} IN ({listed})")


def downgrade() -> None:
    """Older versions know no review after the release, and no policy for it: it is kept as one that nothing chooses."""
    op.execute(sa.delete(SIGNATURE).where(SIGNATURE.c.block == REVIEW))
    op.execute(sa.delete(CLOCK).where(CLOCK.c.root_kind == "early_release"))
    op.execute(sa.update(POLICY).where(POLICY.c.key == POLICY_KEY).values(subject=SUBJECTS[0]))
    with op.batch_alter_table("service_policy", schema=None) as batch_op:
        _allow(batch_op, "service_policy", SUBJECTS)
    with op.batch_alter_table("signature", schema=None) as batch_op:
        _allow(batch_op, "signature", BLOCKS)
        batch_op.drop_column("terms")
        batch_op.drop_column("manner")

    with op.batch_alter_table("early_release", schema=None) as batch_op:
        batch_op.drop_index("ix_early_release_technician_id_at")
        batch_op.drop_index("ix_early_release_state_at")
        batch_op.drop_index(batch_op.f("ix_early_release_order_id"))
        batch_op.drop_index("ix_early_release_dealer_id_at")

    op.drop_table("early_release")
    with op.batch_alter_table("release_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_rule_version_id"))

    op.drop_table("release_rule")
    op.drop_table("release_version")
    op.drop_table("release_reason")
