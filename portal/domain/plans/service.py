"""Drawing up repair plans, offering them, and what follows from the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.files import Incoming, attach, store
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, setting
from portal.domain.cover import queries as cover
from portal.domain.cover.models import Choice
from portal.domain.cover.queries import Aspect, Share
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN, BlockName
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import SIGN_VERBS, Signing
from portal.domain.organisations.models import Contact
from portal.domain.plans import lifecycle, queries
from portal.domain.plans.content import payload
from portal.domain.plans.models import Option, PlanLine, PriceItem, RepairPlan
from portal.domain.plans.money import net_and_tax
from portal.domain.plans.words import Basis, LineKind, PlanState
from portal.domain.policies import waiting
from portal.domain.policies.choosing import contract_in_force
from portal.domain.policies.models import PriceTerms, Rate, ServiceContract, Waiting, WaitingReason
from portal.domain.servicing import orders
from portal.domain.servicing.models import WorkOrder

CONSENT_REASON = "consent"
"""The waiting reason of a case whose plan lies with the customer."""
DISPUTE_REASON = "dispute"
"""The waiting reason of a case in which we owe an answer to who pays."""
WHOLE = 100

ASPECTS = {LineKind.PART: Aspect.PARTS, LineKind.LABOUR: Aspect.LABOUR, LineKind.TRAVEL: Aspect.TRAVEL}
"""What cover and price terms say of a line of this kind; of others they say nothing."""


@dataclass(frozen=True)
class Pricing:
    """What decides the amounts of a plan's lines: prices of today, and who pays how much by which terms."""

    prices: Mapping[str, PriceItem]
    shares: Mapping[Aspect, Share]
    terms: PriceTerms | None
    basis: Basis
    charged: bool

    def share(self, kind: LineKind) -> int:
        """What cover pays of a line of this kind, in percent."""
        if self.charged or self.basis is Basis.EXCLUDED:
            return 0
        if self.basis is Basis.EXCLUDED_MATERIAL:
            return WHOLE if kind in (LineKind.LABOUR, LineKind.TRAVEL) else 0
        aspect = ASPECTS.get(kind)
        return self.shares[aspect].percent if aspect else 0

    def rate(self, kind: LineKind) -> Rate:
        """How a line of this kind is charged where cover does not pay all of it."""
        aspect = ASPECTS.get(kind)
        return getattr(self.terms, aspect.value) if self.terms and aspect else Rate.LIST


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


def draw_up(
    session: Session,
    order: WorkOrder,
    person: Person,
    lines: Sequence[Line],
    *,
    evidence: Sequence[Incoming] = (),
    **values: Any,
) -> RepairPlan:
    """Draw up the next plan of a work order; `values` are the fields of its content. Raises NotNow, NotValid.

    `evidence` are files that prove why cover is excluded.
    """
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
        return perform(session, lifecycle.DRAFT, plan, person, _content(session, plan, lines, values, evidence)).record


def begin_anew(session: Session, order: WorkOrder, person: Person, why: str, valid_until: date) -> RepairPlan:
    """A draft of the next plan, because of `why`: with what the newest one says. One in preparation stays as it is."""
    before = latest(session, order)
    if before is None:
        return draw_up(session, order, person, (), steps=why, minutes=None, valid_until=valid_until)
    if before.state is PlanState.DRAFT:
        return before
    kept = ("kind", "name", "quantity", "code", "option", "unit_price", "tax_rate")
    lines = [Line(**{name: getattr(line, name) for name in kept}) for line in before.lines]
    content = {name: getattr(before, name) for name in ("steps", "minutes", "basis", "exclusion_reason")}
    return draw_up(session, order, person, lines, **content, why_again=why, valid_until=valid_until)


def change(
    session: Session,
    plan: RepairPlan,
    person: Person,
    base_version: int,
    lines: Sequence[Line],
    *,
    evidence: Sequence[Incoming] = (),
    **values: Any,
) -> Act:
    """Change a plan that was not offered yet. A confirmed exclusion must be confirmed again."""
    content = _content(session, plan, lines, values | {"exclusion_confirmed_by_id": None}, evidence)
    return perform(session, lifecycle.EDIT, plan, person, content, base_version=base_version)


def _content(
    session: Session, plan: RepairPlan, lines: Sequence[Line], values: dict[str, Any], evidence: Sequence[Incoming]
):
    def write(act: Act) -> None:
        for name, value in values.items():
            setattr(plan, name, value)
        if not lines and not plan.steps.strip():
            raise NotValid(steps=Message("Say what is to be done."))
        if plan.revision > 1 and not plan.why_again:
            raise NotValid(why_again=Message("Say what was found that the earlier plan did not know."))
        pricing = _pricing(session, plan, act.at, lines)
        plan.lines = [_line(n, line, pricing) for n, line in enumerate(lines, 1)]
        _keep(act, plan, evidence, queries.EVIDENCE)

    return write


