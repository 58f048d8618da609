"""The permission table to read: who may do what, and how far it reaches."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.permission_words import GROUPS, words
from portal.domain.permissions import RULES, P, Role
from portal.web.answers import render
from portal.web.languages import say
from portal.web.lists import chip


@door.page("/permissions", access=P.PERMISSIONS_SEE)
def permissions():
    """All roles side by side, or what one role may do."""
    chosen = request.args.get("role", "")
    roles = [role for role in Role if role.value == chosen] or list(Role)
    one = roles[0] if len(roles) == 1 else None
    return render(
        "office/permissions.html",
        roles=[say(role) for role in roles],
        role=one,
        groups=[group for group in (_group(noun, title, roles) for noun, title in GROUPS.items()) if group["rows"]],
        chips=[chip(_("Role"), "role", [("", _("All")), *((role.value, say(role)) for role in Role)])],
    )


def _group(noun: str, title: Any, roles: list[Role]) -> dict[str, Any]:
    """The permissions about one noun; with a single role only those that it holds."""
    rows = [_row(permission, roles) for permission in P if permission.value.partition(":")[0] == noun]
    kept = [row for row in rows if len(roles) > 1 or row["scopes"][0]]
    return {"title": say(title), "rows": kept}


def _row(permission: P, roles: list[Role]) -> dict[str, Any]:
    scopes = [RULES[permission].get(role) for role in roles]
    return {"words": say(words(permission)), "name": permission.value, "scopes": [say(s) if s else "" for s in scopes]}
