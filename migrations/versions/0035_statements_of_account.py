"""statements of account; documents of no site"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATEMENTS = "SELECT id FROM document WHERE kind = 'statement'"
REVISIONS = f"SELECT id FROM revision WHERE document_id IN ({STATEMENTS})"


def upgrade() -> None:
    op.create_table(
        "statement_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("total", BIG, nullable=False),
        sa.Column("asked_by_id", BIG, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "done", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_statement_run_asked_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_run")),
        sa.UniqueConstraint("uid", name=op.f("uq_statement_run_uid")),
    )
    op.create_table(
        "statement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("dealer_id", BIG, nullable=True),
        sa.Column("run_id", BIG, nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "issued", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("closing", BIG, nullable=False),
        sa.Column("overdue", BIG, nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_statement_company_id_company")),
        sa.ForeignKeyConstraint(["dealer_id"], ["organisation.id"], name=op.f("fk_statement_dealer_id_organisation")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_statement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["statement_run.id"], name=op.f("fk_statement_run_id_statement_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "company_id", "organisation_id", "month", name=op.f("uq_statement_company_id_organisation_id_month")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_statement_uid")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_at", ["last_event_at", "id"], unique=False)
        batch_op.create_index("ix_statement_month_at", ["month", "last_event_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_run_id"), ["run_id"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.alter_column("site_id", existing_type=BIG, nullable=True)
        batch_op.alter_column("centre_id", existing_type=BIG, nullable=True)


def downgrade() -> None:
    # What came before knows no papers of this kind, and none without a site.
    op.execute(f"DELETE FROM rendition WHERE revision_id IN ({REVISIONS})")
    op.execute(f"DELETE FROM signature WHERE revision_id IN ({REVISIONS})")
    op.execute(f"DELETE FROM revision WHERE document_id IN ({STATEMENTS})")
    op.execute("DELETE FROM document WHERE kind = 'statement'")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.alter_column("centre_id", existing_type=BIG, nullable=False)
        batch_op.alter_column("site_id", existing_type=BIG, nullable=False)

    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_run_id"))
        batch_op.drop_index(batch_op.f("ix_statement_organisation_id"))
        batch_op.drop_index("ix_statement_month_at")
        batch_op.drop_index("ix_statement_at")

    op.drop_table("statement")
    op.drop_table("statement_run")
