"""Checklists: which there are, for which devices, in which versions."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.checklist_forms import NewChecklistForm, UseForm, WithdrawalForm
from portal.blueprints.office.checklist_words import changes, lines, used_for
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.catalog.models import Product
from portal.domain.catalog.queries import all_products
from portal.domain.checklists import queries, service
from portal.domain.checklists.models import Checklist, ChecklistVersion
from portal.domain.checklists.words import Purpose
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict
from portal.web.trail import lines as trail_lines


def load(uid: str) -> Checklist:
    """The checklist of the address with all that its pages show. Raises NotYours."""
    return find(db.session, Checklist, g.person, P.CHECKLIST_SEE, *queries.whole(), uid=uid)


@door.page("/checklists", access=P.CHECKLIST_SEE)
def checklists():
    """All checklists: those that are published, then drafts to choose from."""
    rows = [(checklist, used_for(checklist)) for checklist in queries.all_checklists(db.session)]
    return render(
        "office/checklists.html",
        published=[row for row in rows if row[0].published],
        others=[row for row in rows if not row[0].published],
    )


@door.form("/checklists/new", access=P.CHECKLIST_EDIT, endpoint="new_checklist")
def new():
    """Add a checklist, as a draft with the items of another one."""
    form, known = NewChecklistForm(), queries.all_checklists(db.session)
    form.origin.choices = [("", _("None")), *((each.uid, say(each.name)) for each in known)]
    page = lambda status: render("office/checklist_new.html", "new", status, form=form)  # noqa: E731
    if not form.is_submitted():
        return page(200)
    origin_id = next((each.versions[-1].id for each in known if each.uid == form.origin.data), None)

    def act(session):
        origin = session.get_one(ChecklistVersion, origin_id) if origin_id else None
        made = service.found(session, g.person, name=form.name_text, purpose=Purpose(form.purpose.data))
        items = service.copies(origin) if origin else []
        service.draft(session, made, g.person, items, source=origin.source if origin else "—")
        return url_for("office.checklist_draft", uid=made.uid)

    return submit(form, act, page, done=_("The checklist is added, as a draft."))


@door.page("/checklists/<uid>", access=P.CHECKLIST_SEE)
def checklist(uid: str):
    """One checklist: the published version or the one chosen by ?version=, and what it changed."""
    return _page(load(uid))


def _page(record: Checklist, status: int = 200, block: str | None = None, form: PortalForm | None = None) -> Any:
    wanted = request.args.get("version", "")
    newest = record.published or record.versions[-1]
    version = next((v for v in record.versions if str(v.version) == wanted), newest)
    before = next((v for v in reversed(record.versions) if v.version < version.version), None)
    history = trail.of_records(db.session, [record, version]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "office/checklist.html",
        block,
        status,
        record=record,
        version=version,
        lines=lines(version),
        uses=used_for(record),
        before=before,
        changes=changes(before, version) if before else [],
        others=[v for v in reversed(record.versions) if v is not version],
        form=form or WithdrawalForm(formdata=None),
        trail=trail_lines(db.session, history),
    )


@door.verb("/checklists/<uid>/begin", access=P.CHECKLIST_EDIT, endpoint="begin_checklist_draft")
def begin(uid: str):
    """Begin the next version with the items of the newest one."""
    record_id, form = load(uid).id, PortalForm()

    def act(session):
        service.draft(session, session.get_one(Checklist, record_id), g.person)
        return url_for("office.checklist_draft", uid=uid)

    return submit(form, act, lambda status: _page(load(uid), status, "withdrawal", form))


@door.verb("/checklists/<uid>/withdraw", access=P.CHECKLIST_PUBLISH, endpoint="withdraw_checklist")
def withdraw(uid: str):
    """Make no new sheets from it any more."""
    published, form = load(uid).published, WithdrawalForm()
    if published is None:
        raise NotYours()
    version_id = published.id

    def act(session):
        service.withdraw(session, session.get_one(ChecklistVersion, version_id), g.person, form.reason.data)
        return url_for("office.checklist", uid=uid)

    again = lambda status: _page(load(uid), status, "withdrawal", form)  # noqa: E731
    return submit(form, act, again, done=_("The checklist is withdrawn."))


@door.form("/checklists/<uid>/use", access=P.CHECKLIST_PUBLISH, endpoint="checklist_use")
def use(uid: str):
    """Say for which devices it is."""
    record, form, products = load(uid), UseForm(), all_products(db.session)
    form.offer(products)
    if not form.is_submitted():
        form.fill(record)
        form.base_version.data = str(record.use_version)
        return _use_page(record, form)
    record_id, ids = record.id, {product.uid: product.id for product in products}

    def act(session):
        chosen = {key: session.get_one(Product, ids[key]) for key in form.products.data or ()}
        service.choose(session, session.get_one(Checklist, record_id), g.person, form.version, form.uses(chosen))
        return url_for("office.checklist", uid=uid)

    return submit(form, act, lambda status: _use_page(load(uid), form, status), done=_("It holds for new sheets."))


def _use_page(record: Checklist, form: UseForm, status: int = 200) -> Any:
    stale = conflict(form, record, "use", "choose") if form.stale else None
    return render("office/checklist_use.html", "use", status, record=record, form=form, stale=stale)
