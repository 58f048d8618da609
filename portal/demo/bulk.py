"""Large sets for measuring: what the demonstration told, copied thousands of times with its trail.

A copy is whole: the request with its messages, orders, logs, promised times and waits, each with a trail that
verifies. Copies go to the database in batches through Core, all signed by one verb of the company. Papers, photos and
notices are not copied.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.audit import GENESIS, canonical, chain
from portal.core.db import Base, new_uid, writing
from portal.core.errors import Message
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.core.verbs import ANY, Act, Verb
from portal.domain.accounts.models import new_badge_code
from portal.domain.devices.models import new_label_code
from portal.domain.organisations.models import Company
from portal.domain.permissions import P
from portal.domain.servicing.words import OPEN_REQUESTS

MULTIPLY = Verb("multiply", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Multiply"))

BELOW = {
    "service_request": (("request_message", "request_id"), ("work_order", "request_id")),
    "work_order": (("work_log", "order_id"),),
    "account": (("role_grant", "account_id"),),
    "clock": (("clock_pause", "clock_id"),),
    "audit_entry": (("audit_personal", "entry_id"),),
}
"""Table → the tables of what belongs to one of its rows, each with the column that says so."""

ROOTED = {
    "service_request": ("waiting", "clock", "audit_entry"),
    "work_order": ("audit_entry",),
    "clock": ("audit_entry",),
    "waiting": ("audit_entry",),
    "device": ("audit_entry",),
    "account": ("audit_entry",),
}
"""Table → the tables that name one of its rows by its kind and id."""

OWN_KEYS = {
    "request_id": "service_request",
    "order_id": "work_order",
    "clock_id": "clock",
    "waiting_id": "waiting",
    "account_id": "account",
    "entry_id": "audit_entry",
}
"""Columns that name another row of the same copy."""

OPEN_SHARE = 20
"""One copy in so many is of a request that is still open; those are of the last month."""

OPEN_DAYS, ALL_DAYS = 30, 1000
BATCH = 500


@dataclass(frozen=True)
class Size:
    """How many there shall be when all is done."""

    requests: int = 20_000
    devices: int = 5_000
    people: int = 300


Row = dict[str, Any]
Rows = list[tuple[str, Row]]
"""Rows with the names of their tables; whatever is named stands before what names it."""


@dataclass
class Copier:
    """Makes copies under ids, numbers and times of their own."""

    session: Session
    ids: dict[str, Iterator[int]] = field(default_factory=dict)
    waiting: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def copy(self, rows: Rows, shift: timedelta = timedelta(0), **changes: Any) -> None:
        """Copy the rows; `changes` are values of the first one."""
        ids = {(table, row["id"]): self._next_id(table) for table, row in rows if "id" in row}
        root_number = changes.get("number")
        made = []
        for n, (table, row) in enumerate(rows):
            new = {name: _moved(value, shift) for name, value in row.items()} | (changes if n == 0 else {})
            _rename(table, new, ids)
            if "root_number" in new and root_number:
                new["root_number"] = root_number
            made.append((table, new))
        _chain_anew(made, ids, shift)
        for table, row in made:
            self.waiting[table].append(row)

    def flush(self) -> None:
        """Send what waits, tables in the order of their dependence."""
        for table in Base.metadata.sorted_tables:
            if rows := self.waiting.pop(table.name, None):
                self.session.execute(sa.insert(table), rows)

    def _next_id(self, table: str) -> int:
        if table not in self.ids:
            last = self.session.scalar(sa.select(sa.func.max(Base.metadata.tables[table].c.id)))
            self.ids[table] = count((last or 0) + 1)
        return next(self.ids[table])


def _moved(value: Any, shift: timedelta) -> Any:
    return value + shift if isinstance(value, datetime) else value


def _rename(table: str, row: Row, ids: dict[tuple[str, int], int]) -> None:
    """Give a row its own id and uid, and let it name the rows of its own copy."""
    if "id" in row:
        row["id"] = ids[table, row["id"]]
    if "uid" in row:
        row["uid"] = new_uid()
    if "root_id" in row:
        row["root_id"] = ids.get((row["root_kind"], row["root_id"]), row["root_id"])
    for name in OWN_KEYS.keys() & row.keys():
        row[name] = ids.get((OWN_KEYS[name], row[name]), row[name])


def _chain_anew(rows: Rows, ids: dict[tuple[str, int], int], shift: timedelta) -> None:
    """Tell the trail of the copies about the copies, and link it."""
    heads: dict[tuple[str, int], str] = {}
    for _, row in (pair for pair in rows if pair[0] == "audit_entry"):
        key = row["root_kind"], row["root_id"]
        row["text"] = _retold(row, ids, shift)
        row["previous"] = heads.get(key, GENESIS)
        row["hash"] = heads[key] = chain(row["previous"], row["text"])
    for table, row in rows:
        if "audit_head" in row:
            row["audit_head"] = heads.get((table, row["id"]), GENESIS)
        if table == "audit_personal":
            row["data"] = {_readdressed(name, ids): value for name, value in row["data"].items()}


def _retold(row: Row, ids: dict[tuple[str, int], int], shift: timedelta) -> str:
    facts = json.loads(row["text"])
    for change in facts["changes"]:
        change["id"] = ids.get((change["table"], change["id"]), change["id"])
    times = {name: datetime.fromisoformat(facts[name]) + shift for name in ("at", "occurred_at")}
    return canonical(facts | times | {"root": [row["root_kind"], row["root_id"], row["seq"]]})


def _readdressed(name: str, ids: dict[tuple[str, int], int]) -> str:
    """`table/id/column`, of the copy."""
    table, _, rest = name.partition("/")
    old, _, column = rest.partition("/")
    return f"{table}/{ids.get((table, int(old)), old)}/{column}" if column else name


@dataclass
class Samples:
    """What the demonstration made, to be copied."""

    session: Session

    def whole(self, table: str, row: Row) -> Rows:
        """A row with all that hangs on it."""
        found: Rows = [(table, row)]
        for below, column in BELOW.get(table, ()):
            for each in self._of(below, column, row["id"]):
                found += self.whole(below, each)
        for rooted in ROOTED.get(table, ()):
            for each in self._rooted(rooted, table, row["id"]):
                found += self.whole(rooted, each)
        return found

    def all(self, table: str) -> list[Row]:
        columns = Base.metadata.tables[table]
        return self._rows(sa.select(columns).order_by(columns.c.id))

    def _of(self, table: str, column: str, value: int) -> list[Row]:
        columns = Base.metadata.tables[table]
        return self._rows(sa.select(columns).where(columns.c[column] == value).order_by(*columns.primary_key))

    def _rooted(self, table: str, root_kind: str, root_id: int) -> list[Row]:
        columns = Base.metadata.tables[table]
        of_root = columns.c.root_kind == root_kind, columns.c.root_id == root_id
        return self._rows(sa.select(columns).where(*of_root).order_by(columns.c.id))

    def _rows(self, statement: sa.Select) -> list[Row]:
        return [dict(row) for row in self.session.execute(statement).mappings()]


Plan = Iterator[tuple[Rows, timedelta, Row]]
"""What to copy, how far to move its times, and what is otherwise about the copy's first row."""


