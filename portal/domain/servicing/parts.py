"""The parts that an order replaced, and where a numbered part is (RPR-11; PRT-5, part → job → device → hospital)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import Message, NotValid
from portal.domain.devices.models import Whereabouts
from portal.domain.servicing.models import PartUsed, WorkOrder
from portal.domain.servicing.words import OrderState

TEXTS = ("name", "part_number", "lot_in", "serial_in", "serial_out")


def replace(session: Session, order: WorkOrder, given: Sequence[Mapping[str, Any]]) -> None:
    """Let the order have these lines; what did not change is left alone. Raises NotValid.

    A line: name, quantity (a number or its text); part_number, lot_in, serial_in, serial_out; whereabouts, a word of
    Whereabouts or nothing.
    """
    lines = [_line(order, position, row) for position, row in enumerate(given, 1)]
    if [line.facts for line in lines] == order.parts_replaced:
        return
    _refuse_twice(lines)
    _refuse_elsewhere(session, order, lines)
    order.parts = lines


def _line(order: WorkOrder, position: int, row: Mapping[str, Any]) -> PartUsed:
    texts = {name: str(row.get(name) or "").strip() for name in TEXTS}
    return PartUsed(
        device_id=order.request.device_id,
        position=position,
        thousandths=int(Decimal(str(row["quantity"])) * 1000),
        whereabouts=Whereabouts(row["whereabouts"]) if row.get("whereabouts") else None,
        **texts,
    )


def _key(part: PartUsed) -> tuple[str, str]:
    """What makes two pieces the same: their number, or else their name, and the serial number put in."""
    return part.part_number or part.name, part.serial_in


def _refuse_twice(lines: Sequence[PartUsed]) -> None:
    keys = [_key(line) for line in lines if line.serial_in]
    for key in keys:
        if keys.count(key) > 1:
            raise NotValid(
                parts_replaced=Message("Serial number %(serial)s stands in two lines: check both.", serial=key[1])
            )


def _refuse_elsewhere(session: Session, order: WorkOrder, lines: Sequence[PartUsed]) -> None:
    """One piece is in one place: where its serial number is recorded elsewhere, somebody misread it, there or here."""
    wanted = {_key(line) for line in lines if line.serial_in}
    serials = {serial for _part, serial in wanted}
    for known in places(session, serials, besides=order) if serials else ():
        if _key(known) in wanted:
            raise NotValid(
                parts_replaced=Message(
                    "%(part)s %(serial)s is recorded in %(device)s (%(order)s). Check the number; if it was taken out "
                    "there, record that first.",
                    part=known.name,
                    serial=known.serial_in,
                    device=known.device.number,
                    order=known.order.number,
                )
            )


def places(session: Session, serials: set[str], besides: WorkOrder | None = None) -> Iterator[PartUsed]:
    """The lines by which parts with these serial numbers are in a device now: put in, and not taken out since."""
    statement = _in_place().where(PartUsed.serial_in.in_(serials)).options(joinedload(PartUsed.device))
    if besides is not None:
        statement = statement.where(PartUsed.order_id != besides.id)
    yield from session.scalars(statement)


def fitted(session: Session, device_id: int) -> list[PartUsed]:
    """The parts that finished work put into a device and that are in it now, the last first."""
    here = _in_place().where(PartUsed.device_id == device_id, WorkOrder.state == OrderState.DONE)
    here = here.order_by(PartUsed.id.desc()).limit(100)
    return list(session.scalars(here))


def _in_place() -> sa.Select:
    """Lines of orders that were not cancelled, whose part no later line took out again."""
    later = sa.orm.aliased(PartUsed)
    taken_out = sa.select(later.id).where(
        later.id > PartUsed.id,
        later.serial_out != "",
        later.serial_out == PartUsed.serial_in,
        later.device_id == PartUsed.device_id,
    )
    statement = sa.select(PartUsed).join(PartUsed.order).options(sa.orm.contains_eager(PartUsed.order))
    return statement.where(WorkOrder.state != OrderState.CANCELLED, ~taken_out.exists())
