"""fault codes, the diagnosis, and replaced parts as lines

What stood as a list in each work order becomes lines of a table; going back makes the list again.
"""

from decimal import Decimal, InvalidOperation

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT2 = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
LIST = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LENGTHS = {"name": 200, "part_number": 80, "serial_in": 80, "serial_out": 80}
CODES = ("symptom_code_id", "area_code_id", "cause_code_id", "action_code_id")


def words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


ENUMS = {
    "contact_mode": words("contact_mode", "by_phone", "remotely", "at_device"),
    "difficulty": words("difficulty", "minor_repair", "medium_repair", "major_repair"),
    "fault_class": words("fault_class", "ordinary_fault", "urgent_fault"),
    "outlook": words("outlook", "solved_remotely", "repair_on_site", "parts_first", "to_workshop", "help_needed"),
}


def upgrade() -> None:
    _families()
    _codes()
    _parts()
    _diagnosis()
    _lists_to_lines()
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("parts_replaced")


def _families() -> None:
    op.create_table(
        "product_family",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", TEXT2, nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("details_version", BIG, nullable=False),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_family")),
        sa.UniqueConstraint("code", name=op.f("uq_product_family_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_product_family_uid")),
    )
    op.create_index(op.f("ix_product_family_sort_key"), "product_family", ["sort_key"])
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_product_family_id_product_family"), "product_family", ["family_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_product_family_id"), ["family_id"])


def _codes() -> None:
    op.create_table(
        "fault_code",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("kind", words("kind", "symptom", "area", "cause", "action"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", TEXT2, nullable=False),
        sa.Column("family_id", BIG, nullable=True),
        sa.Column("state", words("state", "in_use", "retired"), nullable=False),
        sa.Column("details_version", BIG, nullable=False),
        sa.Column("audit_seq", BIG, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["product_family.id"], name=op.f("fk_fault_code_family_id_product_family")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_code")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_fault_code_kind_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_fault_code_uid")),
    )
    op.create_index("ix_fault_code_code", "fault_code", ["code", "id"])
    op.create_index(op.f("ix_fault_code_family_id"), "fault_code", ["family_id"])


def _parts() -> None:
    op.create_table(
        "part_used",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("device_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("part_number", sa.String(length=80), nullable=False),
        sa.Column("thousandths", BIG, nullable=False),
        sa.Column("lot_in", sa.String(length=80), nullable=False),
        sa.Column("serial_in", sa.String(length=80), nullable=False),
        sa.Column("serial_out", sa.String(length=80), nullable=False),
        sa.Column("whereabouts", words("whereabouts", "old_returned", "old_left", "old_scrapped"), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_part_used_device_id_device")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_part_used_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_used")),
    )
    for column in ("device_id", "order_id", "serial_in", "serial_out"):
        op.create_index(f"ix_part_used_{column}", "part_used", [column])


def _diagnosis() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True))
        for name, kind in ENUMS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name in ("diagnosis", "suspected_cause"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in ("on_the_spot", "needs_parts"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("diagnosis_version", BIG, nullable=False, server_default="0"))
        for name in CODES:
            batch_op.add_column(sa.Column(name, BIG, nullable=True))
            key = batch_op.f(f"fk_work_order_{name}_fault_code")
            batch_op.create_foreign_key(key, "fault_code", [name], ["id"])


ORDERS = sa.table("work_order", sa.column("id", BIG), sa.column("request_id", BIG), sa.column("parts_replaced", LIST))
REQUESTS = sa.table("service_request", sa.column("id", BIG), sa.column("device_id", BIG))
LINES = sa.table(
    "part_used",
    *(sa.column(name, BIG) for name in ("id", "order_id", "device_id", "position", "thousandths")),
    *(sa.column(name, sa.String()) for name in ("name", "part_number", "lot_in", "serial_in", "serial_out")),
)


def _lists_to_lines() -> None:
    connection = op.get_bind()
    found = sa.select(ORDERS.c.id, REQUESTS.c.device_id, ORDERS.c.parts_replaced)
    found = found.join(REQUESTS, REQUESTS.c.id == ORDERS.c.request_id).order_by(ORDERS.c.id)
    lines = [
        {"order_id": order_id, "device_id": device_id, "position": position, "lot_in": ""} | _line(row)
        for order_id, device_id, rows in connection.execute(found)
        for position, row in enumerate(rows or (), 1)
    ]
    if lines:
        connection.execute(sa.insert(LINES), lines)


def _line(row: dict) -> dict:
    try:
        thousandths = int(Decimal(str(row.get("quantity"))) * 1000)
    except (InvalidOperation, OverflowError, ValueError):
        thousandths = 1000
    return {name: str(row.get(name) or "")[:most] for name, most in LENGTHS.items()} | {"thousandths": thousandths}


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts_replaced", LIST, nullable=False, server_default="[]"))
    _lines_to_lists()
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.alter_column("parts_replaced", existing_type=LIST, existing_nullable=False, server_default=None)
        for name in CODES:
            batch_op.drop_constraint(batch_op.f(f"fk_work_order_{name}_fault_code"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in ("diagnosis_version", "needs_parts", "on_the_spot", "suspected_cause", "diagnosis"):
            batch_op.drop_column(name)
        for name in ENUMS:
            batch_op.drop_constraint(batch_op.f(f"ck_work_order_{name}"), type_="check")
            batch_op.drop_column(name)
        batch_op.drop_column("contacted_at")
    op.drop_table("part_used")
    op.drop_table("fault_code")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_family_id"))
        batch_op.drop_constraint(batch_op.f("fk_product_family_id_product_family"), type_="foreignkey")
        batch_op.drop_column("family_id")
    op.drop_table("product_family")


def _lines_to_lists() -> None:
    connection = op.get_bind()
    lists: dict[int, list[dict]] = {}
    for line in connection.execute(sa.select(LINES).order_by(LINES.c.order_id, LINES.c.position)).mappings():
        texts = {name: line[name] for name in LENGTHS}
        quantity = f"{(Decimal(line['thousandths']) / 1000).normalize():f}"
        lists.setdefault(line["order_id"], []).append(texts | {"quantity": quantity})
    for order_id, rows in lists.items():
        connection.execute(sa.update(ORDERS).where(ORDERS.c.id == order_id).values(parts_replaced=rows))
