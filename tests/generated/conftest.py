"""One house a process, told once; each test begins with it as it was told."""

from collections.abc import Iterator

import pytest

from portal.core.db import db, slow_writes
from tests.generated.house import House, told_house
from tests.generated.matrix import Address, addresses, written


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, cheap_hash: str) -> Iterator[House]:
    with told_house(tmp_path_factory, cheap_hash) as house:
        yield house


@pytest.fixture
def house(told: House) -> Iterator[House]:
    """The house in its app context."""
    told.reset()
    slow_writes.clear()
    with told.app.app_context():
        yield told
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def found(told: House) -> list[Address]:
    """Every route, with records filled in."""
    told.reset()
    with told.app.app_context():
        return addresses(told.app)


@pytest.fixture
def known(found: list[Address]) -> list[Address]:
    """The routes that have their row in the matrix; a test of its own asks for the others."""
    return [address for address in found if address.title in written()]
