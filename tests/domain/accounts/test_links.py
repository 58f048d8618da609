"""A mailed link works once, for one purpose, and not for long."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import writing
from portal.domain.accounts import links
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.models import OneUseLink, Purpose


@pytest.fixture
def link(people):
    """A reset link of the officer; gives its secret."""
    account_id = people.account("officer").id
    with writing() as session:
        return links.make(session, Purpose.RESET, account_id)


def use(purpose, token):
    with writing() as session:
        return links.use(session, purpose, token).account_id


def test_a_link_works_once(link, people):
    assert use(Purpose.RESET, link) == people.account("officer").id
    with pytest.raises(LinkOver):
        use(Purpose.RESET, link)


def test_looking_at_a_link_does_not_use_it(link, session):
    assert links.peek(session, Purpose.RESET, link).used_at is None
    assert use(Purpose.RESET, link)
    with pytest.raises(LinkOver):
        links.peek(session, Purpose.RESET, link)


def test_a_link_serves_no_other_purpose(link, session):
    with pytest.raises(LinkOver):
        use(Purpose.INVITATION, link)
    with pytest.raises(LinkOver):
        links.peek(session, Purpose.FIRST_ADMIN, link)
    assert use(Purpose.RESET, link)


@pytest.mark.parametrize(
    ("purpose", "hours"), [(Purpose.RESET, 1), (Purpose.INVITATION, 24), (Purpose.FIRST_ADMIN, 24)]
)
def test_a_link_expires(purpose, hours, people):
    account_id = people.account("officer").id
    with writing() as session:
        token = links.make(session, purpose, account_id)
    with clock.frozen(clock.now() + timedelta(hours=hours, seconds=1)), pytest.raises(LinkOver):
        use(purpose, token)


def test_using_one_makes_the_others_of_its_purpose_worthless(link, people):
    account_id = people.account("officer").id
    with writing() as session:
        second = links.make(session, Purpose.RESET, account_id)
        invitation = links.make(session, Purpose.INVITATION, account_id)
    use(Purpose.RESET, second)
    with pytest.raises(LinkOver):
        use(Purpose.RESET, link)
    assert use(Purpose.INVITATION, invitation)


def test_only_the_hash_of_the_secret_is_kept(link, session):
    row = session.execute(sa.select(OneUseLink)).scalar_one()
    assert link not in {str(getattr(row, column.key)) for column in sa.inspect(OneUseLink).columns}
    assert len(link) >= 43  # 256 bits


def test_a_made_up_secret_is_no_link(people, session):
    with pytest.raises(LinkOver):
        links.peek(session, Purpose.RESET, "x" * 43)
