"""How a site lets its wards report: the code that hangs there, and who reads first."""

import pytest
import sqlalchemy as sa

from portal.core import codes
from portal.core.audit import AuditEntry
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, Stale
from portal.domain.organisations.models import Site
from portal.domain.wards import service
from portal.domain.wards.models import WardDesk
from portal.domain.wards.words import Route


def do(act):
    with writing() as session:
        return act(session, session.scalars(sa.select(WardDesk)).one())


def the_desk() -> WardDesk:
    db.session.rollback()
    return db.session.scalars(sa.select(WardDesk)).one()


@pytest.fixture
def desk(people, device):
    with writing() as session:
        service.open_desk(session, people.officer, session.get_one(Site, device.site_id), Route.HOSPITAL)


@pytest.mark.req("INT-15")
def test_the_code_is_right_however_it_is_typed_and_wrong_once_it_is_renewed(people, desk):
    old = the_desk().code
    assert service.is_right_code(the_desk(), f" {codes.spell(old, 3).lower()} ")
    assert not service.is_right_code(the_desk(), "") and not service.is_right_code(None, old)
    do(lambda session, found: service.renew_code(session, found, people.officer))
    assert the_desk().code != old and not service.is_right_code(the_desk(), old)


def test_a_closed_site_takes_no_code_and_draws_none(people, desk):
    version = the_desk().settings_version
    do(lambda session, found: service.edit_desk(session, found, people.officer, version, Route.CLOSED))
    assert not service.is_right_code(the_desk(), the_desk().code)
    with pytest.raises(NotNow):
        do(lambda session, found: service.renew_code(session, found, people.officer))


def test_of_two_who_change_it_the_second_is_told(people, desk):
    version = the_desk().settings_version
    do(lambda session, found: service.edit_desk(session, found, people.officer, version, Route.COMPANY))
    with pytest.raises(Stale):
        do(lambda session, found: service.edit_desk(session, found, people.officer, version, Route.CLOSED))


@pytest.mark.parametrize("who", ["officer2", "ward", "desk"])
def test_only_the_own_equipment_department_changes_it(people, desk, who):
    with pytest.raises(NotAllowed):
        do(lambda session, found: service.renew_code(session, found, getattr(people, who)))


def test_the_trail_knows_when_a_code_was_drawn_and_not_which(people, desk):
    do(lambda session, found: service.renew_code(session, found, people.officer))
    texts = db.session.scalars(sa.select(AuditEntry.text).where(AuditEntry.root_kind == "ward_desk")).all()
    assert len(texts) == 2 and all("code_since" in text and the_desk().code not in text for text in texts)
