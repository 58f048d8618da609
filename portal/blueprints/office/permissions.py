"""The permission table to read: who may do what, and how far it reaches."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.permission_words import GROUPS, words
from portal.domain.permissions import RULES, P, Role, Scope
from portal.web.answers import render
from portal.web.languages import say
from portal.web.lists import chip


@door.page("/permissions", access=P.PERMISSIONS_SEE)
def permissions():
    """What every role may do, or one of them."""
    chosen = request.args.get("role", "")
    roles = [role for role in Role if role.value == chosen] or list(Role)
    groups = [_group(noun, title, roles) for noun, title in GROUPS.items()]
    options = [("", _("All")), *((role.value, say(role)) for role in Role)]
    return render(
        "office/permissions.html",
        groups=[group for group in groups if group["rows"]],
        chips=[chip(_("Roles"), "role", options)],
    )


def _group(noun: str, title: Any, roles: list[Role]) -> dict[str, Any]:
    """The permissions about one noun, those that reach alike together; for a single role only what it holds."""
    alike: dict[tuple, list[str]] = {}
    for permission in (p for p in P if p.value.partition(":")[0] == noun):
        alike.setdefault(_reach(permission, roles), []).append(say(words(permission)))
    rows = [{"words": names, "reach": reach} for reach, names in alike.items() if reach or len(roles) > 1]
    return {"title": say(title), "rows": rows}


def _reach(permission: P, roles: list[Role]) -> tuple[tuple[str, str], ...]:
    """For each scope who holds the permission that far, the widest first."""
    rules = RULES[permission]
    reach = {scope: [say(role) for role in roles if rules.get(role) is scope] for scope in reversed(Scope)}
    return tuple((say(scope), _(", ").join(names)) for scope, names in reach.items() if names)
