"""The trail has words for everything that can stand in it."""

from portal.core.db import Base
from portal.core.guard import business_tables
from portal.core.verbs import lifecycles
from portal.domain.trail.words import FIELDS, HIDDEN, TABLES, field_label, verb_label


def test_every_business_table_has_a_name():
    assert business_tables() - TABLES.keys() == set()


def test_every_column_is_named_or_hidden_on_purpose():
    unknown = {
        f"{table}.{column.name}"
        for table in business_tables()
        for column in Base.metadata.tables[table].c
        if not column.info.get("quiet") and not column.name.endswith("_version")
        if column.name not in HIDDEN and not {column.name, f"{table}.{column.name}"} & FIELDS.keys()
    }
    assert unknown == set()


def test_every_verb_has_its_label():
    for table, lifecycle in lifecycles.items():
        for verb in lifecycle.verbs:
            assert verb_label(f"{table}:{verb.name}") == verb.label
    assert str(verb_label("company:deliver_all_again")) == "Deliver all again"


def test_what_nobody_knows_any_more_keeps_its_own_name():
    assert str(verb_label("nothing:ever")) == "ever"
    assert str(field_label("nothing", "ever")) == "ever"