def _keep(act: Act, plan: RepairPlan, files: Sequence[Incoming], purpose: str) -> None:
    """Attach what was sent to the plan."""
    if not files:
        return
    act.session.add(plan)
    act.session.flush()
    for incoming in files:
        file = store(act.session, incoming, organisation_id=plan.organisation_id, created_by_id=act.actor.id)
        attach(act.session, file, root=plan, purpose=purpose, created_by_id=act.actor.id)


def _pricing(session: Session, plan: RepairPlan, at: datetime, lines: Sequence[Line]) -> Pricing:
    """Cover is that of the day of the report, prices are those of today."""
    device, on = plan.order.request.device, reported_on(plan)
    decision = cover.decision(session, plan.order.request)
    return Pricing(
        prices=_prices(session, plan, at, lines),
        shares=cover.shares(session, device, on),
        terms=cover.price_terms(session, device, on),
        basis=plan.basis or Basis.BY_COVER,
        charged=decision is not None and decision.choice is Choice.CHARGED,
    )


def _prices(session: Session, plan: RepairPlan, at: datetime, lines: Sequence[Line]) -> dict[str, PriceItem]:
    """The prices in force today, by code."""
    codes = {line.code for line in lines if line.code}
    on = at.astimezone(ZoneInfo(plan.company.zone)).date()
    known = sa.select(PriceItem).where(PriceItem.company_id == plan.company.id, PriceItem.code.in_(codes))
    return {item.code: item for item in session.scalars(known) if item.holds(on)} if codes else {}


def _line(position: int, line: Line, pricing: Pricing) -> PlanLine:
    """A line with its price and what cover leaves of it. Raises NotValid where nothing says the price."""
    item = pricing.prices.get(line.code)
    name = line.name or (item and (item.name.zh or item.name.en))
    if not name:
        refusal = Message("“%(code)s” is not in the price list of today: give its name and price.", code=line.code)
        raise NotValid(lines=refusal)
    kind = item.kind if item else line.kind
    unit_price = _unit_price(line, name, item, pricing.rate(kind))
    rate = line.tax_rate if line.tax_rate is not None else item.tax_rate if item else 0
    share = pricing.share(kind)
    net, tax = net_and_tax(line.quantity * (WHOLE - share) / WHOLE, unit_price, rate)
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
        covered=share == WHOLE,
        share=share,
        net=net,
        tax=tax,
    )


def reported_on(plan: RepairPlan) -> date:
    """The day of the report in the company's zone: cover is asked for that day."""
    return plan.order.request.reported_at.astimezone(ZoneInfo(plan.company.zone)).date()


def _unit_price(line: Line, name: str, item: PriceItem | None, rate: Rate) -> int:
    """The price each in minor units: as typed, else by the rate of the terms. Raises NotValid where nothing says it."""
    if rate is Rate.FREE:
        return 0
    if line.unit_price is not None:
        return line.unit_price
    if item is None:
        raise NotValid(lines=Message("“%(name)s” is not in the price list of today: give its price.", name=name))
    if rate is Rate.LIST:
        return item.unit_price
    if item.cost_price is None:
        raise NotValid(
            lines=Message("“%(name)s” is charged at cost, which the price list does not say: give it.", name=name)
        )
    return item.cost_price


def confirm_exclusion(session: Session, plan: RepairPlan, person: Person) -> Act:
    """The second person confirms that cover is excluded."""
    return perform(
        session, lifecycle.CONFIRM_EXCLUSION, plan, person, setting({"exclusion_confirmed_by_id": person.id})
    )


def offer(session: Session, plan: RepairPlan, person: Person) -> Act:
    """Put the plan before the customer. What follows (freeze, replace the earlier one, wait) are reactions."""

    def stamp(act: Act) -> None:
        plan.offered_at = act.at
        plan.consent_contract = _standing_consent(session, plan, act.at)

    return perform(session, lifecycle.OFFER, plan, person, stamp)


def _standing_consent(session: Session, plan: RepairPlan, at: datetime) -> ServiceContract | None:
    """The contract in force today that consents to this plan beforehand (RPR-3).

    None where a choice between options is the customer's, and where cover is excluded, which nobody consents to unseen.
    """
    if plan.excluded or len(plan.options) > 1:
        return None
    on = at.astimezone(ZoneInfo(plan.company.zone)).date()
    contract = contract_in_force(session, plan.organisation_id, plan.site_id, on)
    within = contract and contract.standing_consent and plan.options[0].gross <= contract.standing_limit
    return contract if within else None


def consent_by_contract(cause: Act) -> None:
    """Reaction to an offer that a contract consents to beforehand: its paper is issued, which says so."""
    plan: RepairPlan = cause.record
    if plan.consent_contract_id is not None:
        documents.issue_unsigned(cause, documents.of(cause.session, REPAIR_PLAN, plan.order))


