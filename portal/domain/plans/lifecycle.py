"""What can be done to price lists and repair plans. Gates after forms-and-rules 2.2: R1 (consent before work)."""

from zoneinfo import ZoneInfo

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.cover import queries as cover
from portal.domain.cover.models import Choice
from portal.domain.permissions import P
from portal.domain.plans import notices, queries
from portal.domain.plans.models import PriceItem, RepairPlan
from portal.domain.plans.words import PlanState
from portal.domain.servicing.words import OrderState

S = PlanState

AT_WORK = (OrderState.ACCEPTED, OrderState.TRAVELLING, OrderState.ON_SITE, OrderState.TESTING)
"""States of a work order in which a plan is made."""

ADD_PRICE = Verb("add", on=NEW, permission=P.PRICE_EDIT, label=Message("Add price"))
EDIT_PRICE = Verb("edit", on=ANY, permission=P.PRICE_EDIT, label=Message("Change price"), edits="terms")
PRICE_LIFECYCLE = Lifecycle(PriceItem, None, [ADD_PRICE, EDIT_PRICE])


def _its_order(plan: RepairPlan) -> list:
    return [plan.order, plan.order.request]


def at_work(act: Act) -> Message | None:
    """A plan is made while its work order is being worked on."""
    if act.record.order.state in AT_WORK:
        return None
    return Message("A plan can be made and offered only while the technician is at the work order.")


def exclusion_explained(act: Act) -> Message | None:
    """Excluding cover needs its reason and its evidence, a photo or a file (RPR-5)."""
    plan: RepairPlan = act.record
    if not plan.excluded:
        return None
    if not plan.exclusion_reason.strip():
        return Message("Say why cover is excluded, and how we know.")
    if not queries.has_evidence(act.session, plan):
        return Message("Cover is excluded: add a photo or a file that proves it.")
    return None


def who_pays_is_clear(act: Act) -> Message | None:
    """The plan keeps to what was decided on the request (WAR-11)."""
    plan: RepairPlan = act.record
    decision = cover.decision(act.session, plan.order.request)
    if decision is None:
        return None
    if decision.choice is Choice.TO_CLARIFY:
        return Message("It is still to be clarified who pays: the service desk decides that on the request first.")
    if decision.choice is Choice.EXCLUDED and not plan.excluded:
        return Message("The service desk decided that cover is excluded: say so in the plan, with the evidence.")
    return None


def disputed(act: Act) -> Message | None:
    return None if act.record.is_disputed else Message("Nobody disputes who pays, or that is decided already.")


def not_disputed(act: Act) -> Message | None:
    return Message("Your objection is being looked at already.") if act.record.is_disputed else None


def exclusion_confirmed(act: Act) -> Message | None:
    """Excluding cover needs a second person (RPR-5)."""
    if act.record.needs_confirmation:
        return Message("Cover is excluded: a second person must confirm that before the plan can be offered.")
    return None


def not_the_drafter(act: Act) -> Message | None:
    if act.actor.id == act.record.drafted_by_id:
        return Message("Whoever drew up the plan cannot confirm the exclusion: it needs a second person.")
    return None


def not_the_disputed(act: Act) -> Message | None:
    if act.actor.id == act.record.drafted_by_id:
        return Message("Whoever drew up the plan cannot decide the objection to it: it needs a second person.")
    return None


def still_valid(act: Act) -> Message | None:
    """An offer holds to the end of its last day."""
    plan: RepairPlan = act.record
    if act.at.astimezone(ZoneInfo(plan.company.zone)).date() > plan.valid_until:
        return Message("The offer ended on %(day)s. A new plan is needed.", day=plan.valid_until.isoformat())
    return None


DRAFT = Verb("draft", on=NEW, to=S.DRAFT, permission=P.PLAN_DRAW_UP, label=Message("Draw up a plan"), needs=(at_work,))
EDIT = Verb("edit", on=(S.DRAFT,), permission=P.PLAN_DRAW_UP, label=Message("Change the plan"), edits="content")
CONFIRM_EXCLUSION = Verb(
    "confirm_exclusion",
    on=(S.DRAFT,),
    permission=P.PLAN_CONFIRM,
    label=Message("Confirm the exclusion"),
    needs=(exclusion_explained, not_the_drafter),
)
OFFER = Verb(
    "offer",
    on=(S.DRAFT,),
    to=S.OFFERED,
    permission=P.PLAN_DRAW_UP,
    label=Message("Offer the plan"),
    needs=(at_work, who_pays_is_clear, exclusion_explained, exclusion_confirmed, still_valid),
    also_locks=_its_order,
    effects=(notices.plan_offered,),
)
CONSENT = Verb(
    "consent",
    on=(S.OFFERED,),
    to=S.CONSENTED,
    permission=P.DOCUMENT_KEEP,
    label=Message("Consent"),
    also_locks=_its_order,
    effects=(notices.plan_consented,),
)
REFUSE = Verb(
    "refuse",
    on=(S.OFFERED,),
    to=S.REFUSED,
    permission=P.PLAN_ANSWER,
    label=Message("Decline the plan"),
    asks_reason=True,
    also_locks=_its_order,
    effects=(notices.plan_refused,),
)
DISPUTE = Verb(
    "dispute",
    on=(S.OFFERED,),
    permission=P.PLAN_ANSWER,
    label=Message("Dispute who pays"),
    asks_reason=True,
    needs=(not_disputed,),
    also_locks=_its_order,
    effects=(notices.plan_disputed,),
)
KEEP_OFFER = Verb(
    "keep_offer",
    on=(S.OFFERED,),
    permission=P.PLAN_CONFIRM,
    label=Message("The offer stands"),
    asks_reason=True,
    needs=(disputed, not_the_disputed),
    also_locks=_its_order,
    effects=(notices.dispute_decided,),
)
WITHDRAW = Verb(
    "withdraw",
    on=(S.OFFERED,),
    to=S.SUPERSEDED,
    permission=P.PLAN_CONFIRM,
    label=Message("The hospital is right"),
    asks_reason=True,
    needs=(disputed, not_the_disputed),
    also_locks=_its_order,
    effects=(notices.dispute_decided,),
)
FILE_PAPER = Verb(
    "file_paper",
    on=(S.OFFERED, S.CONSENTED),
    permission=P.PLAN_FILE,
    label=Message("File a paper of the hospital"),
)
IN_APPROVAL = Verb(
    "in_approval",
    on=(S.OFFERED,),
    permission=P.PLAN_FILE,
    label=Message("In the hospital's approval"),
    also_locks=_its_order,
)
EXPIRE = Verb(
    "expire",
    on=(S.OFFERED,),
    to=S.EXPIRED,
    permission=P.DOCUMENT_KEEP,
    label=Message("Offer expired"),
    also_locks=_its_order,
    effects=(notices.plan_expired,),
)
SUPERSEDE = Verb(
    "supersede",
    on=(S.OFFERED, S.CONSENTED),
    to=S.SUPERSEDED,
    permission=P.DOCUMENT_KEEP,
    label=Message("Replace by a newer plan"),
)
PLAN_LIFECYCLE = Lifecycle(
    RepairPlan,
    PlanState,
    [
        DRAFT,
        EDIT,
        CONFIRM_EXCLUSION,
        OFFER,
        CONSENT,
        REFUSE,
        DISPUTE,
        KEEP_OFFER,
        WITHDRAW,
        FILE_PAPER,
        IN_APPROVAL,
        EXPIRE,
        SUPERSEDE,
    ],
)
