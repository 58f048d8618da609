"""Who looks into which requests."""

import sqlalchemy as sa

from portal.core.db import db
from portal.domain.servicing.models import RequestRoute
from portal.domain.servicing.words import Concern, Division
from tests.web.conftest import sent


def of_conduct():
    db.session.expire_all()
    return db.session.scalars(sa.select(RequestRoute).where(RequestRoute.concern == Concern.CONDUCT)).one()


def test_the_manager_changes_a_route(browser):
    manager, uid = browser("manager"), of_conduct().uid
    assert uid in manager.get("/office/routes").get_data(as_text=True)
    assert manager.post(f"/office/routes/{uid}", sent(division="nobody")).status_code == 422
    assert manager.post(f"/office/routes/{uid}", sent(division="quality")).status_code == 303
    assert of_conduct().division is Division.QUALITY


def test_others_do_not(browser):
    uid = of_conduct().uid
    for key in ("desk", "quality", "technician", "officer"):
        assert browser(key).post(f"/office/routes/{uid}", sent(division="quality")).status_code == 403, key
