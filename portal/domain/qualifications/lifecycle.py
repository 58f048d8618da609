"""What can be done to certificates. A wrong one is withdrawn and recorded anew."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.permissions import P
from portal.domain.qualifications.models import Certificate


def not_withdrawn(act: Act) -> Message | None:
    return Message("This certificate was withdrawn already.") if act.record.withdrawn_on else None


def not_ones_own(act: Act) -> Message | None:
    return own_certificates(act.actor.id, act.record.account_id)


def own_certificates(actor_id: int | None, account_id: int) -> Message | None:
    """Nobody attests their own skill."""
    return Message("Somebody else must keep your certificates.") if actor_id == account_id else None


RECORD = Verb("record", on=NEW, permission=P.CERTIFICATE_EDIT, label=Message("Record a certificate"))
WITHDRAW = Verb(
    "withdraw",
    on=ANY,
    permission=P.CERTIFICATE_EDIT,
    label=Message("Withdraw the certificate"),
    needs=(not_withdrawn, not_ones_own),
    asks_reason=True,
)

CERTIFICATE_LIFECYCLE = Lifecycle(Certificate, None, [RECORD, WITHDRAW])
