"""All doors of the portal, in the order of their audiences."""

from importlib import import_module

from flask import Flask

NAMES = ("account", "customers", "technicians", "desk", "quality", "office", "records", "public")


def install(app: Flask) -> None:
    """Import each audience's pages and open its door."""
    for name in NAMES:
        app.register_blueprint(import_module(f"portal.blueprints.{name}").door)
