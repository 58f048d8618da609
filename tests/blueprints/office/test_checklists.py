"""Checklists in the office: drafted by one, published by another, never altered."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.domain.checklists.models import Checklist, ChecklistVersion
from portal.domain.checklists.words import VersionState
from tests.blueprints.technicians.field import hidden, sent


@pytest.fixture
def quality(browser):
    return browser("quality")


def by_key(key="ventilator") -> Checklist:
    db.session.rollback()
    return db.session.scalars(sa.select(Checklist).where(Checklist.key == key)).one()


def here(end="", key="ventilator"):
    return f"/office/checklists/{by_key(key).uid}{end}"


def version():
    """The version of the draft as a form carries it."""
    return str(by_key().draft.draft_version)


ITEM = {
    "name_zh": "漏气量",
    "group": "performance",
    "kind": "number",
    "upper": "200",
    "unit": "mL/min",
    "decimals": "0",
    "required": "y",
}


@pytest.mark.req("QCR-7")
def test_what_is_shipped_waits_as_drafts(quality):
    page = quality.get("/office/checklists").text
    for name in ("呼吸机维修后检查表", "注射泵和输液泵维修后检查表", "电气安全测试表", "通用维修后检查表"):
        assert name in page
    assert "YY/T 0841-2023" in quality.get(here(key="electrical-safety")).text


def test_a_checklist_is_published_for_its_models(quality, device):
    uid = device.product.uid
    assert quality.post(here("/use"), sent(products=[uid], base_version="1")).status_code == 303
    assert quality.post(here("/publish"), sent()).status_code == 303
    record = by_key()
    assert record.published.approved_by is not None and [use.product_id for use in record.uses] == [device.product_id]
    assert quality.get(here()).status_code == 200


def test_two_checklists_of_one_kind_are_not_for_the_same_devices(quality, device):
    form = {"products": [device.product.uid], "base_version": "1"}
    quality.post(here("/use"), sent(**form))
    answer = quality.post(here("/use", "infusion"), sent(**form))
    assert answer.status_code == 422 and "呼吸机维修后检查表" in answer.text


@pytest.mark.req("QCR-7")
def test_a_published_version_never_changes_a_new_one_replaces_it(quality, browser):
    quality.post(here("/publish"), sent())
    first = by_key().published.id
    assert quality.post(here("/items/new"), sent(**ITEM)).status_code == 404
    quality.post(here("/begin"), sent())
    assert quality.post(here("/items/new"), sent(base_version="1", **ITEM)).status_code == 303
    assert "200 mL/min" in quality.get(here("/draft")).text
    assert quality.post(here("/publish"), sent()).status_code == 409  # who wrote it last does not publish it
    assert browser("manager").post(here("/publish"), sent()).status_code == 303
    old = db.session.get_one(ChecklistVersion, first)
    assert (old.state, len(old.items)) == (VersionState.WITHDRAWN, 12)
    assert "漏气量" in quality.get(here("?version=2")).text


def test_items_are_moved_changed_and_removed(quality):
    second = by_key().draft.items[1].uid
    quality.post(here(f"/items/{second}/move"), sent(way="up", base_version=version()))
    assert by_key().draft.items[0].uid == second
    quality.post(here(f"/items/{second}"), sent(base_version=version(), **ITEM | {"name_zh": "自检"}))
    assert by_key().draft.items[0].name.zh == "自检"
    quality.post(here(f"/items/{second}/drop"), sent(base_version=version()))
    found = by_key().draft.items
    assert second not in {item.uid for item in found} and [i.position for i in found] == list(range(1, 12))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lower": "300"}, "upper"),
        ({"warn_upper": "250"}, "warn_lower"),
        ({"unit": ""}, "unit"),
        ({"upper": "x"}, "upper"),
        ({"kind": "choice"}, "answers"),
        ({"name_zh": ""}, "name_zh"),
    ],
)
def test_an_item_that_nothing_can_meet_is_refused_at_its_field(quality, changes, field):
    answer = quality.post(here("/items/new"), sent(base_version=version(), **ITEM | changes))
    assert answer.status_code == 422 and f'href="#{field}' in answer.text
    assert len(by_key().draft.items) == 12


def test_an_answer_of_a_choice_is_kept_with_what_it_means(quality):
    answers = {"answers-0-zh": "完好", "answers-0-passes": "yes", "answers-1-zh": "破损", "answers-1-passes": "no"}
    form = ITEM | answers | {"kind": "choice", "unit": ""}
    assert quality.post(here("/items/new"), sent(base_version=version(), **form)).status_code == 303
    assert [(a.name.zh, a.passes) for a in by_key().draft.items[-1].answers] == [("完好", True), ("破损", False)]


def test_who_saves_second_is_shown_what_stands(quality, browser):
    seen = version()
    quality.post(here("/items/new"), sent(base_version=seen, **ITEM))
    answer = browser("manager").post(here("/items/new"), sent(base_version=seen, **ITEM | {"name_zh": "另一项"}))
    assert answer.status_code == 409 and "另一项" in answer.text


def test_a_checklist_of_ones_own_begins_with_the_items_of_another(quality):
    origin = by_key().uid
    form = sent(name_zh="转运呼吸机检查表", purpose="repair", origin=origin)
    page = quality.post("/office/checklists/new", form)
    assert page.status_code == 303 and "潮气量" in quality.get(page.location).text


def test_a_withdrawal_gives_its_reason(quality):
    quality.post(here("/publish"), sent())
    assert quality.post(here("/withdraw"), sent()).status_code == 422
    assert quality.post(here("/withdraw"), sent(reason="标准换版")).status_code == 303
    assert by_key().published is None
    assert quality.post(here("/withdraw"), sent(reason="标准换版")).status_code == 404


def test_a_draft_can_be_given_up_and_described(quality):
    page = quality.get(here("/draft"))
    form = sent(source="科室决定 2026-11-01", base_version=hidden(page, "base_version"))
    assert quality.post(here("/draft"), form).status_code == 303
    assert by_key().draft.source == "科室决定 2026-11-01"
    assert quality.post(here("/discard"), sent()).status_code == 303
    assert by_key().draft is None


def test_technicians_read_checklists_and_change_none(browser):
    technician = browser("technician")
    assert technician.post(here("/publish"), sent()).status_code == 403
    assert browser("desk").get("/office/checklists").status_code == 200
    assert browser("officer").get("/office/checklists").status_code in (403, 404)
