"""A code of the telephone counts once; recovery codes too; neither can be read from the database."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from pyotp import TOTP

from portal.core import clock, lockbox
from portal.core.audit import AuditEntry
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.accounts import second_step
from portal.domain.accounts.models import Account, RecoveryCode, SecondStep, SignedInSession
from portal.domain.policies.service import NOT_SET, set_figure


def now_code(secret: str, later: int = 0) -> str:
    return TOTP(secret).at(clock.now() + timedelta(seconds=later))


def offer_to(account_id: int) -> second_step.Offer:
    drawn = second_step.draw()
    with writing() as session:
        second_step.propose(session, session.get_one(Account, account_id), drawn)
    return second_step.offered(db.session, account_id)


def confirm(account_id: int, code: str) -> None:
    with writing() as session:
        second_step.confirm(session, session.get_one(Account, account_id), code)


def enters(account_id: int, code: str) -> bool:
    found = second_step.fitting_code(db.session, account_id, code)
    with writing() as session:
        return second_step.pass_through(session, session.get_one(Account, account_id), code, found)


@pytest.fixture
def desk(people) -> int:
    return people.account("desk").id


@pytest.fixture
def offer(desk) -> second_step.Offer:
    """What the desk was offered, confirmed a while ago."""
    offer = offer_to(desk)
    with clock.frozen(clock.now() - timedelta(minutes=5)):
        confirm(desk, now_code(offer.secret))
    return offer


def test_what_is_offered_holds_only_when_the_telephone_has_shown_it(desk):
    offer = offer_to(desk)
    assert not second_step.is_set_up(db.session, desk)
    with pytest.raises(NotValid):
        confirm(desk, "000000" if now_code(offer.secret) != "000000" else "111111")
    confirm(desk, now_code(offer.secret))
    assert second_step.is_set_up(db.session, desk)
    assert second_step.offered(db.session, desk) is None
    assert second_step.codes_left(db.session, desk) == second_step.RECOVERY_CODES


def test_an_offer_that_nobody_confirms_is_shown_no_more(desk):
    with clock.frozen(clock.now() - timedelta(minutes=31)):
        offer_to(desk)
    assert second_step.offered(db.session, desk) is None
    with pytest.raises(NotNow):
        confirm(desk, "123456")


def test_a_code_is_taken_once_and_none_before_it(desk, offer):
    earlier, code = now_code(offer.secret, -30), now_code(offer.secret)
    assert enters(desk, code[:3] + " " + code[3:])
    assert not enters(desk, code)
    assert not enters(desk, earlier)


def test_the_code_that_confirmed_does_not_sign_in_as_well(desk):
    offer = offer_to(desk)
    code = now_code(offer.secret)
    confirm(desk, code)
    assert not enters(desk, code)


def test_telephones_may_be_half_a_minute_off_and_no_more(desk, offer):
    assert not enters(desk, now_code(offer.secret, -90))
    assert not enters(desk, now_code(offer.secret, 90))
    assert enters(desk, now_code(offer.secret, 30))


def test_a_recovery_code_signs_in_once_and_the_person_is_told(desk, offer):
    assert enters(desk, offer.codes[3].lower().replace("-", " "))
    assert not enters(desk, offer.codes[3])
    assert second_step.codes_left(db.session, desk) == second_step.RECOVERY_CODES - 1
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "second_step_changed")).all()
    assert [notice.params["act"] for notice in told] == ["set_up_second_step", "use_recovery_code"]


@pytest.mark.parametrize("typed", ["", " ", "１２３４５６", "12345", "abcdefghij", "\x00"])
def test_what_is_no_code_is_refused(desk, offer, typed):
    assert not enters(desk, typed)


def test_the_database_gives_neither_secret_nor_codes(desk, offer):
    row = db.session.scalars(sa.select(SecondStep)).one()
    kept = f"{row.secret}{row.offer}{row.offer_hashes}" + "".join(db.session.scalars(sa.select(RecoveryCode.code_hash)))
    kept += "".join(db.session.scalars(sa.select(AuditEntry.text)))
    assert offer.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in offer.codes)


def test_setting_up_anew_leaves_the_old_one_in_force_until_it_is_confirmed(desk, offer):
    newer = offer_to(desk)
    assert enters(desk, now_code(offer.secret))
    confirm(desk, now_code(newer.secret))
    assert not enters(desk, now_code(offer.secret, 30))
    assert not enters(desk, offer.codes[0])
    assert enters(desk, now_code(newer.secret, 30))


def test_an_administrator_resets_it_with_a_reason_and_signs_the_person_out(desk, offer, people):
    db.session.add(signed_in := _session_of(desk))
    db.session.commit()
    with pytest.raises(NotValid), writing() as session:
        second_step.reset(session, session.get_one(Account, desk), people.admin, " ")
    with pytest.raises(NotAllowed), writing() as session:
        second_step.reset(session, session.get_one(Account, desk), people.manager, "lost")
    with writing() as session:
        second_step.reset(session, session.get_one(Account, desk), people.admin, "telephone lost, called back")
    assert not second_step.is_set_up(db.session, desk)
    assert second_step.codes_left(db.session, desk) == 0
    assert db.session.get(SignedInSession, signed_in.id).ended_at is not None


def _session_of(account_id: int) -> SignedInSession:
    at = clock.now()
    return SignedInSession(token_hash="t" * 64, account_id=account_id, created_at=at, last_seen_at=at)


def test_nobody_resets_their_own(people):
    admin = people.account("admin").id
    with pytest.raises(NotNow), writing() as session:
        second_step.reset(session, session.get_one(Account, admin), people.admin, "lost")


def test_staff_cannot_do_without_it_where_the_house_wants_it(desk, offer, people):
    with writing() as session:
        set_figure(session, people.manager, "second_step", NOT_SET, 1, "a decision")
    assert second_step.is_wanted(db.session, people.account("desk"))
    assert not second_step.is_wanted(db.session, people.account("officer"))
    with pytest.raises(NotNow), writing() as session:
        second_step.drop(session, session.get_one(Account, desk), people.desk)


def test_where_it_is_not_wanted_one_may_do_without_it_again(desk, offer, people):
    with writing() as session:
        second_step.drop(session, session.get_one(Account, desk), people.desk)
    assert not second_step.is_set_up(db.session, desk)


def test_a_changed_key_opens_what_the_earlier_one_locked_as_long_as_it_is_named(app):
    settings = app.extensions["settings"]
    kept = lockbox.lock("a secret")
    try:
        lockbox.use_keys(["n" * 40, settings.secret_key])
        assert lockbox.unlock(kept) == "a secret"
        lockbox.use_keys(["n" * 40])
        with pytest.raises(lockbox.Unreadable):
            lockbox.unlock(kept)
    finally:
        lockbox.use_keys([settings.secret_key])
