"""Coming in and going out."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.permissions import SYSTEM
from portal.domain.accounts import passwords, service
from portal.domain.accounts.models import Account, SignedInSession, SignInAttempt
from tests.conftest import PASSWORD

WRONG = "The e-mail address or the password is wrong."


def try_in(client, email="officer@example.com", password=PASSWORD, next_=None, **options):
    address = "/sign-in" + (f"?next={next_}" if next_ else "")
    return client.post(address, data={"email": email, "password": password}, **options)


def english(app):
    client = app.test_client()
    client.post("/language", data={"language": "en"})
    return client


def is_in(client):
    return client.get("/profile").status_code == 200


def disable(people, key):
    account_id, admin = people.account(key).id, people.admin
    with writing() as session:
        service.disable(session, session.get_one(Account, account_id), admin, "left")


def test_the_right_password_leads_home(app):
    client = app.test_client()
    answer = try_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_in(client)


def test_an_address_may_be_written_as_people_write_it(app):
    assert try_in(app.test_client(), email=" Officer@Example.COM ").status_code == 303


@pytest.mark.parametrize("case", ["wrong password", "unknown", "disabled", "invited"])
def test_every_wrong_pair_gets_the_same_answer_after_the_same_work(app, people, monkeypatch, case):
    email, password = "officer@example.com", PASSWORD
    match case:
        case "wrong password":
            password = "something else"
        case "unknown":
            email = "nobody@example.com"
        case "disabled":
            disable(people, "officer")
        case "invited":
            email, admin = "new@example.com", people.admin
            with writing() as session:
                service.invite(session, admin, email=email, name="New", role="desk")
    verified = count_verifications(monkeypatch)
    client = english(app)
    answer = try_in(client, email, password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert len(verified) == 1
    assert answer.text.count("officer") + answer.text.count("nobody") <= 1  # only what was typed
    assert not is_in(client)


def count_verifications(monkeypatch):
    verified, real = [], passwords.HASHER

    class Counting:
        hash = real.hash
        check_needs_rehash = real.check_needs_rehash

        def verify(self, kept, password):
            verified.append(kept)
            return real.verify(kept, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    return verified


def test_after_ten_wrong_tries_the_right_password_waits_too(app, monkeypatch):
    client = english(app)
    for _ in range(10):
        assert try_in(client, password="something else").status_code == 422
    verified = count_verifications(monkeypatch)
    answer = try_in(client)
    assert answer.status_code == 429
    assert "Too many tries. Please wait 15 minutes" in answer.text
    assert verified == []
    with clock.frozen(clock.now() + timedelta(minutes=15, seconds=1)):
        assert try_in(client).status_code == 303


def test_a_name_that_nobody_has_waits_like_any_other(app):
    client = english(app)
    for _ in range(10):
        try_in(client, email="nobody@example.com")
    assert try_in(client, email="nobody@example.com").status_code == 429


def test_signing_in_rightly_is_not_counted(app, session):
    for _ in range(12):
        assert try_in(app.test_client()).status_code == 303
    assert session.scalar(sa.select(sa.func.count(SignInAttempt.id))) == 0


def test_an_old_hash_is_renewed_by_the_way(app, people):
    before = people.account("officer").password_hash
    assert passwords.is_outdated(before)
    try_in(app.test_client())
    db.session.expire_all()
    assert not passwords.is_outdated(people.account("officer").password_hash)
    assert try_in(app.test_client()).status_code == 303


def test_signing_in_again_ends_the_earlier_session_of_this_browser(app, session):
    client = app.test_client()
    try_in(client)
    first = client.get_cookie("session").value
    try_in(client, email="desk@example.com")
    rows = session.scalars(sa.select(SignedInSession).order_by(SignedInSession.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]
    client.set_cookie("session", first)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/customer/requests?state=open", "/customer/requests?state=open"),
        ("https://evil.example/path", "/path"),
        ("//evil.example", "/"),
        ("///evil.example", "/evil.example"),
        ("////evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("%5C%5Cevil.example", "/"),
        ("/%09/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_in_the_house(app, given, leads_to):
    location = try_in(app.test_client(), next_=given).headers["Location"]
    assert location == leads_to
    assert not location.startswith("//")


def test_a_page_asked_for_too_early_is_reached_after_signing_in(app):
    client = app.test_client()
    answer = client.get("/profile?x=1")
    assert answer.headers["Location"] == "/sign-in?next=/profile?x%3D1"
    fragment = client.get("/profile", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/profile"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/sign-in?next=/profile")
    posted = client.post("/profile/sign-out-everywhere", headers={"Referer": "http://localhost/profile"})
    assert posted.headers["Location"] == "/sign-in?next=/profile"


def test_signing_out_ends_the_session_on_the_server(app):
    client = app.test_client()
    try_in(client)
    kept = client.get_cookie("session").value
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    client.set_cookie("session", kept)
    assert not is_in(client)


def test_signing_out_twice_is_no_error(app):
    assert app.test_client().post("/sign-out").status_code == 303


def test_a_disabled_account_is_out_at_once(app, people):
    client = app.test_client()
    try_in(client)
    disable(people, "officer")
    assert client.get("/profile").status_code == 303


@pytest.mark.parametrize("hours", [13, 15 * 24])
def test_a_session_does_not_outlive_its_time(app, hours):
    client = app.test_client()
    try_in(client)
    with clock.frozen(clock.now() + timedelta(hours=hours)):
        assert client.get("/profile").status_code == 303


def test_a_session_in_use_lives_on_without_writing_at_every_click(app, session):
    client, start = app.test_client(), clock.now()
    try_in(client)
    with clock.frozen(start + timedelta(minutes=4)):
        client.get("/profile")
    assert session.scalar(sa.select(SignedInSession.last_seen_at)) < start + timedelta(minutes=1)
    for hour in range(10, 50, 10):
        with clock.frozen(start + timedelta(hours=hour)):
            assert is_in(client)


def test_an_ended_role_closes_the_door_at_the_next_click(app, browser, people):
    admin = browser("admin")
    assert admin.get("/office/people").status_code == 200
    account_id = people.account("admin").id
    with writing() as session:
        account = session.get_one(Account, account_id)
        service.end_role(session, account, SYSTEM, account.grants[0])
    assert admin.get("/office/people").status_code == 403


def test_a_chosen_language_stays(app, people):
    client = app.test_client()
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert 'lang="en"' in client.get("/sign-in").text
    try_in(client)
    assert 'lang="en"' in client.get("/profile").text  # the page goes on as it began
    assert people.account("officer").language == "zh"  # and mails as the profile says
    answer = client.post("/language?next=/profile", data={"language": "en"})
    assert answer.headers["Location"] == "/profile"
    assert 'lang="en"' in client.get("/profile").text
    db.session.expire_all()
    assert people.account("officer").language == "en"
    client.post("/sign-out")
    assert 'lang="en"' in client.get("/sign-in").text


def test_an_unknown_language_is_refused(stranger):
    assert stranger.post("/language", data={"language": "xx"}).status_code == 422


def test_without_the_token_nothing_is_taken(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    for path in ("/sign-in", "/sign-out", "/language", "/reset", "/profile", "/inbox/read", "/office/people/x/enable"):
        assert client.post(path, data={"language": "en"}).status_code == 400, path


def test_another_site_posts_nothing(stranger):
    answer = try_in(stranger, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_overlong_input_is_refused_at_its_field(app):
    client = english(app)
    assert try_in(client, password="x" * 100_000).status_code == 422
    assert try_in(client, email="x" * 100_000).status_code == 422


GETS = ("/", "/sign-in", "/profile", "/inbox", "/reset", "/office/people", "/office/people/invite/ward")


def test_looking_writes_nothing(app, browser, people):
    admin, sent = browser("admin"), []
    pages = [*GETS, f"/office/people/{people.account('desk').uid}", "/invitation/x", "/reset/x"]

    def note(connection, clause, *rest):
        if getattr(clause, "is_dml", False):
            sent.append(str(clause))

    sa.event.listen(db.engine, "before_execute", note)
    try:
        for path in pages:
            assert admin.get(path).status_code < 500, path
    finally:
        sa.event.remove(db.engine, "before_execute", note)
    assert sent == []
