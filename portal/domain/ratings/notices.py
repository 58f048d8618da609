"""Who is asked for a rating, and who is told of a low one. Texts stand in templates/notices."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.db import writing
from portal.core.errors import Message
from portal.core.notices import Addressee, Notice, NoticeKind, Recipient, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import held_for, holders
from portal.domain.organisations.models import Contact, ContactFunction
from portal.domain.permissions import P, Role
from portal.domain.ratings import links
from portal.domain.ratings.models import ServiceRating

HOSPITAL = (Role.CUSTOMER, Role.WARD)
LOOK_INTO = (Role.MANAGER, Role.DESK, Role.DEALER_DESK)


def _link(session: Session, notice: Notice) -> Mapping[str, Any]:
    """The code is drawn when the mail is written, so that it stands in no row, queue or log, only in the mail."""
    with writing("link to a rating") as writer:
        code = links.make(writer, notice.root_id, notice.person_id)
    return {"code": code, "days": figures.integer(session, links.DAYS)}


RATING_ASKED = declare(
    NoticeKind(
        "rating_asked",
        label=Message("How was the service?"),
        title=Message("How was the service on %(request)s?"),
        context=_link,
        concerns=frozenset(HOSPITAL),
    )
)
RATING_LOW = declare(
    NoticeKind(
        "rating_low",
        label=Message("A customer was not satisfied"),
        title=Message("%(score)s of 5 for the service on %(request)s"),
        concerns=frozenset(LOOK_INTO),
    )
)
RATING_ANSWERED = declare(
    NoticeKind(
        "rating_answered",
        label=Message("Your rating was answered"),
        title=Message("Your rating of the service on %(request)s was answered"),
        concerns=frozenset(HOSPITAL),
    )
)


def rating_asked(act: Act) -> None:
    """Once, to whoever reported it; else to the equipment department, or to its contact without an account."""
    _tell(act, RATING_ASKED, _asked(act.session, act.record))


def _asked(session: Session, rating: ServiceRating) -> Sequence[Recipient]:
    may = held_for(P.RATING_GIVE, rating, HOSPITAL)
    reporter = session.scalars(sa.select(Account).where(Account.id == rating.reported_by_id, may)).all()
    return reporter or holders(session, P.RATING_GIVE, rating, (Role.CUSTOMER,)) or _contact(session, rating)


def _contact(session: Session, rating: ServiceRating) -> Sequence[Recipient]:
    """The contact whom the request names, else one of the equipment department, if a mail reaches them."""
    mine = sa.select(Contact).where(Contact.organisation_id == rating.organisation_id, Contact.email != "")
    named, equips = Contact.name == rating.request.contact_name, Contact.function == ContactFunction.EQUIPMENT
    found = session.scalars(mine.order_by(named.desc(), equips.desc(), Contact.id).limit(1)).all()
    return [Addressee(each.email, rating.request.language, rating.company.zone) for each in found]


def rating_low(act: Act) -> None:
    """To the manager, our desk and the dealer's, at once (SRV-2)."""
    _tell(act, RATING_LOW, holders(act.session, P.RATING_SEE, act.record, LOOK_INTO), score=act.record.score)


def rating_answered(act: Act) -> None:
    """To whoever gave it, where there is an answer for them."""
    if act.record.answer and act.record.given_by is not None:
        _tell(act, RATING_ANSWERED, [act.record.given_by])


def _tell(act: Act, kind: NoticeKind, people: Sequence[Recipient], **params: int) -> None:
    rating: ServiceRating = act.record
    params = {"number": rating.number, "request": rating.request.number} | params
    notify(act.session, kind, people, root=rating, params=params, cause_id=act.entry.id)
