"""The macro library: every public macro of templates/ui/ becomes an attribute of the template global `ui`.

Globals rather than imports, because a block that is rendered alone (a fragment) loses the imports of its page.
"""

from types import SimpleNamespace

from flask import Flask
from wtforms import Field, widgets

FOLDER = "ui/"


def install(app: Flask) -> None:
    """Make `ui` known to all templates. Call it last: macros see the globals and filters that are there by now."""
    env = app.jinja_env
    env.globals["field_kind"] = field_kind
    env.globals["icon_sprite"] = f"{app.static_url_path}/icons.svg"
    env.globals["ui"] = ui = SimpleNamespace()  # before the macros are read, so that they may use each other
    for name in env.list_templates(filter_func=lambda name: name.startswith(FOLDER)):
        exported = {key: value for key, value in vars(env.get_template(name).module).items() if not key.startswith("_")}
        if doubles := exported.keys() & vars(ui).keys():
            raise ValueError(f"{name} defines again: {', '.join(sorted(doubles))}")
        vars(ui).update(exported)


def field_kind(field: Field) -> str:
    """How a form field is drawn: hidden, checkbox, file, choices (radios or checkboxes), select, textarea or input."""
    widget = field.widget
    if isinstance(widget, widgets.ListWidget):
        return "choices"
    if isinstance(widget, widgets.Select):
        return "select"
    if isinstance(widget, widgets.TextArea):
        return "textarea"
    kind = getattr(widget, "input_type", "text")
    return kind if kind in ("hidden", "checkbox", "file") else "input"
