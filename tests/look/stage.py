"""A small stage for the look alone: the real layouts, macros, filters, languages and headers, without a database.

Routes: /components/<audience> · /error/<code> · /form (a form that is refused until `title` is filled)
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from types import SimpleNamespace
from typing import Any

from flask import Flask, flash, redirect, render_template, render_template_string, request
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.serving import make_server
from wtforms import MultipleFileField, PasswordField, StringField
from wtforms.validators import InputRequired

import portal
from portal.web import filters, headers, languages, macros, specimens

PAGE = """
{% extends "layouts/staff.html" %}
{% block title %}Stage{% endblock %}
{% block main %}<h1>Stage</h1>
{% block note %}<div id="note">{% call ui.form("/form", form=form, target="#note", upload=true) %}
  {{ ui.error_summary(form) }}{{ ui.field(form.title) }}{{ ui.field(form.secret) }}{{ ui.field(form.photos, max_mb=1) }}
  {{ ui.signature_pad() }}{{ ui.submit("Send") }}{% endcall %}</div>{% endblock %}
{{ ui.verb("Stop", "/verb", tone="danger", confirm="Stop device V-100?") }}
{{ ui.verb("Retire", "/verb", tone="danger", confirm="Retire device V-100?", htmx=false) }}
{{ ui.copy("SR-2026-00031") }}
{{ ui.search_field("/components/staff", "Search", shortcut=true) }}
{% call(name, href) ui.table(["Name"], [("First", "#first"), ("Second", "#second")], caption="Things") -%}
  {{ ui.row_head(name, href) }}{% endcall %}
<p><time datetime="2026-01-01T00:00:00+00:00" data-ago>once</time></p>
{% set words = "%(h)s h %(n)s min|%(n)s h|%(n)s min|%(n)s days %(h)s h|%(time)s left|Overdue by %(time)s" %}
<p class="clock accent"><span class="badge accent">
  <time datetime="2026-01-01T02:00:45+00:00" data-left="1800" data-until="" data-words="{{ words }}">later</time>
</span></p>
<p><time datetime="2026-01-01T09:00:00+00:00" data-left="0" data-until="2026-01-01T00:30:00+00:00"
  data-words="{{ words }}">closed soon</time></p>
{% endblock %}
"""


class NoteForm(FlaskForm):
    title = StringField("Title", [InputRequired("Say what it is about.")])
    secret = PasswordField("Password")
    photos = MultipleFileField("Photos")

    key, base_version = "a-key", SimpleNamespace(data="3")


def make() -> tuple[Flask, list[dict[str, Any]]]:
    """The app, and the list of all posts that reached it."""
    app = Flask(portal.__name__)
    app.config.update(SECRET_KEY="s" * 40, TESTING=True)
    CSRFProtect(app)
    for part in (languages, filters):
        part.install(app)
    headers.install(app, SimpleNamespace(secure_cookies=False))
    app.context_processor(_frame)
    macros.install(app)
    return app, _routes(app)


def _frame() -> dict[str, Any]:
    nav = [
        {"label": "Requests", "href": "/components/staff", "icon": "inbox", "current": True, "count": 12, "key": "r"},
        {"label": "Devices", "href": "/form", "icon": "activity", "current": False, "key": "d"},
    ]
    return {
        "html_lang": languages.LANGUAGES[languages.current_language()],
        "nav": nav,
        "person": SimpleNamespace(name="Chen Jing"),
        "home_url": "/form",
        "inbox_url": "/form",
        "unread": 3,
        "preferences_url": "/form",
        "sign_out_url": "/verb",
        "language_url": "/verb",
        "banners": [("warn", "Documents are delayed.")],
    }


def _routes(app: Flask) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = []

    @app.get("/components/<audience>")
    def components(audience: str) -> str:
        sample = specimens.context(languages.current_language())
        return render_template("internal/components.html", audience=audience, **sample)

    @app.get("/error/<int:code>")
    def error(code: int) -> str:
        return render_template("errors/error.html", code=code, reference="7f3k22q9")

    @app.route("/form", methods=["GET", "POST"])
    def form() -> Any:
        note = NoteForm()
        if request.method == "GET":
            return render_template_string(PAGE, form=note)
        posts.append(
            {
                **request.form,
                "files": {n: [(f.filename, len(f.read())) for f in request.files.getlist(n)] for n in request.files},
            }
        )
        sleep(float(request.args.get("pause", 0.3)))
        if note.validate():
            flash("Saved", "good")
            return ("", 204, {"HX-Redirect": "/form"}) if "HX-Request" in request.headers else redirect("/form", 303)
        return _block("note", form=note), 422

    @app.post("/verb")
    def verb() -> Any:
        posts.append(dict(request.form))
        return ("", 204, {"HX-Redirect": "/form"}) if "HX-Request" in request.headers else redirect("/form", 303)

    def _block(name: str, **values: Any) -> str:
        page = app.jinja_env.from_string(PAGE)
        app.update_template_context(values)
        return "".join(page.blocks[name](page.new_context(values)))

    return posts


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on loopback; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
