"""What ratings mean beyond the rows of their verbs (SRV-1, SRV-2).

Each finished service has one rating: the customer gives it with the signature, or is asked for it once. A low one is
told at once to those who can still put it right, and what is a complaint goes on as one (F21).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.errors import Message, NotValid
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Grant, Person
from portal.core.verbs import Act, Effect, setting
from portal.domain.complaints import lifecycle as complaint_verbs
from portal.domain.complaints.models import Complaint
from portal.domain.complaints.service import of_request as complaint_of
from portal.domain.documents.kinds import SERVICE_REPORT, BlockName
from portal.domain.documents.models import Signature
from portal.domain.permissions import RULES, P, Role, Scope
from portal.domain.policies import calendars, waiting
from portal.domain.ratings import aspects, lifecycle, links, queries
from portal.domain.ratings.models import RatingLink, ServiceRating
from portal.domain.ratings.words import SCORES, RatingState, Source
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.service import order_of
from portal.domain.servicing.words import Harm

LOW = figures.declare("rating_low_score", 2, "of 5", "operating decision: whoever is dissatisfied is called back")
REMINDER_DAYS = figures.declare(
    "rating_reminder_days", 0, "working days", "operating decision: nobody is asked twice (0: never)", least=0
)

OF_THE_ORDER = ("company_id", "request_id", "organisation_id", "dealer_id", "centre_id", "technician_id")


@dataclass(frozen=True)
class Answers:
    """What the customer says: `score` 1 to 5; `aspects` uid → score, or None for not applicable."""

    score: int
    opinion: str = ""
    is_complaint: bool = False
    aspects: Mapping[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.score not in SCORES:
            raise NotValid(score=Message("Please choose one of the scores."))
        if self.is_complaint and not self.opinion.strip():
            raise NotValid(opinion=Message("Say what you complain of."))


def take_up(cause: Act) -> None:
    """Reaction to an issued service report: the evaluation beside the signature is its rating, else one is asked for.

    A report that was corrected and signed anew brings the newer evaluation; nobody is asked a second time.
    """
    if cause.record.form is not SERVICE_REPORT:
        return
    order, signature = order_of(cause.session, cause.record), cause.record.current.signed(BlockName.CUSTOMER)
    known = queries.of_order(cause.session, order)
    if signature is not None and signature.rating:
        if known is None:
            react(cause, lifecycle.TAKE_OVER, _blank(order, cause), _signed(signature))
        else:
            react(cause, lifecycle.TAKE_OVER_AGAIN, known, _signed(signature))
    elif known is None:
        react(cause, lifecycle.ASK, _blank(order, cause), _to_be_reminded)


def _blank(order: WorkOrder, cause: Act) -> ServiceRating:
    request = order.request
    of_the_order = {name: getattr(order, name) for name in OF_THE_ORDER}
    return ServiceRating(
        **of_the_order,
        company=order.company,
        order=order,
        order_id=order.id,
        request=request,
        product_id=request.device.product_id,
        reported_by_id=request.reported_by_id,
        served_at=cause.occurred_at,
    )


def _signed(signature: Signature) -> Effect:
    def change(act: Act) -> None:
        rating: ServiceRating = act.record
        rating.score, rating.opinion = signature.rating, signature.comment
        rating.source, rating.given_by_id, rating.given_name = Source.SIGNATURE, signature.account_id, signature.name
        rating.entered_by_id, rating.remind_at = signature.witness_id, None
        rating.given_at, rating.received_at = signature.signed_at, act.at

    return change


def _to_be_reminded(act: Act) -> None:
    """One reminder after so many working days, where the house wants one."""
    days = figures.integer(act.session, REMINDER_DAYS)
    version = calendars.for_centre(act.session, act.record.centre_id) if days else None
    act.record.remind_at = waiting.opening(version, act.at, days) if version is not None else None


def remind(session: Session, now: datetime, at_most: int) -> int:
    """Ask once more for ratings whose reminder has come at the aware time; returns how many."""
    came = sa.select(ServiceRating).where(ServiceRating.state == RatingState.ASKED, ServiceRating.remind_at <= now)
    found = list(session.scalars(came.order_by(ServiceRating.remind_at).limit(at_most)))
    for rating in found:
        perform(session, lifecycle.REMIND, rating, SYSTEM, setting({"remind_at": None}))
    return len(found)


def rate(session: Session, rating: ServiceRating, person: Person, base_version: int, answers: Answers) -> Act:
    """The customer rates the service, or changes what they said while that is possible. Raises NotNow, Stale."""
    if rating.is_given:
        return perform(session, lifecycle.CHANGE, rating, person, _said(answers), base_version=base_version)
    giver = {"source": Source.ACCOUNT, "given_by_id": person.id, "given_name": person.name}
    change = _given(answers, giver)
    return perform(session, lifecycle.RATE, rating, person, change, base_version=base_version)


def rate_by_link(session: Session, code: str, answers: Answers, name: str, language: str) -> Act:
    """Whoever holds a mailed link rates, without an account; the link is used up. Raises LinkOver, NotNow.

    `name` is what they call themselves, where it is somebody else than whom it was mailed to.
    """
    link = links.use(session, code)
    giver = {"source": Source.LINK, "given_name": name.strip()}
    if link.account is not None and not giver["given_name"]:
        giver |= {"given_by_id": link.account_id, "given_name": link.account.name}
    holder = _holder(link, str(giver["given_name"]), language)
    return perform(session, lifecycle.RATE, link.rating, holder, _given(answers, giver))


def _holder(link: RatingLink, name: str, language: str) -> Person:
    """Whoever holds the link: they may give this one rating, and nothing else."""
    place = {Scope.ORGANISATION: frozenset({link.rating.organisation_id})}
    return Person(
        None,
        name,
        language=language,
        grants=(Grant(Role.CUSTOMER, place),),
        rules={P.RATING_GIVE: RULES[P.RATING_GIVE]},
        subject=f"rating link:{link.id}",
    )


def record(
    session: Session,
    rating: ServiceRating,
    person: Person,
    base_version: int,
    answers: Answers,
    name: str,
    occurred_at: datetime | None = None,
) -> Act:
    """Write down what `name` said by telephone, or correct it; who did so is kept. Raises NotValid, NotNow, Stale."""
    if rating.is_given:
        change = _said(answers, given_name=name)
        return perform(session, lifecycle.CORRECT, rating, person, change, base_version=base_version)
    giver = {"source": Source.PHONE, "given_name": name, "entered_by_id": person.id}
    change = _given(answers, giver)
    return perform(
        session, lifecycle.RECORD, rating, person, change, base_version=base_version, occurred_at=occurred_at
    )


def _given(answers: Answers, giver: Mapping[str, object]) -> Effect:
    """What was said for the first time, by whom and when; links that were mailed for it work no more."""
    say = _said(answers, **giver)

    def change(act: Act) -> None:
        say(act)
        act.record.given_at, act.record.received_at, act.record.remind_at = act.occurred_at, act.at, None
        links.retire(act.session, act.record.id)

    return change


def _said(answers: Answers, **values: object) -> Effect:
    def change(act: Act) -> None:
        said = {"score": answers.score, "opinion": answers.opinion.strip(), "is_complaint": answers.is_complaint}
        said["aspects"] = aspects.kept(act.session, answers.aspects)
        setting(said | values)(act)

    return change


def look_into(cause: Act) -> None:
    """Reaction to a rating: a low one, or one that complains, is for somebody to follow up."""
    rating: ServiceRating = cause.record
    is_low = rating.score <= figures.integer(cause.session, LOW) or rating.is_complaint
    if is_low and rating.state in lifecycle.LOOK_INTO.on:
        react(cause, lifecycle.LOOK_INTO, rating)


def pass_on(cause: Act) -> None:
    """Reaction to a rating: the customer calls it a complaint, so it becomes one (F42, F21)."""
    rating: ServiceRating = cause.record
    if rating.is_complaint and not rating.complained_of:
        react(cause, lifecycle.COMPLAIN, rating, setting({"complained_of": rating.opinion}))


def complain(session: Session, rating: ServiceRating, person: Person, text: str) -> Act:
    """Pass the rating on as a complaint: `text` is what is complained of. Raises NotNow, NotValid."""

    def change(act: Act) -> None:
        if not text.strip():
            raise NotValid(complained_of=Message("Say what is complained of."))
        rating.complained_of = text.strip()

    return perform(session, lifecycle.COMPLAIN, rating, person, change)


def open_complaint(cause: Act) -> None:
    """Reaction to a rating that is a complaint: it is opened, or the one about the same request is opened again."""
    rating: ServiceRating = cause.record
    known = complaint_of(cause.session, rating.request)
    if known is None:
        react(cause, complaint_verbs.OPEN, _complaint(rating, cause))
    else:
        content = f"{known.content}\n\n{rating.complained_of}"
        react(cause, complaint_verbs.RENEW, known, setting({"content": content}))


def _complaint(rating: ServiceRating, cause: Act) -> Complaint:
    request = rating.request
    return Complaint(
        company=request.company,
        request=request,
        request_id=request.id,
        device_id=request.device_id,
        organisation_id=request.organisation_id,
        site_id=request.site_id,
        dealer_id=request.dealer_id,
        centre_id=request.centre_id,
        harm=Harm.NO,
        is_event=False,
        content=rating.complained_of,
        opened_at=cause.occurred_at,
    )


def follow_up(session: Session, rating: ServiceRating, person: Person, note: str, answer: str = "") -> Act:
    """Somebody has looked into it: `note` is for us, `answer` is told to the customer."""

    def change(act: Act) -> None:
        rating.note, rating.answer = note.strip(), answer.strip()
        rating.settled_at, rating.settled_by_id = act.at, person.id

    return perform(session, lifecycle.FOLLOW_UP, rating, person, change)
