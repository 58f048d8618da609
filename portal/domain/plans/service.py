"""Drawing up repair plans, offering them, and what follows from the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, setting
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN, BlockName
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import SIGN_VERBS, Signing
from portal.domain.organisations.models import Contact
from portal.domain.plans import lifecycle
from portal.domain.plans.content import payload
from portal.domain.plans.models import Option, PlanLine, PriceItem, RepairPlan
from portal.domain.plans.money import net_and_tax
from portal.domain.plans.words import Basis, LineKind, PlanState
from portal.domain.policies import waiting
from portal.domain.policies.models import WaitingReason
from portal.domain.servicing import orders
from portal.domain.servicing.models import WorkOrder

CONSENT_REASON = "consent"
"""The waiting reason of a case whose plan lies with the customer."""


@dataclass(frozen=True)
class Line:
    """A line as somebody asks for it. What it leaves open is taken from the price list by its code."""

    kind: LineKind
    name: str
    quantity: Decimal
    code: str = ""
    option: str = ""
    unit_price: int | None = None
    tax_rate: int | None = None


def add_price(session: Session, person: Person, **values: Any) -> PriceItem:
    """Add a price to a company's list."""
    return perform(session, lifecycle.ADD_PRICE, PriceItem(**values), person).record


def edit_price(session: Session, item: PriceItem, person: Person, base_version: int, **values: Any) -> Act:
    """Change a price; plans that were drawn up keep what they said."""
    return perform(session, lifecycle.EDIT_PRICE, item, person, setting(values), base_version=base_version)


def latest(session: Session, order: WorkOrder) -> RepairPlan | None:
    """The newest plan of a work order."""
    mine = sa.select(RepairPlan).where(RepairPlan.order_id == order.id).order_by(RepairPlan.revision.desc())
    return session.scalars(mine.limit(1)).first()


def draw_up(session: Session, order: WorkOrder, person: Person, lines: Sequence[Line], **values: Any) -> RepairPlan:
    """Draw up the next plan of a work order; `values` are the fields of its content. Raises NotNow, NotValid."""
    lock(session, order)
    before = latest(session, order)
    if before and before.state is PlanState.DRAFT:
        raise NotNow(Message("A plan is in preparation already: change that one."))
    plan = RepairPlan(
        order=order,
        company=order.company,
        revision=before.revision + 1 if before else 1,
        drafted_by_id=person.id,
        **{name: getattr(order, name) for name in ("organisation_id", "site_id", "dealer_id", "centre_id")},
        technician_id=order.technician_id,
    )
    with session.no_autoflush:
        return perform(session, lifecycle.DRAFT, plan, person, _content(session, plan, lines, values)).record


def change(
    session: Session, plan: RepairPlan, person: Person, base_version: int, lines: Sequence[Line], **values: Any
) -> Act:
    """Change a plan that was not offered yet. A confirmed exclusion must be confirmed again."""
    content = _content(session, plan, lines, values | {"exclusion_confirmed_by_id": None})
    return perform(session, lifecycle.EDIT, plan, person, content, base_version=base_version)


def _content(session: Session, plan: RepairPlan, lines: Sequence[Line], values: dict[str, Any]):
    def write(act: Act) -> None:
        for name, value in values.items():
            setattr(plan, name, value)
        if not lines and not plan.steps.strip():
            raise NotValid(steps=Message("Say what is to be done."))
        if plan.revision > 1 and not plan.why_again:
            raise NotValid(why_again=Message("Say what was found that the earlier plan did not know."))
        prices = _prices(session, plan, act.at, lines)
        plan.lines = [_line(n, line, plan, prices.get(line.code)) for n, line in enumerate(lines, 1)]

    return write


def _prices(session: Session, plan: RepairPlan, at: datetime, lines: Sequence[Line]) -> dict[str, PriceItem]:
    """The prices in force today, by code."""
    codes = {line.code for line in lines if line.code}
    on = at.astimezone(ZoneInfo(plan.company.zone)).date()
    known = sa.select(PriceItem).where(PriceItem.company_id == plan.company.id, PriceItem.code.in_(codes))
    return {item.code: item for item in session.scalars(known) if item.holds(on)} if codes else {}


