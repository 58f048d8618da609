"""What can be done to a rating, and to what is asked in one."""

from datetime import timedelta

from portal.core import figures
from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.permissions import P
from portal.domain.ratings import notices
from portal.domain.ratings.models import RatingAspect, ServiceRating
from portal.domain.ratings.words import RATED, RatingState

S = RatingState
CHANGE_DAYS = figures.declare(
    "rating_change_days", 7, "days", "operating decision: a rating can be thought over for a week"
)


def by_who_gave_it(act: Act) -> Message | None:
    if act.actor.id is not None and act.actor.id == act.record.given_by_id:
        return None
    return Message("Only whoever gave this rating can change it.")


def by_who_wrote_it_down(act: Act) -> Message | None:
    if act.actor.id is not None and act.actor.id == act.record.entered_by_id and act.record.given_by_id is None:
        return None
    return Message("Only whoever wrote this rating down can correct it.")


def still_fresh(act: Act) -> Message | None:
    """A rating stands for good after some days, so that averages of a month that is over hold."""
    days = figures.integer(act.session, CHANGE_DAYS)
    if act.at - act.record.received_at <= timedelta(days=days):
        return None
    return Message("A rating can be changed for %(days)s days; this one stands.", days=days)


def no_complaint_yet(act: Act) -> Message | None:
    return Message("This rating was passed on as a complaint already.") if act.record.complained_of else None


ASK = Verb(
    "ask",
    on=NEW,
    to=S.ASKED,
    permission=P.RATING_KEEP,
    label=Message("Ask for a rating"),
    numbered="RT",
    effects=(notices.rating_asked,),
)
REMIND = Verb(
    "remind",
    on=(S.ASKED,),
    permission=P.RATING_KEEP,
    label=Message("Ask for a rating once more"),
    effects=(notices.rating_asked,),
)
TAKE_OVER = Verb(
    "take_over",
    on=NEW,
    to=S.GIVEN,
    permission=P.RATING_KEEP,
    label=Message("Rated with the signature"),
    edits="answers",
    numbered="RT",
)
TAKE_OVER_AGAIN = Verb(
    "take_over_again",
    on=tuple(S),
    to=S.GIVEN,
    permission=P.RATING_KEEP,
    label=Message("Rated with another signature"),
    edits="answers",
)
RATE = Verb("rate", on=(S.ASKED,), to=S.GIVEN, permission=P.RATING_GIVE, label=Message("Rate"), edits="answers")
RECORD = Verb(
    "record",
    on=(S.ASKED,),
    to=S.GIVEN,
    permission=P.RATING_RECORD,
    label=Message("Write down what was said by telephone"),
    edits="answers",
    claims=True,
)
CHANGE = Verb(
    "change",
    on=RATED,
    permission=P.RATING_GIVE,
    label=Message("Change the rating"),
    edits="answers",
    needs=(by_who_gave_it, still_fresh),
)
CORRECT = Verb(
    "correct",
    on=RATED,
    permission=P.RATING_RECORD,
    label=Message("Correct what was written down"),
    edits="answers",
    needs=(by_who_wrote_it_down, still_fresh),
)
LOOK_INTO = Verb(
    "look_into",
    on=(S.GIVEN, S.SETTLED),
    to=S.LOW,
    permission=P.RATING_KEEP,
    label=Message("To be followed up"),
    effects=(notices.rating_low,),
)
FOLLOW_UP = Verb(
    "follow_up",
    on=(S.GIVEN, S.LOW),
    to=S.SETTLED,
    permission=P.RATING_FOLLOW_UP,
    label=Message("Followed up"),
    effects=(notices.rating_answered,),
)
COMPLAIN = Verb(
    "complain",
    on=RATED,
    permission=P.RATING_FOLLOW_UP,
    label=Message("Pass on as a complaint"),
    needs=(no_complaint_yet,),
)
RATING_LIFECYCLE = Lifecycle(
    ServiceRating,
    RatingState,
    [
        ASK,
        REMIND,
        TAKE_OVER,
        TAKE_OVER_AGAIN,
        RATE,
        RECORD,
        CHANGE,
        CORRECT,
        LOOK_INTO,
        FOLLOW_UP,
        COMPLAIN,
    ],
)

ADD = Verb("add", on=NEW, permission=P.RATING_ASPECT_EDIT, label=Message("Add to what is asked"))
EDIT = Verb("edit", on=ANY, permission=P.RATING_ASPECT_EDIT, label=Message("Change what is asked"), edits="aspect")
ASPECT_LIFECYCLE = Lifecycle(RatingAspect, None, [ADD, EDIT])
