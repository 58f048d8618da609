"""The fault codes: the list, and the page of one."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from portal.blueprints.quality import door
from portal.core.db import Text2, db
from portal.core.errors import N_
from portal.core.permissions import find
from portal.domain.catalog.models import ProductFamily
from portal.domain.catalog.queries import families
from portal.domain.faultcodes import queries, service
from portal.domain.faultcodes.lifecycle import FAULT_CODE_LIFECYCLE
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind, CodeState
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.catalogue import catalogue_tabs
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.stale import conflict
from portal.web.trail import lines


class CodeForm(PortalForm):
    """What a code means, and for which family of products."""

    name_zh = StringField(_l("Name in Chinese"), validators=[Length(max=100)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=100)])
    family = SelectField(_l("Product family"), choices=list, default="")

    def offer(self, known: list[ProductFamily]) -> "CodeForm":
        """Let it choose among these families, or none."""
        self.ids = {family.uid: family.id for family in known}
        self.family.choices = [("", _("All products")), *((family.uid, say(family.name)) for family in known)]
        return self

    def validate_name_zh(self, field: StringField) -> None:
        if not (field.data or self.name_en.data):
            raise ValidationError(_("Give the name in at least one language."))

    def terms(self, session: Any) -> dict[str, Any]:
        """What was typed, as the code keeps it."""
        family_id = self.ids.get(self.family.data)
        family = session.get_one(ProductFamily, family_id) if family_id else None
        return {"name": Text2(self.name_zh.data or "", self.name_en.data or ""), "family": family}


class NewCodeForm(CodeForm):
    """The same, with what cannot be changed later."""

    kind = SelectField(_l("Kind"), choices=choices(CodeKind), validators=[DataRequired()])
    code = StringField(
        _l("Code"),
        validators=[
            DataRequired(),
            Length(max=20),
            Regexp(r"^[A-Z0-9-]+$", message=_l("Only capitals, digits and hyphens.")),
        ],
    )


@door.page("/fault-codes", access=P.FAULTCODE_SEE)
def fault_codes():
    """All codes, by code; of one kind, one family, in use or not."""
    known = families(db.session)
    wanted = {family.uid: family.id for family in known}.get(request.args.get("family"))
    kind, state = (_of(enum, name) for enum, name in ((CodeKind, "kind"), (CodeState, "state")))
    found = queries.codes(db.session, g.person, kind=kind, family_id=wanted, state=state, cursor=request.args.get("at"))
    chips = [
        chip(_("Kind"), "kind", [("", _("Any")), *((each.value, say(each)) for each in CodeKind)]),
        chip(_("Family"), "family", [("", _("Any")), *((family.uid, say(family.name)) for family in known)]),
        chip(_("State"), "state", [("", _("Any")), *((each.value, say(each)) for each in CodeState)]),
    ]
    narrowed = any(request.args.get(name) for name in ("kind", "family", "state"))
    clear = address(kind=None, family=None, state=None) if narrowed else None
    values = {"rows": found.rows, "pager": pager(found), "chips": chips, "clear": clear}
    return render("quality/fault_codes.html", tabs=catalogue_tabs(), **values)


def _of(enum: Any, name: str) -> Any:
    value = request.args.get(name)
    return enum(value) if value in set(enum) else None


@door.form("/fault-codes/new", access=P.FAULTCODE_EDIT)
def new_fault_code():
    """Add a code."""
    form = NewCodeForm().offer(families(db.session))
    page = lambda status: render("quality/fault_code.html", "edit", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        kind, code = CodeKind(form.kind.data), form.code.data.strip()
        made = service.add(session, g.person, kind=kind, code=code, **form.terms(session))
        return url_for("quality.fault_code", uid=made.uid)

    return submit(form, act, page, done=_("The fault code is added."))


@door.page("/fault-codes/<uid>", access=P.FAULTCODE_SEE)
def fault_code(uid: str):
    """One code."""
    return _page(_load(uid))


@door.verb("/fault-codes/<uid>/edit", access=P.FAULTCODE_EDIT)
def edit_fault_code(uid: str):
    """Call a code otherwise."""
    record_id, form = _load(uid).id, CodeForm().offer(families(db.session))

    def act(session):
        record = session.get_one(FaultCode, record_id)
        service.edit(session, record, g.person, form.version, **form.terms(session))
        return url_for("quality.fault_code", uid=uid)

    return submit(form, act, lambda status: _page(_load(uid), status, form), done=_("The fault code is saved."))


def _turn(name: str, carry_out: Any, done: str) -> None:
    """Open the route `name`, which takes a code out of use or into use again."""

    def view(uid: str):
        record_id, form = _load(uid).id, PortalForm()

        def act(session):
            carry_out(session, session.get_one(FaultCode, record_id), g.person)
            return url_for("quality.fault_code", uid=uid)

        return submit(form, act, lambda status: _page(_load(uid), status, verb_form=form), done=_(done))

    door.verb(f"/fault-codes/<uid>/{name}", access=P.FAULTCODE_EDIT, endpoint=f"{name}_fault_code")(view)


_turn("retire", service.retire, N_("The fault code is out of use."))
_turn("revive", service.revive, N_("The fault code is in use again."))


def _load(uid: str) -> FaultCode:
    return find(db.session, FaultCode, g.person, P.FAULTCODE_SEE, uid=uid)


def _page(
    record: FaultCode, status: int = 200, form: CodeForm | None = None, verb_form: PortalForm | None = None
) -> Any:
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "quality/fault_code.html",
        "edit" if form or verb_form else None,
        status,
        record=record,
        form=form or _filled(record),
        refusal=verb_form.refusal if verb_form else None,
        stale=conflict(form, record, "details"),
        verbs={verb.name for verb in FAULT_CODE_LIFECYCLE.possible(record, g.person)},
        trail=lines(db.session, history),
    )


def _filled(record: FaultCode) -> CodeForm:
    chosen = record.family.uid if record.family else ""
    form = CodeForm(formdata=None, name_zh=record.name.zh, name_en=record.name.en, family=chosen)
    form.base_version.data = str(record.details_version)
    return form.offer(families(db.session))
