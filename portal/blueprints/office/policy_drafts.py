"""The next version of a policy: written by one person, put into force by another."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.policy_forms import DraftForm, PromiseForm, ReasonForm, as_rule
from portal.blueprints.office.policy_words import heading, rules_of, sentence
from portal.core.db import db
from portal.core.errors import NotValid, NotYours
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import faults, rules, vocabulary
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServicePolicy
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict


def load(key: str) -> ServicePolicy:
    """The policy of the address. Raises NotYours."""
    return find(db.session, ServicePolicy, g.person, P.POLICY_SEE, key=key)


def _draft(key: str) -> PolicyVersion:
    """The draft of the policy. Raises NotYours where there is none (any more)."""
    found = rules.draft_of(db.session(), load(key).id)
    if found is None:
        raise NotYours()
    return found


def _here(key: str) -> str:
    return url_for("office.policy_draft", key=key)


@door.form("/policies/<key>/draft", access=P.POLICY_EDIT, endpoint="policy_draft")
def draft(key: str):
    """The draft: what it says about itself, its promises, what is still wrong, and what would change."""
    version, form = _draft(key), DraftForm()
    if not form.is_submitted():
        return _page(version)
    version_id = version.id

    def act(session):
        record = session.get_one(PolicyVersion, version_id)
        rules.describe(session, record, g.person, form.version, source=form.source.data, note=form.note)
        return _here(key)

    return submit(form, act, lambda status: _page(_draft(key), status, form), done=_("The draft is saved."))


def _page(
    version: PolicyVersion, status: int = 200, form: DraftForm | None = None, verdict: PortalForm | None = None
) -> Any:
    old = rules.in_force(db.session(), version.policy_id)
    softer = faults.loosened(version, old)
    return render(
        "office/policy_draft.html",
        None,
        status,
        policy=version.policy,
        version=version,
        old=old,
        form=form or _filled(version),
        stale=conflict(form, version, "draft"),
        verdict=verdict or ReasonForm(formdata=None),
        promises=rules_of(version),
        faults=_faults(version),
        changes=_changes(old, version) if old else [],
        softer=[say(vocabulary.label(vocabulary.CLOCKS, name)) for name in softer],
        own=version.drafted_by_id == g.person.id,
    )


def _filled(version: PolicyVersion) -> DraftForm:
    note = version.note
    texts = {"note_zh": note.zh, "note_en": note.en} if note else {}
    return DraftForm(formdata=None, source=version.source, version=version.draft_version, **texts)


def _faults(version: PolicyVersion) -> list[tuple[str, str | None]]:
    """What keeps it from being put into force, each with the way to its promise."""
    key = version.policy.key
    return [
        (say(message), rule and url_for("office.edit_promise", key=key, position=rule.position))
        for message, rule in faults.of(db.session(), version)
    ]


def _changes(old: PolicyVersion, new: PolicyVersion) -> list[tuple[str, str | None, str | None]]:
    """What the draft says otherwise than the version in force: what and for whom, before, now."""
    before, now = ({(r.clock, faults.key_of(r.when)): r for r in v.rules} for v in (old, new))
    both = {**before, **now}
    lines = [(heading(rule), _said(before.get(key)), _said(now.get(key))) for key, rule in both.items()]
    return [line for line in lines if line[1] != line[2]]


def _said(rule: PolicyRule | None) -> str | None:
    return rule and sentence(rule)


@door.form("/policies/<key>/draft/promises/new", access=P.POLICY_EDIT, endpoint="new_promise")
def new_promise(key: str):
    """Add a promise to the draft."""
    return _promise(_draft(key), None)


@door.form("/policies/<key>/draft/promises/<int:position>", access=P.POLICY_EDIT, endpoint="edit_promise")
def edit_promise(key: str, position: int):
    """Change a promise of the draft."""
    version = _draft(key)
    return _promise(version, _rule(version, position))


def _rule(version: PolicyVersion, position: int) -> PolicyRule:
    found = next((rule for rule in version.rules if rule.position == position), None)
    if found is None:
        raise NotYours()
    return found


def _promise(version: PolicyVersion, rule: PolicyRule | None) -> Any:
    subject, form = version.policy.subject, PromiseForm()
    form.offer(subject)
    if not form.is_submitted():
        form.base_version.data = str(version.draft_version)
        if rule is not None:
            form.fill(rule)
        return _promise_page(version, rule, form)
    version_id, rule_id, key = version.id, rule and rule.id, version.policy.key

    def check() -> None:
        wrong = faults.at_fields(db.session(), subject, as_rule(form.promise(subject)))
        if wrong:
            raise NotValid(**wrong)

    def act(session):
        record = session.get_one(PolicyVersion, version_id)
        rules.set_rule(session, record, g.person, form.version, rule_id, **form.promise(subject))
        return _here(key)

    def again(status: int) -> Any:
        standing = _draft(key)
        if form.stale:
            form.base_version.data = str(standing.draft_version)
        kept = next((each for each in standing.rules if each.id == rule_id), None)
        return _promise_page(standing, kept, form, status)

    return submit(form, act, again, done=_("The promise is saved."), before=check)


def _promise_page(version: PolicyVersion, rule: PolicyRule | None, form: PromiseForm, status: int = 200) -> Any:
    return render("office/policy_promise.html", "promise", status, policy=version.policy, rule=rule, form=form)


@door.verb("/policies/<key>/draft/promises/<int:position>/drop", access=P.POLICY_EDIT, endpoint="drop_promise")
def drop_promise(key: str, position: int):
    """Take a promise out of the draft."""
    version = _draft(key)
    version_id, rule_id, form = version.id, _rule(version, position).id, PortalForm()

    def act(session):
        rules.drop_rule(session, session.get_one(PolicyVersion, version_id), g.person, form.version, rule_id)
        return _here(key)

    return submit(form, act, lambda status: _page(_draft(key), status, verdict=form), done=_("The promise is gone."))


@door.verb("/policies/<key>/draft/approve", access=P.POLICY_APPROVE, endpoint="approve_policy")
def approve(key: str):
    """Put the draft into force for new cases."""
    version_id, form = _draft(key).id, ReasonForm()

    def act(session):
        rules.approve(session, session.get_one(PolicyVersion, version_id), g.person, form.reason.data or "")
        return url_for("office.policy", key=key)

    again = lambda status: _page(_draft(key), status, verdict=form)  # noqa: E731
    return submit(form, act, again, done=_("The new version is in force for new cases."))


@door.verb("/policies/<key>/draft/discard", access=P.POLICY_EDIT, endpoint="discard_policy")
def discard(key: str):
    """Give the draft up."""
    version_id, form = _draft(key).id, PortalForm()

    def act(session):
        rules.discard(session, session.get_one(PolicyVersion, version_id), g.person)
        return url_for("office.policy", key=key)

    return submit(form, act, lambda status: _page(_draft(key), status, verdict=form), done=_("The draft is discarded."))
