"""Release rules: the most particular holds, they are drafted by one and put into force by another."""

import pytest

from portal.core.db import Text2, db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.domain.catalog.models import RiskClass
from portal.domain.releases import lifecycle, queries, seeding, service
from portal.domain.releases.models import Case, ReleaseReason, ReleaseVersion
from portal.domain.releases.words import Review

ANY = {"risk_class": None, "life_support": None, "kind": "", "source": "质量部门决定"}


@pytest.fixture
def shipped(app):
    with writing() as session:
        seeding.install(session)


def drafted(people):
    with writing() as session:
        return service.draft(session, people.quality).id


def edit(draft_id, people, **values):
    with writing() as session:
        version = session.get_one(ReleaseVersion, draft_id)
        service.set_rule(session, version, people.quality, version.draft_version, None, **ANY | values)


def approve(draft_id, person, reason=""):
    with writing() as session:
        service.approve(session, session.get_one(ReleaseVersion, draft_id), person, reason)


def review(risk="II", life_support=False, kind="repair"):
    db.session.rollback()
    return queries.in_force(db.session).holding(Case(RiskClass(risk), life_support, kind)).review


@pytest.mark.req("QCR-6")
@pytest.mark.parametrize(
    ("risk", "life_support", "expected"),
    [
        ("III", False, Review.BEFORE),
        ("II", True, Review.BEFORE),
        ("I", True, Review.BEFORE),
        ("II", False, Review.LATER),
        ("I", False, Review.ALONE),
    ],
)
def test_what_is_shipped_asks_as_much_as_the_risk_demands(risk, life_support, expected, shipped):
    assert review(risk, life_support) is expected


def test_every_rule_says_its_source_and_what_is_shipped_comes_once(shipped):
    assert all(rule.source for rule in queries.in_force(db.session).rules)
    db.session.rollback()
    with writing() as session:
        assert seeding.install(session) == 0


@pytest.mark.req("QCR-6")
def test_the_most_particular_rule_holds(shipped, people):
    draft = drafted(people)
    edit(draft, people, risk_class=RiskClass.II, kind="maintenance", review=Review.ALONE)
    approve(draft, people.quality2, "保养不改变性能")
    assert (review("II", kind="maintenance"), review("II")) == (Review.ALONE, Review.LATER)
    assert review("III", kind="maintenance") is Review.BEFORE


def test_of_equally_particular_rules_the_stricter_holds(shipped, people):
    draft = drafted(people)
    edit(draft, people, kind="maintenance", review=Review.ALONE)
    approve(draft, people.quality2, "保养")
    assert review("III", kind="maintenance") is Review.BEFORE


def test_whoever_drafted_it_does_not_put_it_into_force(shipped, people):
    draft = drafted(people)
    with pytest.raises(NotNow, match="second person"):
        approve(draft, people.quality)
    approve(draft, people.quality2)
    assert [version.state.value for version in queries.versions(db.session)] == ["in_force", "superseded"]


def test_what_asks_for_less_than_before_needs_a_reason(shipped, people):
    draft = drafted(people)
    edit(draft, people, risk_class=RiskClass.III, life_support=False, review=Review.LATER)
    with pytest.raises(NotNow, match="give the reason"):
        approve(draft, people.quality2)
    approve(draft, people.quality2, "夜间只有一人")
    assert review("III") is Review.LATER


def test_what_asks_for_more_needs_none(shipped, people):
    draft = drafted(people)
    edit(draft, people, risk_class=RiskClass.I, life_support=False, review=Review.BEFORE)
    assert lifecycle.loosened(queries.in_force(db.session), db.session.get_one(ReleaseVersion, draft)) == []
    db.session.rollback()
    approve(draft, people.quality2)
    assert review("I") is Review.BEFORE


def test_there_is_always_one_rule_for_all_others(shipped, people):
    draft = drafted(people)
    with writing() as session:
        version = session.get_one(ReleaseVersion, draft)
        service.drop_rule(session, version, people.quality, version.draft_version, version.default.uid)
    with pytest.raises(NotNow, match="all other devices"):
        approve(draft, people.quality2)


def test_two_rules_are_never_for_the_same_cases(shipped, people):
    draft = drafted(people)
    with pytest.raises(NotValid, match="same devices"):
        edit(draft, people, risk_class=RiskClass.II, review=Review.BEFORE)


def test_there_is_one_draft_at_a_time_and_what_is_in_force_is_never_altered(shipped, people):
    drafted(people)
    with pytest.raises(NotNow, match="draft"):
        drafted(people)
    with pytest.raises(NotNow):
        edit(queries.in_force(db.session).id, people, kind="repair", review=Review.BEFORE)


def test_somebody_elses_change_meanwhile_is_not_overwritten(shipped, people):
    draft = drafted(people)
    edit(draft, people, kind="repair", review=Review.BEFORE)
    with pytest.raises(Stale), writing() as session:
        service.describe(session, session.get_one(ReleaseVersion, draft), people.quality, 1, "质量例会")


@pytest.mark.parametrize("key", ["technician", "desk", "auditor", "admin"])
def test_only_quality_and_managers_write_the_rules(key, shipped, people):
    person = getattr(people, key)
    with pytest.raises(NotAllowed), writing() as session:
        service.draft(session, person)


def test_the_reasons_are_the_houses_own(shipped, people):
    with writing() as session:
        reason = service.add_reason(session, people.quality, name=Text2("台风", "Typhoon"))
        known = session.get_one(ReleaseReason, reason.id)
        service.edit_reason(session, known, people.quality, known.reason_version, in_use=False)
    assert "台风" not in [str(each.name) for each in queries.reasons(db.session)]
    assert "台风" in [str(each.name) for each in queries.reasons(db.session, all_of_them=True)]
