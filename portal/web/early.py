"""Releases and their reviews on screen: which rule holds for an order and why, and the form of releasing first."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.core.permissions import Person
from portal.domain.permissions import P
from portal.domain.policies.vocabulary import spell
from portal.domain.releases import queries
from portal.domain.releases.models import ReleaseReason, ReleaseRule
from portal.domain.releases.words import Review
from portal.domain.servicing import releasing
from portal.domain.servicing.models import EarlyRelease, WorkOrder
from portal.domain.servicing.words import Kind, OrderState
from portal.web.filters import exact
from portal.web.languages import say
from portal.web.signing import SigningForm

UNDECIDED = (OrderState.ON_SITE, OrderState.TESTING, OrderState.TO_RELEASE)
"""States of an order whose device is still to be released."""


class EarlyForm(SigningForm):
    """Releases first, for a reason of the list, with the password."""

    reason = RadioField(_l("Why can it not wait?"), validators=[DataRequired()])
    note = TextAreaField(_l("Anything to add?"), validators=[Length(max=500)])

    def offer(self, reasons: list[ReleaseReason]) -> None:
        """Let one of these be chosen."""
        self.ids = {reason.uid: reason.id for reason in reasons}
        self.reason.choices = [(reason.uid, say(reason.name)) for reason in reasons]


def cases(rule: ReleaseRule) -> str:
    """What a rule is for, in a few words: "Life support", "Class II · Repair", "All others"."""
    found = []
    if rule.life_support is not None:
        found.append(_("Life support") if rule.life_support else _("No life support"))
    if rule.risk_class is not None:
        found.append(say(rule.risk_class))
    if rule.kind:
        found.append(say(Kind(rule.kind)))
    return " · ".join(found) or _("All others")


def deadline(session: Session) -> str:
    """How soon reviews follow, by the policy in force; "" where none is."""
    version = releasing.promised(session)
    amounts = [rule for rule in version.rules if rule.clock == releasing.PROMISE and rule.amount] if version else []
    return f" {_('or')} ".join(dict.fromkeys(say(spell(rule.unit, rule.amount)) for rule in amounts))


def ruling(session: Session, order: WorkOrder, person: Person) -> dict[str, Any] | None:
    """Which rule holds for an order that is still to be released, and whether `person` may release it first."""
    if order.state not in UNDECIDED:
        return None
    rule = releasing.holding(session, order)
    waits = order.state is OrderState.TO_RELEASE and person.can(P.ORDER_RELEASE_FIRST, order)
    return {
        "review": rule.review if rule else Review.BEFORE,
        "why": _("Rule for: %(cases)s. Source: %(source)s.", cases=cases(rule), source=rule.source) if rule else "",
        "deadline": deadline(session) if rule and rule.review is Review.LATER else "",
        "may_be_first": waits and releasing.is_first_possible(session, order),
    }


def early_facts(record: EarlyRelease) -> list[tuple[str, Any]]:
    """Who released first, when and why, and what the review said; for `ui.facts`."""
    found = [
        (_("Device released"), f"{exact(record.released_at)} · {record.released_by.name}"),
        (_("Why before the review"), " · ".join(filter(None, (say(record.reason.name), record.note)))),
    ]
    if record.reviewed_at is not None:
        found.append((_("Reviewed"), f"{exact(record.reviewed_at)} · {record.reviewed_by.name}"))
    if record.finding:
        found.append((_("What the review found"), record.finding))
    return found


def early_form(session: Session, place: str) -> EarlyForm:
    """The form with the reasons that are given now."""
    form = EarlyForm(place=place)
    form.offer(queries.reasons(session))
    return form
