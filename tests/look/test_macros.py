"""The macros as HTML: what they promise to readers of screens, to keyboards, and against hostile text."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import render_template_string
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from portal.web import macros, specimens
from tests.look import stage
from tests.look.markup import page_faults, tags_of

HOSTILE = """</p><script>alert(1)</script>" onload="x" '{{ 7*7 }}"""


class Short(Form):
    name = StringField("Name", [InputRequired("Say your name.")])
    ward = StringField("Ward", [InputRequired("Name the ward.")], description="As on the door.")
    note = StringField("Note")


@pytest.fixture(scope="module")
def app():
    return stage.make()[0]


@pytest.fixture
def draw(app):
    def render(source, **values):
        with app.test_request_context(headers={"Accept-Language": "en"}):
            return render_template_string(source, **values)

    return render


def tag(html, kind, /, **attributes):
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return next(t for t in tags_of(html) if t.name == kind and wanted.items() <= t.attributes.items())


def refused():
    form = Short()
    form.validate()
    return form


def test_a_field_has_its_label_and_hint(draw):
    html = draw("{{ ui.field(form.ward) }}", form=Short())
    assert tag(html, "label", for_="ward")
    assert tag(html, "input", id="ward").attributes["aria-describedby"] == "ward-hint"
    assert "As on the door." in html


def test_a_field_that_may_stay_empty_says_so(draw):
    assert "(optional)" in draw("{{ ui.field(form.note) }}", form=Short())
    assert "(optional)" not in draw("{{ ui.field(form.name) }}", form=Short())


def test_a_wrong_field_tells_it_to_everybody(draw):
    html = draw("{{ ui.field(form.ward) }}", form=refused())
    field = tag(html, "input", id="ward").attributes
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "ward-hint ward-error"
    assert "Name the ward." in html


def test_an_appointment_says_its_day_once(draw):
    start = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    spans = draw(
        "{{ a|between(b) }}; {{ a|between(c) }}; {{ a|between(none) }}",
        a=start,
        b=start + timedelta(hours=2),
        c=start + timedelta(days=1),
    )
    assert spans == "27 Nov 2026, 09:30 – 11:30; 27 Nov 2026, 09:30 – 28 Nov 2026, 09:30; 27 Nov 2026, 09:30"


def test_only_the_first_wrong_field_takes_the_focus(draw):
    html = draw("{{ ui.fields(form) }}", form=refused())
    assert [t.attributes["id"] for t in tags_of(html) if t.has("autofocus")] == ["name"]


def test_the_summary_leads_to_each_wrong_field(draw):
    html = draw("{{ ui.error_summary(form) }}{{ ui.fields(form) }}", form=refused())
    links = [t.attributes["href"] for t in tags_of(html) if t.name == "a"]
    assert links == ["#name", "#ward"]
    assert "Ward: Name the ward." in html


def test_the_summary_tells_the_refusal_of_the_whole(draw):
    form = Short()
    form.refusal = "Somebody else was faster."
    assert "Somebody else was faster." in draw("{{ ui.error_summary(form) }}", form=form)


def test_the_summary_is_silent_when_nothing_is_wrong(draw):
    assert draw("{{ ui.error_summary(form) }}", form=Short()).strip() == ""


def test_a_form_carries_token_key_and_version_and_cannot_send_twice(draw):
    html = draw('{% call ui.form("/a", key="k", version=3) %}{% endcall %}')
    form = tag(html, "form").attributes
    assert (form["method"], form["action"], form["hx-post"], form["hx-sync"]) == ("post", "/a", "/a", "this:drop")
    assert tag(html, "input", name="csrf_token")
    assert tag(html, "input", name="idempotency_key").attributes["value"] == "k"
    assert tag(html, "input", name="base_version").attributes["value"] == "3"


def test_a_plain_form_has_no_htmx(draw):
    html = draw('{% call ui.form("/a", htmx=false, confirm="Sure?") %}{% endcall %}')
    assert "hx-" not in html
    assert tag(html, "form").attributes["data-confirm"] == "Sure?"


def test_every_kind_of_field_is_sound(draw):
    for language in ("en", "zh"):
        html = draw(
            '{% call ui.form("/a") %}{{ ui.error_summary(form) }}{{ ui.fields(form) }}{% endcall %}',
            form=specimens.wrong_form(language),
        )
        assert page_faults(html) == []


@pytest.mark.parametrize("audience", ["staff", "customer", "technician", "plain"])
def test_the_component_page_is_sound(app, audience):
    for language in ("en", "zh-CN"):
        answer = app.test_client().get(f"/components/{audience}", headers={"Accept-Language": language})
        assert page_faults(answer.text) == []


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 418, 422, 429, 500, 503])
def test_an_error_page_is_sound_and_says_what_to_do(app, code):
    answer = app.test_client().get(f"/error/{code}", headers={"Accept-Language": "en"})
    assert page_faults(answer.text) == []
    assert f"Code {code}" in answer.text
    assert "7f3k22q9" in answer.text


def test_hostile_text_stays_text_in_every_macro(draw):
    item = dict.fromkeys(
        ("label", "title", "text", "meta", "who", "role", "detail", "name", "caption", "alt", "value"), HOSTILE
    )
    item |= {
        "href": "/a",
        "src": "/a",
        "badge": (HOSTILE, "bad"),
        "files": [],
        "options": [],
        "state": "done",
        "at": None,
    }
    html = draw(
        """{{ ui.badge(t) }}{{ ui.status_line(t, detail=t) }}{{ ui.steps([i]) }}{{ ui.progress("p", 1, 2, t) }}
        {{ ui.facts([(t, t)]) }}{{ ui.prose(t) }}{{ ui.conversation([i]) }}{{ ui.photo_grid([i], label=t) }}
        {{ ui.document_card(t, number=t, badge=(t, "good"), links=[i], note=t) }}{{ ui.card_list([i], label=t) }}
        {{ ui.filter_bar([i]) }}{{ ui.table([t], [(t,)], caption=t) }}{{ ui.pager(text=t) }}{{ ui.empty(t, t) }}
        {{ ui.toast(t) }}{{ ui.banner(t, title=t) }}{{ ui.bar_chart(t, [(t, 1)], unit=t) }}{{ ui.copy(t) }}
        {{ ui.button(t, attrs={"title": t}) }}{{ ui.page_head(t, kicker=t, lead=t) }}
        {{ ui.compare([(t, t, t)], (t, t), t) }}
        {{ ui.search_field("/a", t, value=t, hidden={"k": t}) }}{{ ui.verb(t, "/a", confirm=t, hidden={"k": t}) }}""",
        t=HOSTILE,
        i=item,
    )
    assert "<script" not in html
    assert "49" not in re.sub(r"[\w-]*49[\w-]*=", "", html)
    assert not any(t.has("onload") for t in tags_of(html))


def test_a_missing_value_is_a_dash(draw):
    html = draw('{{ ui.facts([("A", none), ("B", ""), ("C", 0)]) }}')
    assert html.count("—") == 2
    assert ">0<" in html


def test_two_files_may_not_define_the_same_macro(app, monkeypatch):
    monkeypatch.setattr(app.jinja_env, "list_templates", lambda filter_func: ["ui/states.html", "ui/states.html"])
    with pytest.raises(ValueError, match="defines again"):
        macros.install(app)
    monkeypatch.undo()
    macros.install(app)
