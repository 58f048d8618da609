"""Doors: blueprints whose every route names who may enter.

A route without `access=` does not import. `access` is a permission, SIGNED_IN, or PUBLIC; whether the record
behind it is theirs is asked by the loader, with the same permission.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from flask import Blueprint, g, request, url_for
from flask_login import current_user

from portal.core.errors import NotAllowed
from portal.domain.permissions import P
from portal.web import halfway
from portal.web.answers import go
from portal.web.sessions import ask_to_sign_in


class Access(Enum):
    """Routes that need no permission of their own."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


PUBLIC, SIGNED_IN = Access.PUBLIC, Access.SIGNED_IN

ROUTES: dict[str, P | Access] = {}
"""endpoint → access, for the route × role matrix and the permission table."""

UPLOADS: set[str] = set()
"""Endpoints that take files, and therefore larger bodies."""

WITHOUT_SECOND_STEP = {"account.second_step_page", "account.begin_second_step", "account.sign_out"}
"""What opens for staff who have yet to set up the second step that the house wants."""

MAX_UPLOAD = 220 * 1024 * 1024


def allow_uploads() -> None:
    """Raise the size limit where files are taken. Before anything reads the body."""
    if request.endpoint in UPLOADS:
        request.max_content_length = MAX_UPLOAD


class Door(Blueprint):
    """A blueprint for one audience. `layout` names the page frame that its templates extend.

    Routes that take files say `uploads=True`.
    """

    def __init__(self, name: str, import_name: str, *, layout: str, url_prefix: str | None = None) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.layout = layout
        self.before_request(_refuse_or_pass)

    def page(self, rule: str, *, access: P | Access, **options: Any) -> Callable:
        """A route that shows something: GET."""
        return self._named(rule, access, methods=["GET"], **options)

    def verb(self, rule: str, *, access: P | Access, **options: Any) -> Callable:
        """A route that changes something: POST."""
        return self._named(rule, access, methods=["POST"], **options)

    def form(self, rule: str, *, access: P | Access, **options: Any) -> Callable:
        """A route that shows a form and takes it: GET and POST."""
        return self._named(rule, access, methods=["GET", "POST"], **options)

    def route(self, rule: str, **options: Any) -> Callable:
        """Not for use: page, verb or form say what a route does and who may enter."""
        raise TypeError(f"{rule}: use page(), verb() or form(), which name their access")

    def _named(self, rule: str, access: P | Access, **options: Any) -> Callable:
        if not isinstance(access, P | Access):
            raise TypeError(f"{rule}: access must be a permission, SIGNED_IN or PUBLIC")

        uploads = options.pop("uploads", False)

        def register(view: Callable) -> Callable:
            endpoint = options.pop("endpoint", view.__name__)
            ROUTES[f"{self.name}.{endpoint}"] = access
            if uploads:
                UPLOADS.add(f"{self.name}.{endpoint}")
            self.add_url_rule(rule, endpoint, view, **options)
            return view

        return register


def _refuse_or_pass() -> Any:
    access = ROUTES[request.endpoint]
    if access is PUBLIC:
        return None
    if g.person is None:
        return ask_to_sign_in()
    if request.endpoint not in WITHOUT_SECOND_STEP and halfway.owes(current_user.row.account):
        return go(url_for("account.second_step_page"))
    if isinstance(access, P) and not g.person.can(access):
        raise NotAllowed()
    return None
