"""What a list shows is what a page would show: `arms` and `can` agree for every person and record."""

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.errors import NotYours
from portal.core.permissions import arms, find, visible_to
from portal.demo.registers import STAFF
from portal.domain.accounts.people import person_of
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import RULES, P, Role, Scope

EVERYBODY = tuple(row[0] for row in STAFF)


@pytest.mark.parametrize("model", [Device, Organisation])
def test_sql_and_python_give_the_same_answer(model, people, session):
    records = session.scalars(sa.select(model)).all()
    for key in EVERYBODY:
        person = getattr(people, key)
        for permission in (P.DEVICE_SEE, P.ORGANISATION_SEE, P.DEVICE_EDIT, P.REQUEST_CREATE):
            by_sql = set(session.scalars(sa.select(model.id).where(visible_to(person, model, permission))))
            assert by_sql == {r.id for r in records if person.can(permission, r)}, (key, permission)


def test_every_arm_is_an_equality_or_an_in_on_an_indexed_column(people):
    for key in EVERYBODY:
        for arm in arms(getattr(people, key), Device, P.DEVICE_SEE):
            if isinstance(arm, sa.sql.elements.True_):
                continue
            column = arm.left
            indexed = {index.columns.values()[0].name for index in Device.__table__.indexes} | {"id"}
            assert column.name in indexed


@pytest.mark.req("STF-4", "CUS-1")
def test_a_foreign_device_and_a_missing_one_are_the_same_answer(people, session, device):
    number = device.number
    with pytest.raises(NotYours) as foreign:
        find(session, Device, people.officer2, P.DEVICE_SEE, number=number)
    with pytest.raises(NotYours) as missing:
        find(session, Device, people.officer2, P.DEVICE_SEE, number="RK-DV-1999-00001")
    assert str(foreign.value) == str(missing.value)


@pytest.mark.req("STF-4")
def test_a_dealer_sees_its_own_customers_only(people, session):
    person = people.dealer_desk
    seen = session.scalars(sa.select(Device).where(visible_to(person, Device, P.DEVICE_SEE))).all()
    assert seen
    assert {d.organisation.name.en for d in seen} == {"Binjiang First People's Hospital"}


def test_an_ended_grant_reaches_nothing(people, session):
    account = people.account("desk")
    account.grants[0].ended_at = clock.now()
    assert person_of(account).reach(P.DEVICE_SEE) == {}
    session.rollback()


def test_the_table_names_only_known_things():
    for permission in P:
        assert permission in RULES, permission
        for role, scope in RULES[permission].items():
            assert isinstance(role, Role)
            assert isinstance(scope, Scope)
