"""Every template keeps the rules; and each rule catches what it is for."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader

from tests.look.markup import page_faults, template_faults

TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"
OF_PAGES = [
    name
    for name in Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).list_templates()
    if name.endswith(".html") and not name.startswith(("documents/", "notices/"))
]


def environment(loader) -> Environment:
    return Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])


@pytest.mark.parametrize("name", OF_PAGES)
def test_a_template_keeps_the_rules(name):
    assert template_faults(environment(FileSystemLoader(TEMPLATES)), name) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red">', "style="),
        ('<p onclick="x()">', "inline handler"),
        ('<p hx-on:click="x()">', "inline handler"),
        ("""<p hx-get="/a" hx-vals='js:{a: 1}'>""", "is code"),
        ('<p hx-get="/a" hx-trigger="keyup[ctrlKey]">', "filter"),
        ('<p hx-get="/a" hx-trigger="done from:body">', "from:document"),
        ('<button hx-post="/a">', "send twice"),
        ('<div hx-target="#a"><a href="/">x</a></div>', "inherits"),
        ('<form method="post">', "method and action"),
        ("<script>x()</script>", "inline"),
        ("<style>p {}</style>", "inline"),
        ('<img src="/a">', "alt"),
        ("{{ text|safe }}", "safe"),
        ('{% from "ui/forms.html" import form %}', "import"),
        ('{% extends "a" %}{% set x = 1 %}{% block main %}{% endblock %}', "set outside"),
        ('<button{{ {"hx-post": url}|xmlattr }}>', "send twice"),
        ('{% if a %}<p {% if b %}style="x"{% endif %}>{% endif %}', "style="),
    ],
)
def test_a_rule_catches_its_fault(source, fault):
    faults = template_faults(environment(DictLoader({"it": source})), "it")
    assert any(fault in found for found in faults), faults


@pytest.mark.parametrize(
    "source",
    [
        '<div hx-target:inherited="#a"><a hx-get="/">x</a></div>',
        '<form method="post" action="/a" hx-post="/a" hx-sync="this:drop" hx-target="this"></form>',
        '{% extends "a" %}{% block main %}{% set x = 1 %}{% endblock %}',
        '<p class="{{ "style=" }}">{# style="x" #}</p>',
        "<div hx-swap-oob='beforeend'></div>",
    ],
)
def test_what_is_allowed_passes(source):
    assert template_faults(environment(DictLoader({"it": source})), "it") == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<p id="a"></p><p id="a"></p>', "2 times"),
        ('<label for="a">A</label>', "no field"),
        ('<form method="post" action="/a"></form>', "no token"),
        ('<html lang="zh_Hans_CN"><title>a</title><main><h1>a</h1></main></html>', "language"),
        ('<html lang="en"><title>a</title><main></main></html>', "0 <h1>"),
    ],
)
def test_a_finished_page_is_held_to_more(page, fault):
    assert any(fault in found for found in page_faults(page)), page_faults(page)
