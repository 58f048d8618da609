"""The next version of the release rules: written by one person, put into force by another."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.quality import door
from portal.blueprints.quality.release_rules import rule_rows, trial
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.catalog.models import RiskClass
from portal.domain.permissions import P
from portal.domain.releases import lifecycle, queries, service
from portal.domain.releases.models import ReleaseRule, ReleaseVersion
from portal.domain.releases.words import Review
from portal.domain.servicing.words import Kind
from portal.web.answers import render
from portal.web.early import deadline
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict

LIFE_SUPPORT = {"": None, "yes": True, "no": False}


class SourceForm(PortalForm):
    """Who or what says so."""

    source = StringField(_l("Source"), validators=[DataRequired(), Length(max=300)])


class ApprovalForm(PortalForm):
    """Puts a draft into force; a reason where it asks for less review than before."""

    reason = TextAreaField(_l("Reason"), validators=[Length(max=1000)])


class RuleForm(PortalForm):
    """For which repairs a rule is, and who must have reviewed them."""

    risk_class = SelectField(_l("Class"), choices=lambda: [("", _("any")), *((r.value, say(r)) for r in RiskClass)])
    life_support = SelectField(_l("Life support"), choices=lambda: [("", _("any")), ("yes", _("yes")), ("no", _("no"))])
    kind = SelectField(_l("Kind of request"), choices=lambda: [("", _("any")), *((k.value, say(k)) for k in Kind)])
    review = RadioField(_l("Who reviews"), choices=choices(Review), validators=[DataRequired()])
    source = StringField(_l("Source"), validators=[DataRequired(), Length(max=300)])

    def fill(self, rule: ReleaseRule) -> None:
        """Show a rule as it stands."""
        self.risk_class.data = rule.risk_class.value if rule.risk_class else ""
        self.life_support.data = next(word for word, held in LIFE_SUPPORT.items() if held is rule.life_support)
        self.kind.data, self.review.data, self.source.data = rule.kind, rule.review.value, rule.source

    def rule(self) -> dict[str, Any]:
        """What was chosen, as a rule keeps it."""
        return {
            "risk_class": RiskClass(self.risk_class.data) if self.risk_class.data else None,
            "life_support": LIFE_SUPPORT[self.life_support.data or ""],
            "kind": self.kind.data or "",
            "review": Review(self.review.data),
            "source": self.source.data,
        }


def _draft() -> ReleaseVersion:
    """The draft. Raises NotYours where there is none (any more)."""
    found = queries.draft(db.session())
    if found is None:
        raise NotYours()
    return find(db.session, ReleaseVersion, g.person, P.RELEASE_EDIT, id=found.id)


@door.form("/release-rules/draft", access=P.RELEASE_EDIT)
def release_draft():
    """The draft: its rules, its source, and what it would loosen."""
    version, form = _draft(), SourceForm()
    if not form.is_submitted():
        return _page()
    version_id = version.id

    def act(session):
        record = session.get_one(ReleaseVersion, version_id)
        service.describe(session, record, g.person, form.version, form.source.data)
        return url_for("quality.release_draft")

    return submit(form, act, lambda status: _page(status, form), done=_("The draft is saved."))


def _page(status: int = 200, form: SourceForm | None = None, verdict: PortalForm | None = None) -> Any:
    version, old = _draft(), queries.in_force(db.session())
    described = SourceForm(formdata=None, version=version.draft_version, source=version.source)
    return render(
        "quality/release_draft.html",
        status=status,
        version=version,
        rows=rule_rows(version),
        softer=bool(old and lifecycle.loosened(old, version)),
        form=form or described,
        stale=conflict(form, version, "draft"),
        verdict=verdict or ApprovalForm(formdata=None),
        own=version.drafted_by_id is not None and version.drafted_by_id == g.person.id,
        trial=trial(version, url_for("quality.release_draft")),
    )


@door.form("/release-rules/draft/rules/new", access=P.RELEASE_EDIT)
def new_release_rule():
    """Add a rule to the draft."""
    return _rule(None)


@door.form("/release-rules/draft/rules/<uid>", access=P.RELEASE_EDIT)
def release_rule(uid: str):
    """Change a rule of the draft."""
    return _rule(_found(_draft(), uid))


def _found(version: ReleaseVersion, uid: str) -> ReleaseRule:
    found = next((rule for rule in version.rules if rule.uid == uid), None)
    if found is None:
        raise NotYours()
    return found


def _rule(rule: ReleaseRule | None) -> Any:
    version, form = _draft(), RuleForm()
    if not form.is_submitted():
        form.base_version.data = str(version.draft_version)
        if rule is not None:
            form.fill(rule)
        return _rule_page(rule, form)
    version_id, uid = version.id, rule.uid if rule else None

    def act(session):
        draft = session.get_one(ReleaseVersion, version_id)
        service.set_rule(session, draft, g.person, form.version, uid, **form.rule())
        return url_for("quality.release_draft")

    def again(status: int) -> Any:
        standing = _draft()
        if form.stale:
            form.base_version.data = str(standing.draft_version)
        return _rule_page(next((each for each in standing.rules if each.uid == uid), None), form, status)

    return submit(form, act, again, done=_("The rule is saved."))


def _rule_page(rule: ReleaseRule | None, form: RuleForm, status: int = 200) -> Any:
    within = deadline(db.session())
    return render("quality/release_rule.html", "rule", status, rule=rule, form=form, deadline=within)


@door.verb("/release-rules/draft/rules/<uid>/drop", access=P.RELEASE_EDIT)
def drop_release_rule(uid: str):
    """Take a rule out of the draft."""
    version, form = _draft(), PortalForm()
    version_id, rule_uid = version.id, _found(version, uid).uid

    def act(session):
        draft = session.get_one(ReleaseVersion, version_id)
        service.drop_rule(session, draft, g.person, form.version, rule_uid)
        return url_for("quality.release_draft")

    return submit(form, act, lambda status: _page(status, verdict=form), done=_("The rule is gone."))


@door.verb("/release-rules/draft/approve", access=P.RELEASE_APPROVE)
def approve_release_rules():
    """Put the draft into force, from the next release on."""
    form = ApprovalForm()
    approve = lambda session, version: service.approve(session, version, g.person, form.reason.data or "")  # noqa: E731
    return _end(form, approve, _("The rules are in force."))


@door.verb("/release-rules/draft/discard", access=P.RELEASE_EDIT)
def discard_release_rules():
    """Give the draft up."""
    discard = lambda session, version: service.discard(session, version, g.person)  # noqa: E731
    return _end(PortalForm(), discard, _("The draft is discarded."))


def _end(form: PortalForm, end: Any, done: str) -> Any:
    version_id = _draft().id

    def act(session):
        end(session, session.get_one(ReleaseVersion, version_id))
        return url_for("quality.release_rules")

    return submit(form, act, lambda status: _page(status, verdict=form), done=done)