def freeze_offer(cause: Act) -> None:
    """Reaction to an offer: its content is frozen, so that the consent names exactly what was read."""
    plan: RepairPlan = cause.record
    device = plan.order.request.device
    subject = f"{device.product.model} · {device.identity}"
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
    """Reaction to an offer, and to an objection that was decided: the case waits for the customer (SLA-4).

    Its clocks stop where the waiting reason says so.
    """
    if cause.record.consent_contract_id is None:
        stop_waiting(cause, DISPUTE_REASON)
        _wait(cause, CONSENT_REASON)


def await_decision(cause: Act) -> None:
    """Reaction to an objection: not the customer is waited for now, but our own answer (RPR-5)."""
    stop_waiting(cause, CONSENT_REASON)
    _wait(cause, DISPUTE_REASON)


def _wait(cause: Act, key: str) -> None:
    plan, session = cause.record, cause.session
    reason = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == key)).one_or_none()
    if reason and not waitings(session, plan, (key,)):
        waiting.begin(session, plan.order.request, SYSTEM, reason, plan.number)


def stop_waiting(cause: Act, *keys: str) -> None:
    """Reaction to an answer: nobody waits for it any more."""
    for one in waitings(cause.session, cause.record, keys or (CONSENT_REASON, DISPUTE_REASON)):
        waiting.end(cause.session, one, SYSTEM)


def waitings(
    session: Session, plan: RepairPlan, keys: Sequence[str] = (CONSENT_REASON, DISPUTE_REASON)
) -> list[Waiting]:
    """What the case of a plan waits for now because of it."""
    request = plan.order.request
    found = waiting.open_of(session, request.__tablename__, request.id)
    return [one for one in found if one.reason.key in keys]


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
    said = (signature.choice, signature.method) if signature else (plan.options[0].name, None)
    values = {"chosen": said[0], "method": said[1], "answered_at": cause.at}
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

    def change(act: Act) -> None:
        plan.disputed_at, plan.objection = act.at, act.reason
        plan.dispute_decided_at, plan.dispute_answer = None, ""

    return perform(session, lifecycle.DISPUTE, plan, person, change, reason=reason)


def decide_dispute(session: Session, plan: RepairPlan, person: Person, reason: str, *, stands: bool) -> Act:
    """Somebody else than who drew up the plan decides the objection, and the hospital is told why (RPR-5).

    Where the offer does not stand it is withdrawn, its paper void, and another plan follows.
    """

    def change(act: Act) -> None:
        plan.dispute_decided_at, plan.dispute_answer = act.at, act.reason

    verb = lifecycle.KEEP_OFFER if stands else lifecycle.WITHDRAW
    return perform(session, verb, plan, person, change, reason=reason)


def file_papers(session: Session, plan: RepairPlan, person: Person, purpose: str, files: Sequence[Incoming]) -> Act:
    """File the hospital's approval or its purchase order, as `queries.PAPERS` names them (RPR-16)."""
    return perform(session, lifecycle.FILE_PAPER, plan, person, lambda act: _keep(act, plan, files, purpose))


def note_approval(session: Session, plan: RepairPlan, person: Person, expected_on: date | None) -> Act:
    """The quotation goes through the hospital's approval, and is expected back on a day, if that is known (RPR-16).

    We do not remind before that day.
    """

    def change(act: Act) -> None:
        today = act.at.astimezone(ZoneInfo(plan.company.zone)).date()
        if expected_on is not None and expected_on < today:
            raise NotValid(expected_on=Message("This day has passed."))
        plan.in_approval_since = plan.in_approval_since or act.at
        plan.approval_expected_on = expected_on

    return perform(session, lifecycle.IN_APPROVAL, plan, person, change)


def remind_gently(cause: Act) -> None:
    """Reaction to an approval that is under way: the next reminder comes with the day when it is expected."""
    plan: RepairPlan = cause.record
    for one in waitings(cause.session, plan, (CONSENT_REASON,)):
        if plan.approval_expected_on is not None:
            waiting.postpone(cause, one, plan.approval_expected_on)


def run_out(session: Session, at: datetime, limit: int = 100) -> int:
    """Let offers expire whose last day is over in their company's zone. Returns how many."""
    candidates = sa.select(RepairPlan).where(RepairPlan.state == PlanState.OFFERED, RepairPlan.valid_until <= at.date())
    ended = 0
    for plan in session.scalars(candidates.order_by(RepairPlan.valid_until, RepairPlan.id).limit(limit)):
        if at.astimezone(ZoneInfo(plan.company.zone)).date() > plan.valid_until:
            perform(session, lifecycle.EXPIRE, plan, SYSTEM)
            ended += 1
    return ended
