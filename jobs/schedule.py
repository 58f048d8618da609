"""What comes by the clock. TABLE: jobs, as outbox rows, once for each slot. HOOKS: small chores inside the tick."""

from collections.abc import Callable
from dataclasses import dataclass

from jobs import clocks, duty, trail
from portal.core.schedules import Periodic


@dataclass(frozen=True)
class Hook:
    """A chore that the tick does itself every `seconds`, in an application context. Short, and safe to repeat."""

    name: str
    seconds: float
    work: Callable[[], object]


TABLE: tuple[Periodic, ...] = (
    Periodic("tidy the outbox", "20 3 * * *", "Asia/Shanghai", "outbox.tidy"),
    Periodic("tidy the ground", "40 3 * * *", "Asia/Shanghai", "ground.tidy"),
    Periodic("sweep uploads", "17 * * * *", "Asia/Shanghai", "file.sweep"),
    Periodic("let offers run out", "10 * * * *", "Asia/Shanghai", "plans.run_out"),
    Periodic("mail the seal of the trail", "0 7 * * *", "Asia/Shanghai", "trail.mail"),
    Periodic("remind of ward reports", "*/10 * * * *", "Asia/Shanghai", "wards.remind"),
    Periodic("remind of open invoices", "5 9 * * *", "Asia/Shanghai", "charges.chase"),
    Periodic("ask for ratings once more", "25 9 * * *", "Asia/Shanghai", "ratings.remind"),
    Periodic("draw up statements", "30 6 * * *", "Asia/Shanghai", "statements.look"),
    Periodic("look ahead for certificates", "20 8 * * *", "Asia/Shanghai", "certificates.look_ahead"),
    Periodic("look ahead for holidays", "40 8 * * *", "Asia/Shanghai", "calendars.look_ahead"),
)

HOOKS: tuple[Hook, ...] = (
    Hook("seal the trail", 15, trail.seal),
    Hook("put in place what is shipped", 24 * 3600, clocks.install),
    Hook("tell of promised times", 5, clocks.tell),
    Hook("call the next on duty", 5, duty.go_on),
)
