"""The content of a repair plan with its quotation, as it is frozen and signed (F04 维修方案及报价确认单)."""

from typing import Any

from portal.domain.plans.models import Option, PlanLine, RepairPlan
from portal.domain.plans.money import capitals
from portal.domain.plans.words import Basis, LineKind
from portal.domain.servicing.facts import company, customer, device, reported

WORDS = {member.value: member.label for enum in (Basis, LineKind) for member in enum}
"""What to say for each code in the payload."""


def payload(plan: RepairPlan) -> dict[str, Any]:
    """The plan as plain values. Amounts are whole minor units of `currency`; quantities are decimals as text."""
    order, currency = plan.order, plan.company.currency
    return {
        "company": company(order),
        "customer": customer(order),
        "device": device(order),
        "request": reported(order.request),
        "order": {"number": order.number, "technician": order.technician.name},
        "plan": {
            "revision": plan.revision,
            "why_again": plan.why_again,
            "steps": plan.steps,
            "minutes": plan.minutes,
            "basis": plan.basis.value,
            "exclusion_reason": plan.exclusion_reason,
            "valid_until": plan.valid_until.isoformat(),
            "currency": currency,
            "standing_consent": _standing_consent(plan),
            "options": [_option(option, currency) for option in plan.options],
        },
    }


def _standing_consent(plan: RepairPlan) -> dict[str, Any] | None:
    """By which contract, in which words and up to which amount the plan is consented to beforehand (RPR-3)."""
    contract = plan.consent_contract
    if contract is None:
        return None
    return {
        "contract": contract.number,
        "clause": contract.standing_clause,
        "limit": contract.standing_limit,
        "until": contract.ends_on.isoformat(),
    }


def _option(option: Option, currency: str) -> dict[str, Any]:
    """One option; capitals are an usage of renminbi alone."""
    return {
        "name": option.name,
        "lines": [_line(line) for line in option.lines],
        "net": option.net,
        "tax": option.tax,
        "gross": option.gross,
        "capitals": capitals(option.gross) if currency == "CNY" else "",
    }


def _line(line: PlanLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "code": line.code,
        "name": line.name,
        "unit": line.unit,
        "quantity": f"{line.quantity.normalize():f}",
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
        "covered": line.covered,
        "share": line.share,
        "net": line.net,
        "gross": line.gross,
    }
