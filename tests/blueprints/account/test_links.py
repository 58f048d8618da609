"""Invitations, resets and the first administrator, from the mail to the account."""

import pytest
import sqlalchemy as sa

from jobs.notices import write
from portal.core.db import db, writing
from portal.core.notices import Delivery, Notice
from portal.core.permissions import SYSTEM
from portal.domain.accounts import links, passwords, service
from portal.domain.accounts.models import Account, OneUseLink, Purpose, SignedInSession, State
from portal.domain.permissions import Role

NEW = "ein Pfad zwischen drei Bäumen"


def link(people, key, purpose):
    account_id = people.account(key).id
    with writing() as session:
        return links.make(session, purpose, account_id)


@pytest.fixture
def invited(people):
    """An invited dispatcher; gives the path of the invitation."""
    admin = people.admin
    with writing() as session:
        service.invite(session, admin, email="new@example.com", name="钱多多", role=Role.DESK)
    return f"/invitation/{link(people, 'new', Purpose.INVITATION)}"


def english(client):
    client.post("/language", data={"language": "en"})
    return client


def state(people, key="new"):
    db.session.expire_all()
    return people.account(key).state


def test_an_invited_person_chooses_a_password_and_is_in(stranger, people, invited):
    page = english(stranger).get(invited)
    assert "Welcome, 钱多多" in page.text and "new@example.com" in page.text
    answer = stranger.post(invited, data={"new_password": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert stranger.get("/inbox").status_code == 200
    assert state(people) is State.ACTIVE
    assert passwords.fits(people.account("new").password_hash, NEW)


def test_looking_at_the_invitation_does_not_use_it(stranger, people, invited):
    for _ in range(3):
        assert stranger.get(invited).status_code == 200
    assert stranger.post(invited, data={"new_password": NEW}).status_code == 303


def test_an_invitation_works_once(app, people, invited):
    assert app.test_client().post(invited, data={"new_password": NEW}).status_code == 303
    second = english(app.test_client())
    for answer in (second.get(invited), second.post(invited, data={"new_password": NEW + "!"})):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text
    assert passwords.fits(people.account("new").password_hash, NEW)


def test_an_invitation_is_no_reset_and_a_reset_no_invitation(stranger, people, invited):
    assert stranger.get(invited.replace("invitation", "reset")).status_code == 410
    reset = link(people, "officer", Purpose.RESET)
    assert stranger.post(f"/invitation/{reset}", data={"new_password": NEW}).status_code == 410
    assert stranger.get(f"/first-admin/{reset}").status_code == 410


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short", "at least 12"), ("", "required"), ("password1234", "Many people"), ("new@example.com 1", "without")],
)
def test_a_poor_password_is_refused_and_the_link_stays_good(stranger, people, invited, password, reason):
    answer = english(stranger).post(invited, data={"new_password": password})
    assert answer.status_code == 422
    assert reason in answer.text
    assert state(people) is State.INVITED
    assert stranger.get(invited).status_code == 200


def test_a_refused_password_is_not_shown_again(stranger, invited):
    answer = stranger.post(invited, data={"new_password": "visible-secret-password1"})
    again = stranger.post(invited, data={"new_password": "tooshort-v"})
    assert "tooshort-v" not in again.text and "visible" not in answer.text


def test_asking_for_a_reset_says_the_same_to_everybody(app):
    answers = [
        app.test_client().post("/reset", data={"email": email})
        for email in ("officer@example.com", "nobody@example.com")
    ]
    assert [(a.status_code, a.headers["Location"], a.data) for a in answers] == [
        (303, "/reset-asked", answers[0].data)
    ] * 2
    mailed = db.session.scalars(sa.select(Delivery.address)).all()
    assert mailed == ["officer@example.com"]


def test_asking_costs_the_same_hash_for_everybody(stranger, monkeypatch):
    looked_at = []
    monkeypatch.setattr(passwords, "fits", lambda kept, password: looked_at.append(kept))
    for email in ("officer@example.com", "nobody@example.com"):
        stranger.post("/reset", data={"email": email})
    assert looked_at == ["", ""]


def test_a_mailbox_is_not_flooded(app):
    for _ in range(10):
        assert app.test_client().post("/reset", data={"email": "officer@example.com"}).status_code == 303
    assert app.test_client().post("/reset", data={"email": "officer@example.com"}).status_code == 429
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 10


def test_no_secret_stands_anywhere_before_the_mail_is_written(stranger):
    stranger.post("/reset", data={"email": "officer@example.com"})
    assert db.session.scalar(sa.select(sa.func.count(OneUseLink.id))) == 0


def test_a_reset_sets_the_password_and_signs_out_everywhere(app, browser, people):
    elsewhere, here = browser("officer"), app.test_client()
    path = f"/reset/{link(people, 'officer', Purpose.RESET)}"
    answer = here.post(path, data={"new_password": NEW})
    assert answer.headers["Location"] == "/sign-in"
    assert elsewhere.get("/profile").status_code == 303
    assert here.get("/profile").status_code == 303
    signed_in = here.post("/sign-in", data={"email": "officer@example.com", "password": NEW})
    assert signed_in.status_code == 303
    assert here.get(path).status_code == 410


def test_a_form_sent_twice_has_one_effect(stranger, people):
    path = f"/reset/{link(people, 'officer', Purpose.RESET)}"
    key = {"new_password": NEW, "idempotency_key": "0190-key"}
    first = stranger.post(path, data=key)
    second = stranger.post(path, data=key)
    assert first.status_code == 303
    assert second.status_code == 410  # the link is used up; the password stands


def test_the_mail_carries_a_working_link(app, stranger, people):
    stranger.post("/reset", data={"email": "officer@example.com"})
    delivery, notice = db.session.execute(sa.select(Delivery, Notice).join(Notice)).one()
    letter = write(delivery, notice)
    public_url = app.extensions["settings"].public_url
    (path,) = [line.removeprefix(public_url) for line in letter.text.splitlines() if "/reset/" in line]
    db.session.rollback()  # what was read before the mail was written does not know its link
    assert stranger.get(path).status_code == 200
    assert path.rpartition("/")[2] not in str(notice.params)


def empty_house(people):
    account_id = people.account("admin").id
    with writing() as session:
        service.disable(session, session.get_one(Account, account_id), SYSTEM, "empty")
    with writing() as session:
        return f"/first-admin/{service.first_admin_link(session)}"


def test_the_first_administrator_makes_their_own_account(stranger, people):
    path = empty_house(people)
    assert stranger.get(path).status_code == 200
    data = {"name": "Erste Person", "email": "First@example.com", "new_password": NEW}
    assert stranger.post(path, data=data).headers["Location"] == "/"
    assert people.first.roles == {Role.ADMIN}
    assert stranger.get("/office/people").status_code == 200
    assert stranger.post(path, data=data).status_code == 410


def test_the_first_administrators_password_knows_the_rules(stranger, people):
    path = empty_house(people)
    data = {"name": "Erste Person", "email": "first@example.com", "new_password": "erste person 1"}
    assert stranger.post(path, data=data).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(SignedInSession.id))) == 0


def test_the_command_prints_a_link_that_works(app, stranger, people):
    account_id = people.account("admin").id
    runner = app.test_cli_runner()
    refused = runner.invoke(args=["first-admin"])
    assert refused.exit_code == 1 and "administrator already" in refused.output
    with writing() as session:
        service.disable(session, session.get_one(Account, account_id), SYSTEM, "empty")
    printed = runner.invoke(args=["first-admin"]).output.split()[-1]
    assert printed.startswith(app.extensions["settings"].public_url)
    assert stranger.get(printed.removeprefix(app.extensions["settings"].public_url)).status_code == 200
