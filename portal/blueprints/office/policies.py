"""Service policies: what is promised to whom, in which version, by which source."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.policy_drafts import load
from portal.blueprints.office.policy_forms import ChoiceForm, NewPolicyForm, ReasonForm
from portal.blueprints.office.policy_words import applies_to, basis_words, rules_of
from portal.blueprints.office.promise_tabs import tabs
from portal.blueprints.office.trial_form import name_of
from portal.core.db import db
from portal.core.deadlines import VersionState
from portal.core.errors import NotYours
from portal.domain.organisations.models import Locality
from portal.domain.permissions import P
from portal.domain.policies import queries, registers, rules, vocabulary
from portal.domain.policies.models import PolicyVersion, ServicePolicy, Subject
from portal.domain.servicing.words import Urgency
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict


@door.page("/policies", access=P.POLICY_SEE)
def policies():
    """All policies: those in force, then those that wait as drafts."""
    rows = [_row(policy) for policy in queries.policies(db.session)]
    in_force = [row for row in rows if row["version"].state is VersionState.IN_FORCE]
    return render(
        "office/policies.html", tabs=tabs(), in_force=in_force, waiting=[row for row in rows if row not in in_force]
    )


def _row(policy: ServicePolicy) -> dict[str, Any]:
    shown = next((v for v in reversed(policy.versions) if v.state is VersionState.IN_FORCE), policy.versions[-1])
    return {
        "policy": policy,
        "version": shown,
        "bases": applies_to(policy),
        "drafted": policy.versions[-1].state is VersionState.DRAFT,
    }


@door.form("/policies/new", access=P.POLICY_EDIT, endpoint="new_policy")
def new():
    """Add a policy of one's own that begins with the promises of another."""
    form, versions = NewPolicyForm(), registers.versions_to_try(db.session())
    form.origin.choices = [(name_of(v), say(v.policy.name)) for v in versions if v.policy.subject is Subject.SERVICE]
    page = lambda status: render("office/policy_new.html", "new", status, form=form)  # noqa: E731
    if not form.is_submitted():
        return page(200)
    origin_id = next((v.id for v in versions if name_of(v) == form.origin.data), None)

    def act(session):
        origin = session.get_one(PolicyVersion, origin_id)
        made = rules.found(session, g.person, key=form.short_name.data, name=form.name_text)
        rules.draft(session, made, g.person, rules.copies(origin), source=origin.source, note=origin.note)
        return url_for("office.policy_draft", key=made.key)

    return submit(form, act, page, done=_("The policy is added, as a draft."))


@door.page("/policies/<key>", access=P.POLICY_SEE)
def policy(key: str):
    """One policy: what the version in force promises, the draft, and the versions before."""
    return policy_page(key)


def policy_page(key: str, form: PortalForm | None = None, status: int = 200) -> Any:
    """The page of a policy; `form` was refused."""
    found = load(key)
    in_force = next((v for v in found.versions if v.state is VersionState.IN_FORCE), None)
    shown = in_force or found.versions[-1]
    return render(
        "office/policy.html",
        None,
        status,
        policy=found,
        shown=shown,
        name=name_of(shown),
        promises=rules_of(shown),
        bases=applies_to(found),
        draft=next((v for v in found.versions if v.state is VersionState.DRAFT), None),
        earlier=[v for v in reversed(found.versions) if v is not shown and v.state is not VersionState.DRAFT],
        form=form or ReasonForm(formdata=None),
    )


@door.verb("/policies/<key>/begin", access=P.POLICY_EDIT, endpoint="begin_policy_draft")
def begin(key: str):
    """Begin the next version with the promises of the one in force."""
    policy_id, form = load(key).id, ReasonForm()

    def act(session):
        rules.draft(session, session.get_one(ServicePolicy, policy_id), g.person)
        return url_for("office.policy_draft", key=key)

    return submit(form, act, lambda status: policy_page(key, form, status))


@door.verb("/policies/<key>/reapply", access=P.POLICY_APPROVE, endpoint="reapply_policy")
def reapply(key: str):
    """Let open cases be counted anew by the version in force; a job does it."""
    form, version = ReasonForm(), rules.in_force(db.session(), load(key).id)
    if version is None:
        raise NotYours()
    version_id = version.id

    def act(session):
        rules.reapply(session, session.get_one(PolicyVersion, version_id), g.person, form.reason.data or "")
        return url_for("office.policy", key=key)

    done = _("Open cases are being counted anew. This may take some minutes.")
    return submit(form, act, lambda status: policy_page(key, form, status), done=done)


@door.form("/policies/<key>/choice", access=P.POLICY_APPROVE, endpoint="policy_choice")
def choice(key: str):
    """Say for which cases the policy is."""
    found, form = load(key), ChoiceForm()
    form.ticked.choices = _bases()
    if not form.is_submitted():
        form.fill(found)
        form.base_version.data = str(found.choice_version)
        return _choice_page(found, form)
    policy_id = found.id

    def act(session):
        rules.choose(session, session.get_one(ServicePolicy, policy_id), g.person, form.version, form.rows)
        return url_for("office.policy", key=key)

    again = lambda status: _choice_page(load(key), form, status)  # noqa: E731
    return submit(form, act, again, done=_("It holds for new cases from now on."))


def _choice_page(found: ServicePolicy, form: ChoiceForm, status: int = 200) -> Any:
    stale = conflict(form, found, "choice", "choose") if form.stale else None
    return render("office/policy_choice.html", "choice", status, policy=found, form=form, stale=stale)


def _bases() -> list[tuple[str, str]]:
    """What can be ticked: every basis whose values are few."""
    values = {
        "risk": vocabulary.RISKS,
        "cover": ("covered", "not_covered"),
        "urgency": Urgency,
        "locality": [each.value for each in Locality],
        "default": ("",),
    }
    pairs = [(basis, str(value)) for basis, each in values.items() for value in each]
    return [(f"{basis}:{value}", basis_words({"basis": basis, "value": value})) for basis, value in pairs]
