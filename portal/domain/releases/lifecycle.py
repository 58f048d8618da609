"""What can be done to the release rules and to the reasons for releasing first."""

from itertools import product

from portal.core.deadlines import VersionState
from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.catalog.models import RiskClass
from portal.domain.permissions import P
from portal.domain.policies.calendars import not_the_drafter
from portal.domain.releases import queries
from portal.domain.releases.models import Case, ReleaseReason, ReleaseVersion

S = VersionState


def has_default(act: Act) -> Message | None:
    """Nothing is released without a rule."""
    if act.record.default is not None:
        return None
    return Message("There must be one rule for all other devices: a rule without any condition.")


def loosened_with_reason(act: Act) -> Message | None:
    """Nothing is loosened silently."""
    old = queries.in_force(act.session)
    if act.reason or old is None or not loosened(old, act.record):
        return None
    return Message("For some devices this asks for less review than the rules in force: give the reason.")


def loosened(old: ReleaseVersion, new: ReleaseVersion) -> list[Case]:
    """The cases that the new rules ask less review for."""
    kinds = {"", *(rule.kind for rule in (*old.rules, *new.rules))}
    cases = (Case(*facts) for facts in product(RiskClass, (False, True), sorted(kinds)))
    return [case for case in cases if _leniency(new, case) > _leniency(old, case)]


def _leniency(version: ReleaseVersion, case: Case) -> int:
    rule = version.holding(case)
    return rule.review.leniency if rule else 0


DRAFT = Verb("draft", on=NEW, to=S.DRAFT, permission=P.RELEASE_EDIT, label=Message("Draft a new version"))
EDIT = Verb("edit", on=(S.DRAFT,), permission=P.RELEASE_EDIT, label=Message("Edit the draft"), edits="draft")
APPROVE = Verb(
    "approve",
    on=(S.DRAFT,),
    to=S.IN_FORCE,
    permission=P.RELEASE_APPROVE,
    label=Message("Put into force"),
    needs=(not_the_drafter, has_default, loosened_with_reason),
)
DISCARD = Verb("discard", on=(S.DRAFT,), to=S.DISCARDED, permission=P.RELEASE_EDIT, label=Message("Discard the draft"))
SUPERSEDE = Verb("supersede", on=(S.IN_FORCE,), to=S.SUPERSEDED, permission=P.CLOCK_KEEP, label=Message("Supersede"))
VERSION_LIFECYCLE = Lifecycle(ReleaseVersion, VersionState, [DRAFT, EDIT, APPROVE, DISCARD, SUPERSEDE])

ADD_REASON = Verb("add", on=NEW, permission=P.RELEASE_EDIT, label=Message("Add a reason"))
EDIT_REASON = Verb("edit", on=ANY, permission=P.RELEASE_EDIT, label=Message("Change the reason"), edits="reason")
REASON_LIFECYCLE = Lifecycle(ReleaseReason, None, [ADD_REASON, EDIT_REASON])
