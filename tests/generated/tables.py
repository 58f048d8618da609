"""What the tables of the house say, gathered for the tests that hold the house to them."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import portal.domain
from portal.core.verbs import NEW, Lifecycle, Verb, lifecycles
from portal.domain.deliveries.lifecycle import SHARED
from portal.domain.reactions import TABLE

for _module in walk_packages(portal.domain.__path__, "portal.domain."):
    import_module(_module.name)

LIFECYCLES: dict[str, Lifecycle] = dict(lifecycles)
VERBS = [(name, verb) for name, lifecycle in LIFECYCLES.items() for verb in lifecycle.verbs]
SHARED_VERBS: list[Verb] = list(SHARED.values())


def states_of(lifecycle: Lifecycle) -> list[Any]:
    """Its states; one nameless state where it has none."""
    return list(lifecycle.states) if lifecycle.states else [None]


def first_states(lifecycle: Lifecycle) -> set[Any]:
    """Where a new record may stand: where the verbs that make one lead, or, for what others make, where none leads."""
    makers = [verb for verb in lifecycle.verbs if verb.on is NEW]
    if makers:
        return {verb.to for verb in makers}
    return set(states_of(lifecycle)) - {verb.to for verb in lifecycle.verbs}


def reachable(lifecycle: Lifecycle) -> set[Any]:
    """Every state that some road of verbs leads to."""
    found = first_states(lifecycle)
    while True:
        further = {verb.to for verb in lifecycle.verbs if verb.to and any(map(verb.possible_in, found))} - found
        if not further:
            return found
        found |= further


def act_name(verb: Verb) -> str:
    """The act's name as the trail and the reactions have it."""
    return next(f"{table}:{each.name}" for table, each in VERBS if each is verb)


def caused_by(act: str) -> set[str]:
    """The acts that follow from `act`, read from the code of its reactions."""
    return {act_name(verb) for reaction in TABLE.get(act, ()) for verb in verbs_in(reaction)}


def verbs_in(function: Callable[..., Any], seen: frozenset[Any] = frozenset()) -> Iterator[Verb]:
    """The verbs that a function carries out, itself or through functions of the domain that it calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = _value(call.func, function)
        if getattr(called, "__name__", "") in ("react", "perform", "perform_many"):
            yield from _values(call.args[1], function)
        elif inspect.isfunction(called) and called.__module__.startswith("portal.domain") and called not in seen:
            yield from verbs_in(called, seen | {function})


def _values(node: ast.expr, function: Callable[..., Any]) -> list[Any]:
    """What an expression may mean: one thing, or either of two."""
    either = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [_value(each, function) for each in either]


def _value(node: ast.expr, function: Callable[..., Any]) -> Any:
    """What a name or an attribute of a module means where `function` stands; None for anything else."""
    match node:
        case ast.Name():
            return function.__globals__.get(node.id)
        case ast.Attribute():
            return getattr(_value(node.value, function), node.attr, None)
        case _:
            return None


def chains(act: str, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every row of acts that begins with `act`, to its end. Raises AssertionError where one comes back to itself."""
    assert act not in above, f"a circle: {' → '.join((*above, act))}"
    following = caused_by(act)
    if not following:
        yield (act,)
    for each in following:
        yield from ((act, *chain) for chain in chains(each, (*above, act)))
