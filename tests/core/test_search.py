"""The search index: how texts are cut, what is found, and that it is found through the index."""

import pytest
import sqlalchemy as sa

from portal.core import clock, search
from portal.core.db import db, writing
from portal.core.permissions import ALL
from portal.core.search import Arm, Findable

EVERYWHERE = {ALL: frozenset()}


def keep(record_id, findable, scopes="", kind="thing"):
    with writing() as session:
        search.put(session, kind, record_id, findable.tokens(kind), scopes)


def found(typed, reach=None, kind="thing", size=10):
    arms = [Arm(kind, kind, EVERYWHERE if reach is None else reach)]
    return [hit.record_id for hit in search.find(db.session(), search.clauses(typed), arms, size)]


def test_texts_are_cut_into_pairs_words_triples_and_initials():
    findable = Findable(["监护仪 E-42"], ["VE24-0421"], ["hu xi ji"])
    assert findable.tokens("thing") == ("kthing 监护 护仪 仪 we42 we w42 gve2 ge24 g240 g404 g042 g421 g21 ihxj ixj")


@pytest.mark.parametrize("typed", ["监护", "护仪", "监护仪", "仪", "病人监护仪", "Monitor", "mon", "ＭＯＮＩＴＯＲ"])
def test_a_text_is_found_by_its_words_and_by_any_two_characters(app, typed):
    keep(1, Findable(["病人监护仪 Patient monitor"]))
    assert found(typed) == [1]


@pytest.mark.req("INT-17")
@pytest.mark.parametrize("typed", ["0421", "421", "21", "VE2", "ve24042", "24-04", "VE24010421", "0104 21"])
def test_a_code_is_found_by_any_part_of_two_or_more_characters(app, typed):
    keep(1, Findable(codes=["VE24 010-421" if typed == "VE24010421" else "VE24 04-21", "0104", "421"]))
    assert found(typed) == [1]


@pytest.mark.req("INT-17")
@pytest.mark.parametrize("typed", ["jndx", "zxyy", "JN", "fszx"])
def test_a_name_is_found_by_the_initials_of_its_pinyin(app, typed):
    keep(1, Findable(keys=["jiang nan da xue fu shu zhong xin yi yuan"]))
    assert found(typed) == [1]


@pytest.mark.parametrize(
    "typed", ["监测", "护监", "人仪", "onitor", "0241", "9", "", "  ", "-", '"', "* OR NOT (", "'"]
)
def test_what_is_not_there_is_not_found(app, typed):
    keep(1, Findable(["病人监护仪 Patient monitor"], ["VE240421"]))
    assert found(typed) == []


def test_pieces_in_a_row_are_not_found_when_they_stand_apart(app):
    keep(1, Findable(["血氧读数，氧读血氧"], ["0429", "9421"]))
    assert found("血氧读数") == [1]
    assert found("读数氧") == [] and found("042942") == []


def test_rare_characters_are_found(app):
    keep(1, Findable(["王䶮 𠮷田 𬭳"]))
    assert found("王䶮") == found("𠮷田") == found("𬭳") == [1]


def test_all_pieces_must_match(app):
    keep(1, Findable(["呼吸机"], ["VE240421"]))
    keep(2, Findable(["监护仪"], ["MO240421"]))
    assert found("0421") == [2, 1]
    assert found("呼吸机 0421") == found("呼吸机0421") == [1]


def test_only_what_lies_in_reach_is_found(app):
    keep(1, Findable(["监护仪"]), "sthingsite3 sthingorganisation5")
    keep(2, Findable(["监护仪"]), "sthingsite4 sthingorganisation5")
    assert found("监护", {"organisation": frozenset({5})}) == [2, 1]
    assert found("监护", {"site": frozenset({3, 9})}) == [1]
    assert (
        found("监护", {"organisation": frozenset({55})})
        == found("监护", {})
        == found("监护", {"site": frozenset()})
        == []
    )
    assert found("监护", kind="request") == []


def test_the_newest_come_first_and_no_more_than_wanted(app):
    for n in range(1, 6):
        keep(n, Findable(["监护仪"]))
    assert found("监护", size=3) == [5, 4, 3]


def test_an_entry_follows_its_record(app):
    keep(1, Findable(["监护仪"]), "sthingsite3")
    keep(1, Findable(["呼吸机"]), "sthingsite3")
    assert found("监护") == [] and found("呼吸") == [1]
    with writing() as session:
        search.rescope(session, ["thing"], 1, "sthingsite4")
    assert found("呼吸", {"site": frozenset({3})}) == [] and found("呼吸", {"site": frozenset({4})}) == [1]
    with writing() as session:
        session.execute(sa.delete(search.E).where(search.E.c.record_id == 1))
    assert found("呼吸") == []


def test_it_goes_through_the_index(app):
    fill(20_000 if db.engine.dialect.name == "postgresql" else 100)
    arms = [Arm(kind, kind, {"organisation": frozenset({5})}) for kind in ("thing", "other")]
    plan = plan_of(lambda: search.find(db.session(), search.clauses("监护仪 0421"), arms, 10))
    if db.engine.dialect.name == "sqlite":
        assert plan.count("VIRTUAL TABLE INDEX") == plan.count("USING INTEGER PRIMARY KEY") == 2
        assert "SCAN search_entry" not in plan
    else:
        assert plan.count("on ix_search_entry_match") == 2 and "Seq Scan" not in plan, plan


def fill(count):
    """Entries of a hospital's devices, each with a serial number of its own."""
    with writing() as session:
        rows = [
            {
                "kind": "thing",
                "record_id": n,
                "part_id": 0,
                "tokens": Findable(["病人监护仪"], [f"MO{n * 37:06}"]).tokens("thing"),
                "scopes": f"sthingorganisation{n % 9}",
                "updated_at": clock.now(),
            }
            for n in range(count)
        ]
        session.execute(sa.insert(search.E), rows)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE search_entry")


def plan_of(read):
    """How the database would carry out the last statement that `read` sends."""
    sent = []

    def note(connection, cursor, statement, parameters, *rest):
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    statement, parameters = sent[-1]
    word = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    rows = db.session.connection().exec_driver_sql(f"{word} {statement}", parameters)
    return "\n".join(" ".join(map(str, row)) for row in rows)
