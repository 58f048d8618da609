"""What is kept of a password, and which are refused."""

import pytest

from portal.core.errors import NotValid
from portal.domain.accounts import passwords


def test_a_kept_password_fits_only_itself():
    kept = passwords.make("kein Anschluss 4711")
    assert passwords.fits(kept, "kein Anschluss 4711")
    assert not passwords.fits(kept, "kein anschluss 4711")
    assert "Anschluss" not in kept


def test_hashes_are_made_with_todays_parameters():
    assert passwords.make("kein Anschluss 4711").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(passwords.NOBODYS)


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_nothing_fits_what_is_no_hash(kept):
    assert not passwords.fits(kept, "")
    assert not passwords.fits(kept, "password")


def test_a_name_that_nobody_has_costs_one_verification_like_any_other(monkeypatch):
    looked_at = []

    class Counting:
        def verify(self, kept, password):
            looked_at.append(kept)
            return True

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.fits("", "any password")
    assert passwords.fits("kept", "any password")
    assert looked_at == [passwords.NOBODYS, "kept"]


def test_a_hash_under_older_parameters_is_outdated(cheap_hash):
    assert passwords.is_outdated(cheap_hash)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", "at least 12"),
        ("x" * 257, "at most 256"),
        ("Password1234", "Many people"),
        ("1QAZ2WSX3EDC", "Many people"),
        ("wangfang-2026-spring", "without your name"),
        ("my officer pass phrase", "without your name"),
        ("wang fang in the spring", "without your name"),
        ("王芳王芳王芳王芳王芳王芳", None),
        ("x" * 256, None),
        ("呼吸机三楼东侧护士站钥匙", None),
        ("no rule about digits", None),
    ],
)
def test_what_is_refused(password, reason):
    own = ("Wang Fang", "officer@example.com", "王芳")
    if reason is None:
        passwords.check(password, *own)
        return
    with pytest.raises(NotValid) as refusal:
        passwords.check(password, *own)
    assert reason in str(refusal.value.fields["new_password"][0])


def test_the_list_holds_the_3000_commonest_that_are_long_enough():
    assert len(passwords.commonest()) == 3000
    assert min(map(len, passwords.commonest())) >= passwords.SHORTEST
