"""The engine is warmed once, so that each render of these tests is a fork, as in the worker."""

import pytest

from portal.core.documents import warm


@pytest.fixture(scope="session")
def warm_engine() -> None:
    warm()
