"""The frame around pages that every audience has."""

from flask import g

from portal.web.navigation import audience


def frame() -> str:
    """The layout that the signed-in person works in."""
    return f"layouts/{audience(g.person)}.html"
