"""The known answers: the list, and the page of one."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.blueprints.quality import door
from portal.core.db import Text2, db
from portal.core.errors import N_
from portal.core.permissions import find
from portal.core.search import LONGEST_QUERY
from portal.domain.answers import queries, service
from portal.domain.answers.lifecycle import ANSWER_LIFECYCLE
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import AnswerState, Audience
from portal.domain.catalog.models import Product
from portal.domain.catalog.queries import all_products
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.catalogue import catalogue_tabs
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.stale import conflict
from portal.web.trail import NATIVE, lines

FILTERS = ("product", "audience", "state")
TEXTS = ("question", "answer")


def stripped(text: str | None) -> str:
    """What was typed, without blanks around it."""
    return (text or "").strip()


class AnswerForm(PortalForm):
    """A question and its answer, each in one or two languages, for which product and for whom."""

    question_zh = StringField(_l("Question in Chinese"), filters=[stripped], validators=[Length(max=200)])
    answer_zh = TextAreaField(_l("Answer in Chinese"), filters=[stripped], validators=[Length(max=4000)])
    question_en = StringField(_l("Question in English"), filters=[stripped], validators=[Length(max=200)])
    answer_en = TextAreaField(_l("Answer in English"), filters=[stripped], validators=[Length(max=4000)])
    product = SelectField(_l("Product"), choices=list, default="")
    audience = SelectField(_l("For whom"), choices=choices(Audience), validators=[DataRequired()])

    def offer(self, known: list[Product]) -> "AnswerForm":
        """Let it choose among these products, or all of them."""
        self.ids = {product.uid: product.id for product in known}
        named = [(product.uid, f"{say(product.name)} {product.model}") for product in known]
        self.product.choices = [("", _("All products")), *named]
        return self

    def validate_question_zh(self, field: StringField) -> None:
        if not (field.data or self.question_en.data):
            raise ValidationError(_("Give the question in at least one language."))

    def validate_answer_zh(self, field: TextAreaField) -> None:
        if self.question_zh.data and not field.data:
            raise ValidationError(_("A question in Chinese needs its answer in Chinese."))

    def validate_answer_en(self, field: TextAreaField) -> None:
        if self.question_en.data and not field.data:
            raise ValidationError(_("A question in English needs its answer in English."))

    def terms(self, session: Any) -> dict[str, Any]:
        """What was typed, as the answer keeps it."""
        product_id = self.ids.get(self.product.data)
        return {
            "question": Text2(self.question_zh.data or "", self.question_en.data or ""),
            "answer": Text2(self.answer_zh.data or "", self.answer_en.data or ""),
            "audience": Audience(self.audience.data),
            "product": session.get_one(Product, product_id) if product_id else None,
        }


@door.page("/answers", access=P.ANSWER_SEE)
def known_answers():
    """All answers by question; found by their words, of one product, for one audience, in use or not."""
    known, typed = all_products(db.session), request.args.get("q", "")[:LONGEST_QUERY].strip()
    product_id = {product.uid: product.id for product in known}.get(request.args.get("product"))
    audience, state = _of(Audience, "audience"), _of(AnswerState, "state")
    wanted = {"typed": typed, "product_id": product_id, "audience": audience, "state": state}
    found = queries.answers(db.session, g.person, **wanted, cursor=request.args.get("at"))
    chips = [
        chip(_("Product"), "product", [("", _("Any")), *((each.uid, each.model) for each in known)]),
        chip(_("For whom"), "audience", [("", _("Any")), *((each.value, say(each)) for each in Audience)]),
        chip(_("State"), "state", [("", _("Any")), *((each.value, say(each)) for each in AnswerState)]),
    ]
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    clear = address(**dict.fromkeys(FILTERS)) if kept else None
    values = {"rows": found.rows, "pager": pager(found), "chips": chips, "clear": clear, "typed": typed, "kept": kept}
    return render("quality/known_answers.html", tabs=catalogue_tabs(), **values)


def _of(enum: Any, name: str) -> Any:
    value = request.args.get(name)
    return enum(value) if value in set(enum) else None


@door.form("/answers/new", access=P.ANSWER_EDIT)
def new_known_answer():
    """Write an answer down."""
    form = AnswerForm().offer(all_products(db.session))
    page = lambda status: render("quality/known_answer.html", "edit", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        made = service.add(session, g.person, **form.terms(session))
        return url_for("quality.known_answer", uid=made.uid)

    return submit(form, act, page, done=_("The answer is added."))


@door.page("/answers/<uid>", access=P.ANSWER_SEE)
def known_answer(uid: str):
    """One answer."""
    return _page(_load(uid))


@door.verb("/answers/<uid>/edit", access=P.ANSWER_EDIT)
def edit_known_answer(uid: str):
    """Answer otherwise."""
    record_id, form = _load(uid).id, AnswerForm().offer(all_products(db.session))

    def act(session):
        record = session.get_one(KnownAnswer, record_id)
        service.edit(session, record, g.person, form.version, **form.terms(session))
        return url_for("quality.known_answer", uid=uid)

    return submit(form, act, lambda status: _page(_load(uid), status, form), done=_("The answer is saved."))


def _turn(name: str, carry_out: Any, done: str) -> None:
    """Open the route `name`, which takes an answer out of use or into use again."""

    def view(uid: str):
        record_id, form = _load(uid).id, PortalForm()

        def act(session):
            carry_out(session, session.get_one(KnownAnswer, record_id), g.person)
            return url_for("quality.known_answer", uid=uid)

        return submit(form, act, lambda status: _page(_load(uid), status, verb_form=form), done=_(done))

    door.verb(f"/answers/<uid>/{name}", access=P.ANSWER_EDIT, endpoint=f"{name}_known_answer")(view)


_turn("retire", service.retire, N_("The answer is not offered any more."))
_turn("revive", service.revive, N_("The answer is offered again."))


def _load(uid: str) -> KnownAnswer:
    return find(db.session, KnownAnswer, g.person, P.ANSWER_SEE, uid=uid)


def _page(
    record: KnownAnswer, status: int = 200, form: AnswerForm | None = None, verb_form: PortalForm | None = None
) -> Any:
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "quality/known_answer.html",
        "edit" if form or verb_form else None,
        status,
        record=record,
        languages=" · ".join(name for language, name in NATIVE.items() if record.answer.has(language)),
        form=form or _filled(record),
        refusal=verb_form.refusal if verb_form else None,
        stale=conflict(form, record, "details"),
        verbs={verb.name for verb in ANSWER_LIFECYCLE.possible(record, g.person)},
        trail=lines(db.session, history),
    )


def _filled(record: KnownAnswer) -> AnswerForm:
    texts = {f"{name}_{language}": getattr(getattr(record, name), language) for name in TEXTS for language in NATIVE}
    chosen = {"product": record.product.uid if record.product else "", "audience": record.audience.value}
    form = AnswerForm(formdata=None, **texts, **chosen)
    form.base_version.data = str(record.details_version)
    return form.offer(all_products(db.session))
