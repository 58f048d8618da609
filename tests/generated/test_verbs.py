"""Every state × verb × role, against the tables: what they allow goes ahead, everything else is refused."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po

from portal.core.db import db
from portal.core.errors import NotAllowed, NotNow
from portal.core.files.registering import FilePermission
from portal.core.perform import MAX_DEPTH, perform
from portal.core.permissions import SYSTEM, Grant, Person
from portal.core.verbs import NEW, Act, Verb
from portal.domain.permissions import ROLE_LABELS, RULES, SCOPE_LABELS, P, Role, Scope
from portal.domain.reactions import TABLE
from portal.web.pages import ROUTES
from scripts.translations import CATALOGUE, PROJECT
from tests.generated.tables import LIFECYCLES, SHARED_VERBS, VERBS, chains, reachable, states_of

CASES = [(name, state) for name, lifecycle in LIFECYCLES.items() for state in states_of(lifecycle)]
NOBODY = -1


def named(value: Any) -> str:
    return getattr(value, "name", value)


class Reached(Exception):
    """The verb went past the permission and the state."""


def goes_ahead(act: Act) -> None:
    raise Reached


@pytest.fixture(params=CASES, ids=lambda case: "-".join(filter(None, case)))
def stage(request, house):
    """A record of the lifecycle, put into the state for the length of a test."""
    name, state = request.param
    record = fullest(LIFECYCLES[name].model)
    if state is not None:
        put = sa.text(f"UPDATE {name} SET state = :state WHERE id = :id")
        db.session.execute(put, {"state": state, "id": record.id})
        db.session.refresh(record)
    yield LIFECYCLES[name], state, record
    db.session.rollback()


def fullest(model: Any) -> Any:
    """The record of `model` that the most scopes reach: none of its scope columns is empty, if there is one."""
    columns, records = getattr(model, "scope_columns", {}).values(), db.session.scalars(sa.select(model)).all()
    assert records, f"the demonstration tells of no {model.__tablename__}: see portal/demo/story.py"
    return max(records, key=lambda r: sum(getattr(r, c) is not None for c in columns))


def somebody(role: Role, record: Any, *, near: bool) -> Person:
    """A person of `role` whose grant covers the record, or reaches nothing of it."""
    columns = getattr(record, "scope_columns", {})
    own = {scope: getattr(record, columns[scope]) if near and scope in columns else NOBODY for scope in Scope}
    return Person(NOBODY, "somebody", grants=(Grant(role, {s: frozenset({i}) for s, i in own.items()}),), rules=RULES)


def may(role: Role, verb: Verb, record: Any, *, near: bool) -> bool:
    """What the table of permissions says."""
    scope = RULES.get(verb.permission, {}).get(role)
    return scope is Scope.ALL or (near and scope is not None and scope in record.scope_columns)


def fits(verb: Verb, state: Any) -> bool:
    """What the verb's row says of the state."""
    return verb.on is NEW or not isinstance(verb.on, tuple) or state in verb.on


def outcome(verb: Verb, record: Any, actor: Person) -> type[Exception]:
    """How `perform` ends, where every guard would let it pass."""
    if verb.on is NEW:
        values = {name: getattr(record, name) for name in getattr(record, "scope_columns", {}).values()}
        record = type(record)(**values)
    try:
        with db.session.no_autoflush:
            perform(db.session(), replace(verb, needs=(goes_ahead,)), record, actor, reason="a reason")
    except (Reached, NotAllowed, NotNow) as end:
        return type(end)
    finally:
        if verb.on is NEW and record in db.session:
            db.session.expunge(record)
    raise AssertionError(f"{verb.name} was carried out")


def test_a_verb_goes_ahead_exactly_where_the_tables_say(stage):
    lifecycle, state, record = stage
    wrong = []
    for role in Role:
        for near in (True, False):
            actor = somebody(role, record, near=near)
            for verb in lifecycle.verbs:
                allowed = may(role, verb, record, near=near)
                expected = NotAllowed if not allowed else Reached if fits(verb, state) else NotNow
                found = outcome(verb, record, actor)
                if found is not expected:
                    wrong.append(f"{role} {'near' if near else 'far'}: {verb.name} ended in {found.__name__}")
    assert wrong == []


