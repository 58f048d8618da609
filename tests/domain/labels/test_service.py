"""Labels are asked for within limits; a new code takes the old one out of force."""

import pytest
import sqlalchemy as sa

from portal.core import figures
from portal.core.db import writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.outbox import OutboxRow
from portal.domain.devices import scans
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.labels import queries, service
from portal.domain.labels.lifecycle import PRINT
from portal.domain.labels.models import LabelSheet, SheetState


@pytest.fixture
def ids(session):
    return list(session.scalars(sa.select(Device.id).order_by(Device.id.desc()).limit(3)))


def test_a_sheet_keeps_its_devices_in_their_order_and_asks_for_its_pdf(people, session, ids):
    with writing() as writer:
        form = queries.formats(writer)[0]
        sheet = service.ask(writer, people.desk, form, ids, language="zh", skipped=5)
    kept = session.get_one(LabelSheet, sheet.id)
    assert [device.id for device in queries.devices_of(session, kept)] == ids
    assert kept.state is SheetState.ASKED and kept.requested_by_id == people.desk.id
    row = session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == PRINT)).one()
    assert row.payload == {"sheet_id": kept.id}


@pytest.mark.parametrize("skipped", [-1, 24])
def test_no_more_places_are_skipped_than_a_page_has(people, ids, skipped):
    with pytest.raises(NotValid), writing() as writer:
        service.ask(writer, people.desk, queries.formats(writer)[0], ids, language="zh", skipped=skipped)


def test_no_labels_and_too_many_are_refused(people, session):
    most = figures.integer(session, service.MOST_LABELS)
    for some in ([], list(range(1, most + 2))):
        with pytest.raises(NotValid), writing() as writer:
            service.ask(writer, people.desk, queries.formats(writer)[0], some, language="zh")


def test_whoever_has_nothing_to_do_with_labels_gets_none(people, ids):
    with pytest.raises(NotAllowed), writing() as writer:
        service.ask(writer, people.quality, queries.formats(writer)[0], ids, language="zh")


def test_a_format_that_runs_over_the_page_is_refused(people):
    wide = {"page_width": 1000, "page_height": 500, "label_width": 600, "label_height": 300, "across": 2, "down": 1}
    with writing() as writer:
        name = queries.formats(writer)[0].name
    with pytest.raises(NotNow), writing() as writer:
        service.add_format(writer, people.manager, name=name, **wide)


@pytest.mark.req("INT-10")
def test_after_a_new_code_the_old_label_leads_nowhere(people, session, device):
    old = device.label_code
    with writing() as writer:
        devices.relabel(writer, writer.get_one(Device, device.id), people.desk, "label copied")
    session.expire_all()
    new = session.get_one(Device, device.id).label_code
    assert scans.look_up(session, people.desk, f"https://portal.example.com/d/{old}").number is None
    assert scans.look_up(session, people.desk, f"https://portal.example.com/d/{new}").number == device.number
