"""Fault codes are rows that staff keep; what a record carries stays readable when a code goes out of use."""

import pytest
import sqlalchemy as sa

from portal.core.db import Text2, db, writing
from portal.core.errors import NotNow, NotValid, Stale
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.faultcodes import queries, seeding, service
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.presets import CODES, FAMILIES
from portal.domain.faultcodes.words import CodeKind, CodeState


def code(name: str, kind: CodeKind = CodeKind.SYMPTOM) -> FaultCode:
    return db.session.scalars(sa.select(FaultCode).where(FaultCode.kind == kind, FaultCode.code == name)).one()


def product(model: str) -> Product:
    return db.session.scalars(sa.select(Product).where(Product.model == model)).one()


@pytest.mark.req("RPR-10")
def test_the_shipped_codes_are_put_in_once_and_what_people_changed_stays(people):
    with writing() as session:
        renamed = session.scalars(sa.select(FaultCode).where(FaultCode.code == "VENT-S1")).one()
        service.edit(session, renamed, people.quality, 1, name=Text2("压力报警", "Pressure alarm"), family=None)
    with writing() as session:
        assert seeding.install(session) == 0
    assert code("VENT-S1").name == Text2("压力报警", "Pressure alarm")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FaultCode)) == len(CODES)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProductFamily)) == len(FAMILIES)


def test_every_shipped_family_and_kind_is_in_two_languages():
    assert all(each.zh and each.en for each in CODES)
    assert all(name.zh and name.en for name in FAMILIES.values())
    assert {each.family for each in CODES} == {"", *FAMILIES}
    assert {each.kind for each in CODES if not each.family} == set(CodeKind)


@pytest.mark.req("RPR-10")
def test_a_model_is_offered_its_familys_codes_and_the_general_ones(people):
    offered = {each.code for each in queries.to_choose(db.session, product("RH-V5"))}
    assert {"VENT-S1", "S01", "R01"} <= offered and "PUMP-S1" not in offered


def test_a_code_out_of_use_is_not_offered_but_stays_where_it_is_recorded(people):
    with writing() as session:
        service.retire(session, session.get_one(FaultCode, code("VENT-S1").id), people.quality)
    retired, ventilator = code("VENT-S1"), product("RH-V5")
    assert retired.state is CodeState.RETIRED
    assert retired not in queries.to_choose(db.session, ventilator)
    assert retired in queries.to_choose(db.session, ventilator, [retired.id, None])
    with pytest.raises(NotNow), writing() as session:
        again = session.get_one(FaultCode, retired.id)
        service.edit(session, again, people.quality, 1, name=Text2("另一个", ""), family=None)
    with writing() as session:
        service.revive(session, session.get_one(FaultCode, code("VENT-S1").id), people.quality)
    assert code("VENT-S1").state is CodeState.IN_USE


def test_a_code_stands_for_one_thing(people):
    with pytest.raises(NotValid) as refused, writing() as session:
        service.add(session, people.quality, kind=CodeKind.SYMPTOM, code="S01", name=Text2("又一个", ""))
    assert "code" in refused.value.fields
    with writing() as session:
        service.add(session, people.quality, kind=CodeKind.CAUSE, code="S01", name=Text2("另一类", ""))


def test_two_who_rename_a_code_are_shown_both(people):
    with writing() as session:
        record = session.get_one(FaultCode, code("S02").id)
        service.edit(session, record, people.quality, 1, name=Text2("自动重启", ""), family=None)
    with pytest.raises(Stale), writing() as session:
        record = session.get_one(FaultCode, code("S02").id)
        service.edit(session, record, people.manager, 1, name=Text2("死机", ""), family=None)
