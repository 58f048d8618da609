"""What HTML of ours may not contain: rules for templates and for finished pages.

`template_faults` reads a template's source, `page_faults` a page as the browser gets it; both return sentences.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from jinja2 import Environment, nodes

SENDS = tuple(f"hx-{verb}" for verb in ("get", "post", "put", "patch", "delete"))
CHANGES = SENDS[1:]
BELONGS_TO_A_REQUEST = (
    *("hx-target", "hx-swap", "hx-select", "hx-confirm", "hx-include", "hx-vals", "hx-headers", "hx-push-url"),
    *("hx-replace-url", "hx-indicator", "hx-sync", "hx-disable", "hx-encoding", "hx-trigger"),
)


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str]
    line: int

    def has(self, *names: str) -> bool:
        return any(name in self.attributes for name in names)

    def __str__(self) -> str:
        return f"line {self.line}: <{self.name}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}, self.getpos()[0]))


def tags_of(html: str) -> list[Tag]:
    reader = _Reader()
    reader.feed(html)
    return reader.tags


def page_faults(html: str) -> list[str]:
    """All that is wrong with a finished page or fragment."""
    tags = tags_of(html)
    faults = [f"{tag} {fault}" for tag in tags for fault in _tag_faults(tag)]
    faults += [f"id {name!r} stands {count} times" for name, count in _ids(tags).items() if count > 1]
    faults += [f"{tag} names no field: {tag.attributes['for']}" for tag in tags if _points_nowhere(tag, tags)]
    if any(tag.name == "html" for tag in tags):
        faults += _frame_faults(tags)
    return faults + list(_forms_without_token(html))


def template_faults(env: Environment, name: str) -> list[str]:
    """All that is wrong with the source of a template."""
    source = env.loader.get_source(env, name)[0]
    faults = [f"{tag} {fault}" for tag in tags_of(_html_of(env, source)) for fault in _tag_faults(tag)]
    return faults + list(_jinja_faults(env, source))


def _tag_faults(tag: Tag) -> Iterator[str]:
    attributes = tag.attributes
    if tag.has("style"):
        yield "has style=, which the content policy refuses"
    if any(name.startswith(("on", "hx-on")) for name in attributes):
        yield "has an inline handler"
    if any(value.strip().startswith(("js:", "javascript:")) for value in attributes.values()):
        yield "has a value that is code"
    if "[" in attributes.get("hx-trigger", "") or "from:body" in attributes.get("hx-trigger", ""):
        yield "has a trigger with a filter or from:body; write from:document"
    if tag.has(*CHANGES) and not tag.has("hx-sync", "hx-disable"):
        yield "can send twice: it needs hx-sync or hx-disable"
    if not tag.has(*SENDS) and (lonely := [name for name in BELONGS_TO_A_REQUEST if name in attributes]):
        yield f"has {', '.join(lonely)} without a request of its own, and nothing inherits it; use :inherited"
    if tag.name == "form" and not ("method" in attributes and "action" in attributes):
        yield "needs method and action, to work without scripts"
    if tag.name == "style" or (tag.name == "script" and "src" not in attributes):
        yield "is inline; the content policy refuses it"
    if tag.name == "img" and "alt" not in attributes:
        yield "has no alt"


def _ids(tags: list[Tag]) -> Counter[str]:
    return Counter(tag.attributes["id"] for tag in tags if tag.has("id") and not tag.has("hx-swap-oob"))


def _points_nowhere(tag: Tag, tags: list[Tag]) -> bool:
    return tag.name == "label" and tag.has("for") and tag.attributes["for"] not in _ids(tags)


def _frame_faults(tags: list[Tag]) -> Iterator[str]:
    counts = Counter(tag.name for tag in tags)
    for name in ("h1", "main", "title"):
        if counts[name] != 1:
            yield f"{counts[name]} <{name}> in a page, where there is one"
    if next(tag for tag in tags if tag.name == "html").attributes.get("lang") not in ("en", "zh-CN"):
        yield "<html> without the language of the page"


def _forms_without_token(html: str) -> Iterator[str]:
    for form in html.split("<form")[1:]:
        opening = form.partition(">")[0]
        if 'method="post"' in opening and 'name="csrf_token"' not in form.partition("</form>")[0]:
            yield f"a form that posts has no token: <form{opening}>"


def _html_of(env: Environment, source: str) -> str:
    """The markup of a template: what Jinja would put in is a plain `x`; attributes given by xmlattr are kept."""
    parts, inside, expression = [], False, []
    for _, kind, text in env.lex(source):
        if kind == "data":
            parts.append(text)
        elif kind == "variable_begin":
            inside, expression = True, []
        elif kind == "variable_end":
            inside = False
            parts.append(_given_attributes(expression) if "xmlattr" in expression else "x")
        elif inside and kind != "whitespace":
            expression.append(text)
    return "".join(parts)


def _given_attributes(expression: list[str]) -> str:
    names = [left for left, right in pairwise(expression) if right == ":"]
    return "".join(f' {name[1:-1]}="x"' for name in names if name[0] in "\"'")


def _jinja_faults(env: Environment, source: str) -> Iterator[str]:
    tree = env.parse(source)
    for node in tree.find_all(nodes.Filter):
        if node.name == "safe":
            yield f"line {node.lineno}: |safe; give the parts to a macro instead"
    for node in tree.find_all((nodes.Import, nodes.FromImport)):
        yield f"line {node.lineno}: an import, which a block that is rendered alone loses; ui is a global"
    if tree.find(nodes.Extends):
        for node in tree.body:
            if isinstance(node, nodes.Assign | nodes.AssignBlock):
                yield f"line {node.lineno}: a set outside the blocks, which a block that is rendered alone loses"
