"""Who is told of absences. Texts stand in templates/notices."""

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

DECIDE = (Role.MANAGER, Role.DEALER_DESK)

ABSENCE_ASKED = declare(
    NoticeKind(
        "absence_asked",
        label=Message("Somebody asks for leave"),
        title=Message("%(name)s asks for leave from %(first)s to %(last)s"),
        concerns=frozenset(DECIDE),
    )
)
ABSENCE_DECIDED = declare(
    NoticeKind(
        "absence_decided",
        label=Message("Your leave was approved or refused"),
        title=Message("Your leave from %(first)s to %(last)s was decided"),
        concerns=frozenset({Role.TECHNICIAN}),
    )
)


def absence_asked(act: Act) -> None:
    """To those who decide, unless they asked for it themselves."""
    deciders = holders(act.session, P.ABSENCE_DECIDE, act.record, DECIDE)
    _tell(act, ABSENCE_ASKED, [each for each in deciders if each.id != act.actor.id])


def absence_decided(act: Act) -> None:
    _tell(act, ABSENCE_DECIDED, [act.record.account])


def _tell(act: Act, kind: NoticeKind, people: list) -> None:
    absence = act.record
    params = {"name": absence.account.name, "first": str(absence.first_on), "last": str(absence.last_on)}
    notify(act.session, kind, people, root=absence, params=params, cause_id=act.entry.id)
