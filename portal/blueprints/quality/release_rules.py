"""The release rules: what holds now, which rule holds for a product, earlier versions, and the reasons for releasing
first.
"""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, SelectField, StringField, ValidationError
from wtforms.validators import Length

from portal.blueprints.quality import door
from portal.core.db import Text2, db
from portal.core.permissions import find
from portal.domain.catalog.models import Product
from portal.domain.catalog.queries import all_products
from portal.domain.permissions import P
from portal.domain.releases import queries, service
from portal.domain.releases.models import Case, ReleaseReason, ReleaseRule, ReleaseVersion
from portal.domain.releases.words import Review
from portal.domain.servicing.words import Kind
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.early import cases, deadline
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict
from portal.web.trail import lines


class TrialForm(Form):
    """For which product, and which service. Nothing is changed by asking, so it is sent by GET."""

    product = SelectField(_l("Product"))
    kind = SelectField(_l("Kind of request"), choices=choices(Kind), default=Kind.REPAIR.value)


class NameForm(PortalForm):
    """A reason for releasing first, in two languages, one of which is required."""

    name_zh = StringField(_l("Reason in Chinese"), validators=[Length(max=200)])
    name_en = StringField(_l("Reason in English"), validators=[Length(max=200)])
    in_use = BooleanField(_l("May be given"), default=True)

    def validate_name_zh(self, field: StringField) -> None:
        if not (field.data or self.name_en.data):
            raise ValidationError(_("Give the reason in at least one language."))

    def facts(self) -> dict[str, Any]:
        """As a reason keeps them."""
        return {"name": Text2(self.name_zh.data or "", self.name_en.data or ""), "in_use": self.in_use.data}


@door.page("/release-rules", access=P.RELEASE_SEE)
def release_rules():
    """The rules in force, or the version chosen by ?version=, with the rule that holds for a product."""
    return rules_page()


def rules_page(status: int = 200, form: PortalForm | None = None) -> Any:
    """The page of the rules; `form` is one that was refused."""
    known, wanted = queries.versions(db.session()), request.args.get("version", "")
    shown = queries.in_force(db.session())
    shown = next((v for v in known if str(v.version) == wanted), shown)
    history = trail.of_records(db.session, [shown]) if shown and g.person.can(P.RECORD_HISTORY, shown) else []
    return render(
        "quality/release_rules.html",
        status=status,
        version=shown,
        rows=rule_rows(shown) if shown else [],
        draft=queries.draft(db.session()),
        others=[version for version in known if version is not shown],
        reasons=queries.reasons(db.session(), all_of_them=True),
        trial=trial(shown, url_for("quality.release_rules")),
        deadline=deadline(db.session()),
        form=form,
        trail=lines(db.session, history),
    )


def rule_rows(version: ReleaseVersion) -> list[tuple[ReleaseRule, str]]:
    """The rules with what they are for, in the order in which they are asked."""
    return [(rule, cases(rule)) for rule in version.in_order]


def trial(version: ReleaseVersion | None, action: str) -> dict[str, Any]:
    """Which rule of `version` holds for the product of the address: its form, and the answer once one is chosen."""
    form, products = TrialForm(request.args), all_products(db.session())
    form.product.choices = [("", _("Choose")), *((p.uid, f"{say(p.name)} {p.model}") for p in products)]
    product = next((each for each in products if each.uid == form.product.data), None)
    kinds = {kind.value for kind in Kind}
    kind = form.kind.data if form.kind.data in kinds else Kind.REPAIR.value
    return {"form": form, "action": action, "answer": _answer(version, product, kind) if version and product else None}


def _answer(version: ReleaseVersion, product: Product, kind: str) -> dict[str, Any]:
    """The rule that holds, in words."""
    rule = version.holding(Case(product.risk_class, product.life_support, kind))
    review = rule.review if rule else Review.BEFORE
    within = deadline(db.session()) if review is Review.LATER else ""
    facts = [
        (_("Product"), f"{say(product.name)} {product.model} · {say(product.risk_class)}"),
        (_("Kind of request"), say(Kind(kind))),
        (_("Rule that holds"), cases(rule) if rule else _("none: a second person")),
        (_("Who reviews"), say(review)),
    ]
    return {"facts": facts + ([(_("Review within"), within)] if within else [])}


@door.verb("/release-rules/begin", access=P.RELEASE_EDIT)
def begin_release_draft():
    """Begin the next version with the rules in force."""
    form = PortalForm()

    def act(session):
        service.draft(session, g.person)
        return url_for("quality.release_draft")

    return submit(form, act, lambda status: rules_page(status, form))


@door.form("/release-reasons/new", access=P.RELEASE_EDIT)
def new_release_reason():
    """Add a reason for releasing first."""
    form = NameForm()
    if not form.is_submitted():
        return _reason_page(None, form)

    def act(session):
        service.add_reason(session, g.person, **form.facts())
        return url_for("quality.release_rules")

    return submit(form, act, lambda status: _reason_page(None, form, status), done=_("The reason is added."))


@door.form("/release-reasons/<uid>", access=P.RELEASE_EDIT)
def release_reason(uid: str):
    """Change a reason. Releases that it was given for keep what it said."""
    record = _load_reason(uid)
    if not NameForm().is_submitted():
        form = NameForm(obj=record, name_zh=record.name.zh, name_en=record.name.en)
        form.base_version.data = str(record.reason_version)
        return _reason_page(record, form)
    record_id, form = record.id, NameForm()

    def act(session):
        reason = session.get_one(ReleaseReason, record_id)
        service.edit_reason(session, reason, g.person, form.version, **form.facts())
        return url_for("quality.release_rules")

    again = lambda status: _reason_page(_load_reason(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The reason is saved."))


def _load_reason(uid: str) -> ReleaseReason:
    return find(db.session, ReleaseReason, g.person, P.RELEASE_EDIT, uid=uid)


def _reason_page(record: ReleaseReason | None, form: NameForm, status: int = 200) -> Any:
    stale = conflict(form, record, "reason") if record else None
    return render("quality/release_reason.html", "reason", status, record=record, form=form, stale=stale)
