"""Setting figures."""

import pytest

from portal.core import audit, figures
from portal.core.db import writing
from portal.core.errors import NotAllowed, NotYours, Stale
from portal.domain.policies import words
from portal.domain.policies.service import NOT_SET, in_force, one, set_figure

NAME = "claimed_time_hours"


def put(person, base_version, value, source="a decision"):
    with writing() as session:
        return set_figure(session, person, NAME, base_version, value, source)


def test_a_figure_stands_as_shipped_until_it_is_set(session):
    standing = one(session, NAME)
    assert (standing.value, standing.version) == (72, NOT_SET)
    assert figures.integer(session, NAME) == 72


def test_setting_and_changing_leave_the_value_before_in_the_trail(session, people):
    put(people.manager, NOT_SET, 24)
    put(people.manager, 1, 36, "another decision")
    assert one(session, NAME).value == figures.integer(session, NAME) == 36
    row = session.query(figures.Figure).filter_by(name=NAME).one()
    changed, first = audit.story(session, row)
    assert (changed.verb, first.verb) == ("figure:change", "figure:set")
    assert changed.facts["changes"][0]["set"]["value"] == [24, 36]


def test_an_older_version_is_stale(session, people):
    put(people.manager, NOT_SET, 24)
    with pytest.raises(Stale):
        put(people.manager, NOT_SET, 36)
    assert figures.integer(session, NAME) == 24


def test_only_the_manager_sets_figures(session, people):
    for person in (people.admin, people.quality, people.desk):
        with pytest.raises(NotAllowed):
            put(person, NOT_SET, 24)
    assert one(session, NAME).version == NOT_SET


def test_a_name_that_nobody_declared(session, people):
    with pytest.raises(NotYours), writing() as s:
        set_figure(s, people.manager, "nothing", NOT_SET, 1, "x")


def test_every_figure_and_unit_has_words(session):
    shipped = [standing.shipped for standing in in_force(session)]
    assert [figure.name for figure in shipped if figure.name not in words.LABELS] == []
    assert {figure.unit for figure in shipped} - words.UNITS.keys() == set()