def test_a_screen_offers_exactly_what_the_tables_say(stage):
    lifecycle, state, record = stage
    for role in Role:
        for near in (True, False):
            offered = lifecycle.possible(record, somebody(role, record, near=near))
            fitting = [verb for verb in lifecycle.verbs if verb.on is not NEW and fits(verb, state)]
            assert offered == [verb for verb in fitting if may(role, verb, record, near=near)], (role, near)


def test_the_system_is_bound_by_states_alone(stage):
    lifecycle, state, record = stage
    for verb in lifecycle.verbs:
        assert outcome(verb, record, SYSTEM) is (Reached if fits(verb, state) else NotNow), verb.name


@pytest.mark.parametrize("name", LIFECYCLES)
def test_the_record_that_stands_for_its_kind_lies_within_every_scope(name, house):
    record = fullest(LIFECYCLES[name].model)
    assert all(getattr(record, column) is not None for column in getattr(record, "scope_columns", {}).values())


AWAITED = {"device": {"idle", "scrapped"}}
"""States that no verb leads to yet. Whoever adds the verb takes its state out of here."""


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_state_can_be_reached(name):
    lifecycle = LIFECYCLES[name]
    assert set(states_of(lifecycle)) - reachable(lifecycle) == AWAITED.get(name, set())


@pytest.mark.parametrize(("name", "verb"), VERBS, ids=named)
def test_every_verb_can_be_reached(name, verb):
    assert verb.on is NEW or any(map(verb.possible_in, reachable(LIFECYCLES[name])))


@pytest.mark.parametrize("act", TABLE)
def test_reactions_end(act):
    for chain in chains(act):
        assert len(chain) - 1 <= MAX_DEPTH, " → ".join(chain)


def test_the_customers_signature_ends_the_request():
    acts = ("document:sign", "document:issue", "work_order:finish", "service_request:complete")
    assert acts in chains("document:sign")


def test_reactions_follow_acts_that_there_are():
    assert set(TABLE) <= {f"{name}:{verb.name}" for name, verb in VERBS}


def test_every_permission_has_its_row():
    assert set(RULES) == set(P)
    assert all(set(roles) <= set(Role) and set(roles.values()) <= set(Scope) for roles in RULES.values())


ASKED_BY_CODE = {P.RECORD_HISTORY, P.STAFF_ENTER}
"""Permissions that no route and no verb names: parts of pages and whole doors ask for them."""


def test_every_permission_opens_something(told):
    used = {verb.permission for _, verb in VERBS} | {verb.permission for verb in SHARED_VERBS} | set(ROUTES.values())
    assert set(P) - used == ASKED_BY_CODE


@pytest.mark.parametrize("permission", sorted(ASKED_BY_CODE))
def test_what_no_route_names_is_asked_by_code(permission):
    pages = [path for folder in ("blueprints", "web", "templates") for path in (PROJECT / "portal" / folder).rglob("*")]
    assert any(f"P.{permission.name}" in path.read_text() for path in pages if path.suffix in (".py", ".html"))


def test_every_verb_asks_for_a_permission_of_the_table_or_is_for_the_system_alone():
    asked = {verb.permission for _, verb in VERBS} | {verb.permission for verb in SHARED_VERBS}
    assert asked - set(P) == {FilePermission.FINISH}


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if isinstance(message.id, str)}


def test_verbs_states_roles_and_scopes_can_be_said_in_chinese(chinese):
    labels = [verb.label for _, verb in VERBS] + [verb.label for verb in SHARED_VERBS]
    labels += [state.label for lifecycle in LIFECYCLES.values() for state in lifecycle.states or ()]
    labels += [*ROLE_LABELS.values(), *SCOPE_LABELS.values()]
    assert [label.msgid for label in labels if not chinese.get(label.msgid)] == []
