"""The pages of fault codes and product families."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.domain.catalog.models import ProductFamily
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeState
from tests.blueprints.technicians.field import sent


@pytest.fixture
def quality(browser):
    return browser("quality")


def code(name):
    db.session.rollback()
    return db.session.scalars(sa.select(FaultCode).where(FaultCode.code == name)).one()


@pytest.mark.req("RPR-10")
def test_quality_adds_a_code_for_a_family(quality):
    family = db.session.scalars(sa.select(ProductFamily).where(ProductFamily.code == "VENT")).one()
    form = sent(kind="symptom", code="VENT-S9", name_zh="湿化器不加热", name_en="", family=family.uid)
    assert quality.post("/quality/fault-codes/new", form).status_code == 303
    assert (code("VENT-S9").family_id, code("VENT-S9").name.zh) == (family.id, "湿化器不加热")
    listed = quality.get(f"/quality/fault-codes?family={family.uid}&kind=symptom").text
    assert "VENT-S9" in listed and "PUMP-S1" not in listed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": "S01"}, "code"), ({"code": "小写"}, "code"), ({"name_zh": ""}, "name_zh"), ({"kind": ""}, "kind")],
)
def test_a_code_that_cannot_be_is_refused_at_its_field(quality, wrong, field):
    form = sent(kind="symptom", code="S77", name_zh="某现象", name_en="", family="") | wrong
    answer = quality.post("/quality/fault-codes/new", form)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert db.session.scalar(sa.select(FaultCode.id).where(FaultCode.code == "S77")) is None


def test_a_code_goes_out_of_use_and_comes_back(quality):
    where = f"/quality/fault-codes/{code('S09').uid}"
    assert quality.post(f"{where}/retire", sent()).status_code == 303
    assert code("S09").state is CodeState.RETIRED
    assert quality.post(f"{where}/retire", sent()).status_code == 409
    assert quality.post(f"{where}/edit", sent(base_version="1", name_zh="新名", name_en="")).status_code == 409
    assert quality.post(f"{where}/revive", sent()).status_code == 303
    assert code("S09").state is CodeState.IN_USE


def test_two_who_change_a_code_are_shown_both(quality):
    where = f"/quality/fault-codes/{code('S08').uid}/edit"
    assert quality.post(where, sent(base_version="1", name_zh="机械松动", name_en="")).status_code == 303
    answer = quality.post(where, sent(base_version="1", name_zh="机械断裂", name_en=""))
    assert answer.status_code == 409 and "机械松动" in answer.text and "机械断裂" in answer.text


def test_technicians_read_the_codes_and_customers_do_not(browser):
    where = f"/quality/fault-codes/{code('S01').uid}"
    assert browser("technician").get(where).status_code == 200
    assert browser("technician").post(f"{where}/retire", sent()).status_code == 403
    assert browser("officer").get(where).status_code == 403


def test_a_family_is_added_once_and_renamed(quality):
    assert quality.post("/quality/families/new", sent(code="LAMP", name_zh="无影灯", name_en="")).status_code == 303
    assert quality.post("/quality/families/new", sent(code="LAMP", name_zh="灯", name_en="")).status_code == 422
    family = db.session.scalars(sa.select(ProductFamily).where(ProductFamily.code == "LAMP")).one()
    where, uid = f"/quality/families/{family.uid}", family.uid
    assert quality.post(where, sent(base_version="1", name_zh="手术无影灯", name_en="")).status_code == 303
    assert quality.post(where, sent(base_version="1", name_zh="手术灯", name_en="")).status_code == 409
    db.session.rollback()
    renamed = db.session.scalars(sa.select(ProductFamily).where(ProductFamily.uid == uid)).one()
    assert renamed.name.zh == "手术无影灯"
