"""Signing in, the own profile, the inbox."""

from portal.web.pages import Door

door = Door("account", __name__, layout="layouts/plain.html")

from portal.blueprints.account import inbox, links, profile, second_step, views  # noqa: E402, F401
