"""The next version of a checklist: written by one person, published by another."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.blueprints.office import door
from portal.blueprints.office.checklist_forms import DescriptionForm, ItemForm, answers_of, described
from portal.blueprints.office.checklist_words import changes, lines
from portal.blueprints.office.checklists import load
from portal.core.errors import NotYours
from portal.domain.checklists import service
from portal.domain.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.stale import conflict


class MoveForm(PortalForm):
    """Which way an item goes."""

    way = SelectField(_l("Way"), choices=[("up", ""), ("down", "")])


def _draft(record: Checklist) -> ChecklistVersion:
    """The draft of the checklist. Raises NotYours where there is none (any more)."""
    if record.draft is None:
        raise NotYours()
    return record.draft


def _here(uid: str) -> str:
    return url_for("office.checklist_draft", uid=uid)


@door.form("/checklists/<uid>/draft", access=P.CHECKLIST_EDIT, endpoint="checklist_draft")
def draft(uid: str):
    """The draft: its items, its source, and what it would change."""
    version, form = _draft(load(uid)), DescriptionForm()
    if not form.is_submitted():
        return _page(uid)
    version_id = version.id

    def act(session):
        record = session.get_one(ChecklistVersion, version_id)
        service.describe(session, record, g.person, form.version, source=form.source.data, note=form.note)
        return _here(uid)

    return submit(form, act, lambda status: _page(uid, status, form), done=_("The draft is saved."))


def _page(uid: str, status: int = 200, form: DescriptionForm | None = None, verdict: PortalForm | None = None) -> Any:
    record = load(uid)
    version, old = _draft(record), record.published
    return render(
        "office/checklist_draft.html",
        None,
        status,
        record=record,
        version=version,
        lines=lines(version),
        old=old,
        changes=changes(old, version) if old else [],
        form=form or described(version),
        stale=conflict(form, version, "draft"),
        verdict=verdict or PortalForm(formdata=None),
        own=version.drafted_by_id is not None and version.drafted_by_id == g.person.id,
    )


@door.form("/checklists/<uid>/items/new", access=P.CHECKLIST_EDIT, endpoint="new_checklist_item")
def new_item(uid: str):
    """Add an item to the draft."""
    return _item(uid, None)


@door.form("/checklists/<uid>/items/<item>", access=P.CHECKLIST_EDIT, endpoint="checklist_item")
def item(uid: str, item: str):
    """Change an item of the draft."""
    return _item(uid, _found(_draft(load(uid)), item))


def _found(version: ChecklistVersion, uid: str) -> ChecklistItem:
    found = next((item for item in version.items if item.uid == uid), None)
    if found is None:
        raise NotYours()
    return found


def _item(uid: str, item: ChecklistItem | None) -> Any:
    record = load(uid)
    version, form = _draft(record), ItemForm(data={"answers": answers_of(item)} if item else {"required": True})
    if not form.is_submitted():
        form.base_version.data = str(version.draft_version)
        if item is not None:
            form.fill(item)
        return _item_page(record, item, form)
    version_id, item_uid = version.id, item.uid if item else None

    def act(session):
        draft = session.get_one(ChecklistVersion, version_id)
        service.set_item(session, draft, g.person, form.version, item_uid, **form.item)
        return _here(uid)

    def again(status: int) -> Any:
        standing = load(uid)
        if form.stale:
            form.base_version.data = str(_draft(standing).draft_version)
        kept = next((each for each in _draft(standing).items if each.uid == item_uid), None)
        return _item_page(standing, kept, form, status)

    return submit(form, act, again, done=_("The item is saved."))


def _item_page(record: Checklist, item: ChecklistItem | None, form: ItemForm, status: int = 200) -> Any:
    return render("office/checklist_item.html", "item", status, record=record, item=item, form=form)


@door.verb("/checklists/<uid>/items/<item>/move", access=P.CHECKLIST_EDIT, endpoint="move_checklist_item")
def move(uid: str, item: str):
    """Put an item one place up or down."""
    form = MoveForm()
    places = 1 if form.way.data == "down" else -1
    return _change(uid, item, form, lambda *args: service.move_item(*args, places), "")


@door.verb("/checklists/<uid>/items/<item>/drop", access=P.CHECKLIST_EDIT, endpoint="drop_checklist_item")
def drop(uid: str, item: str):
    """Take an item out of the draft."""
    return _change(uid, item, PortalForm(), service.drop_item, _("The item is gone."))


def _change(uid: str, item: str, form: PortalForm, change: Any, done: str) -> Any:
    version = _draft(load(uid))
    version_id, item_uid = version.id, _found(version, item).uid

    def act(session):
        change(session, session.get_one(ChecklistVersion, version_id), g.person, form.version, item_uid)
        return _here(uid)

    return submit(form, act, lambda status: _page(uid, status, verdict=form), done=done)


@door.verb("/checklists/<uid>/publish", access=P.CHECKLIST_PUBLISH, endpoint="publish_checklist")
def publish(uid: str):
    """Let new sheets be made from the draft."""
    return _end(uid, service.publish, _("The checklist is published."))


@door.verb("/checklists/<uid>/discard", access=P.CHECKLIST_EDIT, endpoint="discard_checklist")
def discard(uid: str):
    """Give the draft up."""
    return _end(uid, service.discard, _("The draft is discarded."))


def _end(uid: str, end: Any, done: str) -> Any:
    version_id, form = _draft(load(uid)).id, PortalForm()

    def act(session):
        end(session, session.get_one(ChecklistVersion, version_id), g.person)
        return url_for("office.checklist", uid=uid)

    return submit(form, act, lambda status: _page(uid, status, verdict=form), done=done)