def grow(session: Session, size: Size) -> None:
    """Copy what the demonstration made until there is as much as `size` says. Takes `writing()` batch by batch."""
    for plan, wanted in ((_people, size.people), (_devices, size.devices), (_requests, size.requests)):
        _carry_out(list(plan(Samples(session), wanted)))


def _carry_out(planned: list[tuple[Rows, timedelta, Row]]) -> None:
    for start in range(0, len(planned), BATCH):
        with writing("multiply") as session:
            company = session.scalars(sa.select(Company)).one()

            def copy(act: Act, batch: list[tuple[Rows, timedelta, Row]] = planned[start : start + BATCH]) -> None:
                copier = Copier(act.session)
                for rows, shift, changes in batch:
                    copier.copy(rows, shift, **changes)
                copier.flush()

            perform(session, MULTIPLY, company, SYSTEM, copy)


def _people(samples: Samples, wanted: int) -> Plan:
    people = [samples.whole("account", row) for row in samples.all("account")]
    for n, rows in zip(range(len(people), wanted), cycle(people), strict=False):
        account = rows[0][1]
        name, _, domain = account["email"].partition("@")
        own = {"email": f"{name}-{n}@{domain}", "name": f"{account['name']} {n}", "badge_code": new_badge_code()}
        number = account["staff_number"]
        yield rows, timedelta(0), own | {"staff_number": number and f"{number}-{n}"}


def _devices(samples: Samples, wanted: int) -> Plan:
    known = samples.all("device")
    units = [samples.whole("device", row) for row in known if row["serial"]]
    for n, rows in zip(range(len(known), wanted), cycle(units), strict=False):
        serial = f"{rows[0][1]['serial'][:4]}{n:07d}"
        plate = {"serial": serial, "asset_number": f"ZC{n:07d}", "udi_pi": f"(21){serial}"}
        yield rows, timedelta(0), {"number": _number("DV", n), "label_code": new_label_code()} | plate


def _requests(samples: Samples, wanted: int) -> Plan:
    told = [samples.whole("service_request", row) for row in samples.all("service_request")]
    still_open = cycle([rows for rows in told if rows[0][1]["state"] in OPEN_REQUESTS])
    over = cycle([rows for rows in told if rows[0][1]["state"] not in OPEN_REQUESTS])
    alike = _devices_alike(samples.all("device"))
    for n in range(len(told), wanted):
        rows, days = (next(still_open), OPEN_DAYS) if n % OPEN_SHARE == 0 else (next(over), ALL_DAYS)
        age = timedelta(days=days) * (wanted - n) / wanted
        device_id = next(alike[rows[0][1]["device_id"]])
        yield _with_order_numbers(rows, n), -age, {"number": _number("SR", n), "device_id": device_id}


def _devices_alike(devices: list[Row]) -> dict[int, Iterator[int]]:
    """Device → in turn, the devices of the same product at the same site."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for device in devices:
        groups[device["site_id"], device["product_id"]].append(device["id"])
    turns = {key: cycle(ids) for key, ids in groups.items()}
    return {device["id"]: turns[device["site_id"], device["product_id"]] for device in devices}


def _with_order_numbers(rows: Rows, n: int) -> Rows:
    return [
        (table, row | {"number": _number("WO", n, row["id"])} if table == "work_order" else row) for table, row in rows
    ]


def _number(series: str, *parts: int) -> str:
    """In a series of its own, so that the next real number follows the last real one."""
    return f"BULK-{series}-{'-'.join(f'{part:05d}' for part in parts)}"
