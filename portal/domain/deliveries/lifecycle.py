"""Verbs that every kind of record shares. They stand in no lifecycle: no record's state allows or forbids them."""

from portal.core.errors import Message
from portal.core.verbs import ANY, Verb
from portal.domain.permissions import P

DELIVER_AGAIN = Verb("deliver_again", on=ANY, permission=P.UNDELIVERED_RETRY, label=Message("Deliver again"))
DELIVER_ALL_AGAIN = Verb(
    "deliver_all_again", on=ANY, permission=P.UNDELIVERED_RETRY, label=Message("Deliver all again")
)
RUN_AGAIN = Verb("run_again", on=ANY, permission=P.UNDELIVERED_RETRY, label=Message("Run again"))
SHARED = {verb.name: verb for verb in (DELIVER_AGAIN, DELIVER_ALL_AGAIN, RUN_AGAIN)}
