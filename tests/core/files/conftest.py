import pytest

from portal.core.files import room_in


@pytest.fixture
def room(tmp_path):
    """An empty place for files."""
    return room_in(tmp_path)