def _line(position: int, line: Line, plan: RepairPlan, item: PriceItem | None) -> PlanLine:
    """A line with its price and what cover leaves of it. Raises NotValid where nothing says the price."""
    name = line.name or (item and (item.name.zh or item.name.en))
    if not name:
        refusal = Message("“%(code)s” is not in the price list of today: give its name and price.", code=line.code)
        raise NotValid(lines=refusal)
    kind = item.kind if item else line.kind
    unit_price = line.unit_price if line.unit_price is not None else item and item.unit_price
    if unit_price is None:
        raise NotValid(lines=Message("“%(name)s” is not in the price list of today: give its price.", name=name))
    rate = line.tax_rate if line.tax_rate is not None else item.tax_rate if item else 0
    covered = is_covered(plan.order.request.device, kind, plan.basis, reported_on(plan))
    net, tax = (0, 0) if covered else net_and_tax(line.quantity, unit_price, rate)
    return PlanLine(
        position=position,
        option=line.option,
        kind=kind,
        code=line.code,
        name=name,
        unit=(item.unit.zh or item.unit.en) if item else "",
        thousandths=int(line.quantity * 1000),
        unit_price=unit_price,
        tax_rate=rate,
        covered=covered,
        net=net,
        tax=tax,
    )


def reported_on(plan: RepairPlan) -> date:
    """The day of the report in the company's zone: cover is asked for that day."""
    return plan.order.request.reported_at.astimezone(ZoneInfo(plan.company.zone)).date()


def is_covered(device: Device, kind: LineKind, basis: Basis, on: date) -> bool:
    """Whether cover pays a line of this kind on the day `on` (RPR-5, WAR-11)."""
    if basis is Basis.EXCLUDED:
        return False
    if basis is Basis.EXCLUDED_MATERIAL:
        return kind in (LineKind.LABOUR, LineKind.TRAVEL)
    untils = {
        LineKind.PART: device.parts_until,
        LineKind.LABOUR: device.labour_until,
        LineKind.TRAVEL: device.travel_until,
    }
    until = untils.get(kind)
    return until is not None and on <= until


def confirm_exclusion(session: Session, plan: RepairPlan, person: Person) -> Act:
    """The second person confirms that cover is excluded."""
    return perform(
        session, lifecycle.CONFIRM_EXCLUSION, plan, person, setting({"exclusion_confirmed_by_id": person.id})
    )


def offer(session: Session, plan: RepairPlan, person: Person) -> Act:
    """Put the plan before the customer. What follows (freeze, replace the earlier one, wait) are reactions."""

    def stamp(act: Act) -> None:
        plan.offered_at = act.at

    return perform(session, lifecycle.OFFER, plan, person, stamp)


def freeze_offer(cause: Act) -> None:
    """Reaction to an offer: its content is frozen, so that the consent names exactly what was read."""
    plan: RepairPlan = cause.record
    device = plan.order.request.device
    subject = f"{device.product.model} · {device.serial}"
    documents.freeze(
        cause.session, cause, REPAIR_PLAN, plan.order, payload(plan), subject=subject, reason=plan.why_again
    )


def replace_earlier(cause: Act) -> None:
    """Reaction to an offer: the plan before it no longer counts, and work waits for consent to the new one (RPR-4)."""
    plan: RepairPlan = cause.record
    standing = (PlanState.OFFERED, PlanState.CONSENTED)
    earlier = sa.select(RepairPlan).where(
        RepairPlan.order_id == plan.order_id, RepairPlan.revision < plan.revision, RepairPlan.state.in_(standing)
    )
    for one in cause.session.scalars(earlier):
        react(cause, lifecycle.SUPERSEDE, one)
    if plan.order.plan_agreed:
        react(cause, orders.AWAIT_PLAN, plan.order, setting({"plan_agreed": False}))


def await_answer(cause: Act) -> None:
    """Reaction to an offer: the case waits for the customer, and its clocks stop where the reason says so (SLA-4)."""
    plan, session = cause.record, cause.session
    reason = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == CONSENT_REASON)).one_or_none()
    if reason and not _open_waitings(session, plan):
        waiting.begin(session, plan.order.request, SYSTEM, reason, plan.number)


def stop_waiting(cause: Act) -> None:
    """Reaction to an answer: nobody waits for it any more."""
    for one in _open_waitings(cause.session, cause.record):
        waiting.end(cause.session, one, SYSTEM)


def _open_waitings(session: Session, plan: RepairPlan) -> list:
    request = plan.order.request
    found = waiting.open_of(session, request.__tablename__, request.id)
    return [one for one in found if one.reason.key == CONSENT_REASON]


