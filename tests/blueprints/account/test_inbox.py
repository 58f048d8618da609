"""The inbox: read, opened, marked, never changed by looking."""

import pytest
import sqlalchemy as sa

from portal.core import notices
from portal.core.db import db, writing
from portal.core.notices import KINDS, Notice
from portal.domain.accounts.models import Account


def tell(people, device, key="officer", times=1):
    account_id = people.account(key).id
    with writing() as session:
        account = session.get_one(Account, account_id)
        for n in range(times):
            params = {"number": f"RK-SR-2026-{n + 1:05}"}
            notices.notify(session, KINDS["request_assessed"], [account], root=session.merge(device), params=params)
    return db.session.scalars(sa.select(Notice.id).where(Notice.person_id == account_id).order_by(Notice.id)).all()


def unread(people, key="officer"):
    db.session.expire_all()
    return notices.unread(db.session, people.account(key).id)


@pytest.fixture
def officer(browser):
    client = browser("officer")
    client.post("/language", {"language": "en"})
    return client


def test_an_empty_inbox_says_why(officer):
    assert "No notices yet" in officer.get("/inbox").text


def test_looking_at_the_inbox_reads_nothing(officer, people, device):
    tell(people, device)
    for _ in range(2):
        assert "Service request RK-SR-2026-00001 was assessed" in officer.get("/inbox").text
    assert unread(people) == 1


def test_opening_a_notice_marks_it_and_leads_to_the_record(officer, people, device):
    ids = tell(people, device, times=2)
    answer = officer.post(f"/inbox/{ids[0]}/open")
    assert answer.status_code == 303
    assert "RK-SR-2026-00001" in answer.headers["Location"]
    assert unread(people) == 1


def test_nobody_opens_the_notice_of_another(officer, people, device):
    (foreign,) = tell(people, device, "officer2")
    assert officer.post(f"/inbox/{foreign}/open").status_code == 404
    assert officer.post("/inbox/9223372036854775807/open").status_code == 404
    assert officer.post("/inbox/99999999999999999999999999/open").status_code == 404
    assert unread(people, "officer2") == 1


def test_all_can_be_marked_as_read(officer, people, device):
    tell(people, device, times=3)
    assert officer.post("/inbox/read").status_code == 303
    assert unread(people) == 0


def test_a_long_inbox_has_pages(officer, people, device):
    tell(people, device, times=30)
    page = officer.get("/inbox").text
    assert "00030" in page and "00005 was" not in page
    following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = officer.get(following).text
    assert "00005 was" in second and "00006 was" not in second


def test_a_spoilt_page_address_is_refused(officer):
    assert officer.get("/inbox?at=garbage").status_code == 422
