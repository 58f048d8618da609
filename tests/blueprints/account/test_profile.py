"""What people set for themselves."""

import pytest
import sqlalchemy as sa

from portal.core import notices
from portal.core.db import db, writing
from portal.core.idempotency import IdempotencyKey, fields_hash
from portal.core.notices import KINDS, Channel, Notice
from portal.domain.accounts import passwords, service, sessions
from portal.domain.accounts.models import Account
from portal.domain.accounts.notices import PASSWORD_CHANGED
from tests.conftest import PASSWORD

NEW = "ein Pfad zwischen drei Bäumen"
ABOUT = {"name": "陈静怡", "phone": "021-6482 1166", "language": "en", "zone": "Asia/Urumqi", "base_version": "1"}


@pytest.fixture
def officer(browser):
    return browser("officer")


def me(people, key="officer"):
    db.session.expire_all()
    return people.account(key)


def test_people_say_who_they_are(officer, people):
    answer = officer.post("/profile", ABOUT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")
    account = me(people)
    assert (account.phone, account.language, account.zone) == ("021-6482 1166", "en", "Asia/Urumqi")
    page = officer.get("/profile").text
    assert "Your profile is saved." in page and "021-6482 1166" in page


@pytest.mark.parametrize(
    "change",
    [{"name": "  "}, {"name": ""}, {"name": "x" * 101}, {"phone": "1" * 41}, {"language": "fr"}, {"zone": "Mars/Base"}],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(officer, people, change):
    answer = officer.post("/profile", ABOUT | {"phone": "typed-here"} | change)
    assert answer.status_code == 422
    assert "phone" in change or "typed-here" in answer.text
    assert me(people).profile_version == 1


def test_nothing_beyond_the_form_is_taken(officer, people):
    officer.post("/profile", ABOUT | {"state": "disabled", "email": "x@example.com", "organisation_id": "99"})
    account = me(people)
    assert (account.state.value, account.email) == ("active", "officer@example.com")
    assert account.organisation_id != 99


def test_a_stale_profile_shows_both(officer, people):
    officer.post("/language", {"language": "en"})
    officer.post("/profile", ABOUT | {"phone": "021-1"})
    answer = officer.post("/profile", ABOUT | {"phone": "021-2"})
    assert answer.status_code == 409
    assert "021-1" in answer.text and "021-2" in answer.text
    assert me(people).phone == "021-1"


def test_a_zone_beyond_the_list_is_kept(officer, people):
    account_id = people.account("officer").id
    with writing() as session:
        service.edit_profile(session, session.get_one(Account, account_id), people.officer, 1, zone="America/Sao_Paulo")
    assert 'value="America/Sao_Paulo"' in officer.get("/profile").text
    answer = officer.post("/profile", ABOUT | {"zone": "America/Sao_Paulo", "base_version": "2"})
    assert answer.status_code == 303


def change(client, current=PASSWORD, new=NEW):
    return client.post("/profile/password", {"current_password": current, "new_password": new})


def test_a_new_password_needs_the_old_one(officer, people):
    before = people.account("officer").password_hash
    assert change(officer, current="not mine").status_code == 422
    assert me(people).password_hash == before
    assert change(officer).status_code == 303
    assert passwords.fits(me(people).password_hash, NEW)


def test_a_new_password_signs_the_other_devices_out(browser, officer, people):
    tablet = browser("officer")
    change(officer)
    assert officer.get("/profile").status_code == 200
    assert tablet.get("/profile").status_code == 303
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == PASSWORD_CHANGED.name)).one()
    assert told.person_id == people.account("officer").id


@pytest.mark.parametrize("new", ["short", "password1234", "officer@example.com"])
def test_a_poor_password_is_refused(officer, people, new):
    before = people.account("officer").password_hash
    assert change(officer, new=new).status_code == 422
    assert me(people).password_hash == before


def test_guessing_the_old_password_comes_to_an_end(officer):
    for _ in range(10):
        assert change(officer, current="not mine").status_code == 422
    officer.post("/language", {"language": "en"})
    assert "Too many tries" in change(officer).text


def test_a_password_leaves_no_trace_in_the_idempotency_keys(officer):
    officer.post("/profile/password", {"current_password": PASSWORD, "new_password": NEW, "idempotency_key": "k1"})
    kept = db.session.scalars(sa.select(IdempotencyKey).where(IdempotencyKey.key == "k1")).one()
    assert kept.fields_hash == fields_hash("/profile/password", {"base": None})


def test_signing_out_everywhere_leaves_this_device(browser, officer, people):
    tablet = browser("officer")
    page = officer.get("/profile").text
    assert page.count('data-label="') >= 2
    assert officer.post("/profile/sign-out-everywhere").status_code == 303
    assert officer.get("/profile").status_code == 200
    assert tablet.get("/profile").status_code == 303
    assert len(sessions.running(db.session, people.account("officer").id)) == 1


def test_notices_by_mail_are_a_choice(officer, people):
    kind = KINDS["request_assessed"]
    person_id = people.account("officer").id
    assert notices.chosen(db.session, person_id)[kind.name, Channel.MAIL]
    concerning = [k for k in KINDS.values() if not k.concerns or k.concerns & people.officer.roles]
    others = [f"{k.name} mail" for k in concerning if not k.mandatory and k is not kind]
    assert officer.post("/profile/notices", {"wanted": others}).status_code == 303
    db.session.expire_all()
    chosen = notices.chosen(db.session, person_id)
    assert not chosen[kind.name, Channel.MAIL]
    assert chosen["request_received", Channel.MAIL]


def test_what_always_reaches_one_cannot_be_chosen_away(officer):
    assert officer.post("/profile/notices", {"wanted": ["password_changed mail"]}).status_code == 422


@pytest.mark.parametrize("key", ["officer", "technician", "desk", "auditor"])
def test_everybody_has_a_profile_and_an_inbox_in_their_own_frame(browser, key):
    client = browser(key)
    frame = {"officer": "customer", "technician": "technician"}.get(key, "staff")
    for path in ("/profile", "/inbox"):
        assert f'data-audience="{frame}"' in client.get(path).text
