"""Blobs lie under their key, whole or not at all, and nowhere else."""

import pytest

from portal.core.files.blobs import LocalBlobs, new_key


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "files")


def put(blobs, key, content, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(content)
    blobs.put(key, source)
    return source


def read(blobs, key):
    with blobs.open(key) as blob:
        return blob.read()


def test_a_blob_comes_back_as_it_was(blobs, tmp_path):
    key = new_key()
    source = put(blobs, key, b"content", tmp_path)
    assert read(blobs, key) == b"content"
    assert blobs.exists(key)
    assert not source.exists()


def test_blobs_are_spread_over_folders_that_others_cannot_read(blobs, tmp_path):
    put(blobs, key := new_key(), b"content", tmp_path)
    path = tmp_path / "files" / key[:2] / key[2:4] / key
    assert path.is_file()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_putting_again_replaces_at_once(blobs, tmp_path):
    key = new_key()
    put(blobs, key, b"first", tmp_path)
    with blobs.open(key) as reader:
        put(blobs, key, b"second", tmp_path)
        assert reader.read() == b"first"
    assert read(blobs, key) == b"second"


def test_deleting_is_final_and_may_be_repeated(blobs, tmp_path):
    put(blobs, key := new_key(), b"content", tmp_path)
    blobs.delete(key)
    blobs.delete(key)
    assert not blobs.exists(key)
    with pytest.raises(FileNotFoundError):
        blobs.open(key)


@pytest.mark.parametrize(
    "key", ["", "../../etc/passwd", "a" * 31, "A" * 32, "g" * 32, "a" * 32 + "/x", "a" * 32 + ".", "a" * 32 + "\n"]
)
def test_only_a_key_opens_a_blob(blobs, key):
    for act in (blobs.open, blobs.delete, blobs.exists):
        with pytest.raises(ValueError, match="key"):
            act(key)


def test_keys_cannot_be_guessed():
    keys = {new_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) == 32 for key in keys)
