"""The key of each company: drawn once, kept from others, and replaced without losing what it vouched for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.domain.documents import seals

NAME = "上海瑞康医疗器械有限公司"


def key(folder, code: str = "RK", name: str = NAME) -> seals.SealKey:
    return seals.key_of(code, name, folder, "a passphrase")


def test_it_is_drawn_once_and_lies_where_only_we_can_read_it(tmp_path):
    first, again = key(tmp_path), key(tmp_path)
    assert first == again
    path = tmp_path / "seals" / "RK" / "key.p12"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert seals.fingerprints(tmp_path, "RK") == [first.fingerprint]


def test_each_company_has_its_own(tmp_path):
    assert key(tmp_path, "RK").fingerprint != key(tmp_path, "AB").fingerprint
    assert len(seals.fingerprints(tmp_path, "AB")) == 1


def test_with_a_new_key_the_old_certificate_stays(tmp_path):
    old = key(tmp_path)
    (tmp_path / "seals" / "RK" / "key.p12").rename(tmp_path / "seals" / "RK" / "key-2026.p12")
    new = key(tmp_path)
    assert seals.fingerprints(tmp_path, "RK") == [old.fingerprint, new.fingerprint]


def test_of_workers_that_need_it_at_once_one_draws_it_for_all(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: key(tmp_path).fingerprint, range(4)))
    assert set(drawn) == set(seals.fingerprints(tmp_path, "RK")) and len(set(drawn)) == 1
    assert sorted(path.suffix for path in (tmp_path / "seals" / "RK").iterdir()) == [".p12", ".pem"]


def test_with_the_wrong_passphrase_it_does_not_open(tmp_path):
    key(tmp_path)
    with pytest.raises(ValueError):
        seals.key_of("RK", NAME, tmp_path, "another")


@pytest.mark.parametrize("name", ["国药器械（上海）医疗器械科技发展有限责任公司", "有限公司" * 30, "Ltd" * 50, "x"])
def test_a_name_too_long_for_a_certificate_is_cut(tmp_path, name):
    assert key(tmp_path, name=name).fingerprint


@pytest.mark.parametrize("code", ["../x", "a/b", "", ".", "RK\n"])
def test_a_strange_company_code_names_no_folder(tmp_path, code):
    with pytest.raises(ValueError, match="folder"):
        key(tmp_path, code)


def test_before_the_first_seal_there_is_no_certificate(tmp_path):
    assert seals.fingerprints(tmp_path, "RK") == []