def consent(session: Session, document: Document, person: Person, signing: Signing, seen: str) -> Act:
    """The customer consents by signing what was offered: in the own account, on the tablet or on paper.

    `signing.choice` names the option. Raises NotNow, NotValid; what follows from it are reactions.
    """
    order = session.get_one(WorkOrder, document.root_id)
    plan = latest(session, order)
    lock(session, document, order, order.request, *([plan] if plan else ()))
    if plan is None or plan.state is not PlanState.OFFERED:
        raise NotNow(Message("There is no offer to answer now."))
    option = plan.option(signing.choice)
    if option is None:
        raise NotValid(choice=Message("Choose one of the options."))
    verb = SIGN_VERBS[signing.method]
    may = replace(verb, needs=(*verb.needs, _may_consent(plan, option, signing), _valid(plan)))
    return documents.sign(session, may, document, BlockName.CUSTOMER, person, signing, seen)


def _valid(plan: RepairPlan):
    def guard(act: Act) -> Message | None:
        return lifecycle.still_valid(replace(act, record=plan))

    return guard


def _may_consent(plan: RepairPlan, option: Option, signing: Signing):
    """A guard: whoever consents to a price is a contact with that right and limit (decision: ways to sign)."""

    def guard(act: Act) -> Message | None:
        if option.gross == 0:
            return None
        contacts = contacts_for(act.session, plan, option.gross)
        mine = (c for c in contacts if c.account_id == act.actor.id)
        named = (c for c in contacts if c.name == signing.name)
        if next(mine if signing.method is Method.PASSWORD else named, None):
            return None
        names = ", ".join(contact.name for contact in contacts) or "—"
        said = {"name": signing.name, "names": names}
        return Message("This amount is beyond what %(name)s may consent to. Who may: %(names)s.", **said)

    return guard


def contacts_for(session: Session, plan: RepairPlan, gross: int) -> list[Contact]:
    """The hospital's contacts that may consent to `gross` minor units, by name."""
    may = sa.select(Contact).where(Contact.organisation_id == plan.organisation_id, Contact.consent_limit >= gross)
    return list(session.scalars(may.order_by(Contact.name, Contact.id)))


def agree(cause: Act) -> None:
    """Reaction to the issue of a signed plan: it is consented to, as the signature says."""
    document: Document = cause.record
    if document.form is not REPAIR_PLAN:
        return
    plan = latest(cause.session, cause.session.get_one(WorkOrder, document.root_id))
    signature = document.current.signed(BlockName.CUSTOMER)
    values = {"chosen": signature.choice, "method": signature.method, "answered_at": cause.at}
    react(cause, lifecycle.CONSENT, plan, setting(values))


def let_work(cause: Act) -> None:
    """Reaction to consent: the work order may go on, at the price of the option that was chosen."""
    plan: RepairPlan = cause.record
    fee = plan.option(plan.chosen).gross
    react(cause, orders.AGREE_PLAN, plan.order, setting({"plan_agreed": True, "fee": fee}))


def void_offer(cause: Act) -> None:
    """Reaction to a plan that was declined or ran out: its paper is void."""
    document = documents.of(cause.session, REPAIR_PLAN, cause.record.order)
    documents.void(cause.session, cause, document)


def refuse(session: Session, plan: RepairPlan, person: Person, reason: str) -> Act:
    """The customer declines the offer, and says why."""
    return perform(
        session, lifecycle.REFUSE, plan, person, lambda act: setattr(plan, "answered_at", act.at), reason=reason
    )


def dispute(session: Session, plan: RepairPlan, person: Person, reason: str) -> Act:
    """The customer disputes who pays; the offer stands while somebody looks at it (RPR-5)."""
    return perform(session, lifecycle.DISPUTE, plan, person, reason=reason)


def run_out(session: Session, at: datetime, limit: int = 100) -> int:
    """Let offers expire whose last day is over in their company's zone. Returns how many."""
    candidates = sa.select(RepairPlan).where(RepairPlan.state == PlanState.OFFERED, RepairPlan.valid_until <= at.date())
    ended = 0
    for plan in session.scalars(candidates.order_by(RepairPlan.valid_until, RepairPlan.id).limit(limit)):
        if at.astimezone(ZoneInfo(plan.company.zone)).date() > plan.valid_until:
            perform(session, lifecycle.EXPIRE, plan, SYSTEM)
            ended += 1
    return ended
