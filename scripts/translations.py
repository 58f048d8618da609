"""Collects the texts of the portal and keeps the Chinese catalogue in step.

python -m scripts.translations                  collect, update, compile; name what is not translated
python -m scripts.translations more.json …      the same, after adding translations {"msgid": "译文"}
"""

import json
import sys
from itertools import product
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "portal" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "Message", "N_")) | {
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
SOURCES = {"declare": (4,)}
"""The source of a figure. Collected apart: a keyword hides the texts inside its call, and kinds of notices are declared
with calls inside."""
JINJA = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}


def collect() -> Catalog:
    """Every text that the code says, with where it stands."""
    found = Catalog(project="Aftercare", charset="utf-8")
    for folder, keywords in product(("portal", "jobs"), (KEYWORDS, SOURCES)):
        rows = extract_from_dir(PROJECT / folder, METHODS, JINJA, keywords=keywords, strip_comment_tags=True)
        for filename, _line, msgid, comments, context in rows:
            found.add(msgid, locations=[(f"{folder}/{filename}", 0)], auto_comments=comments, context=context)
    return found


def update(extra: dict[str, str] | None = None) -> Catalog:
    """The Chinese catalogue, brought in step with the code; `extra` adds translations."""
    template = collect()
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            catalog = read_po(file, locale="zh")
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
    else:
        catalog = template
        catalog.locale = "zh"
    catalog.fuzzy, catalog.header_comment = False, "# The Chinese texts of Aftercare."
    for message in catalog:
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        if key and extra and key in extra and not _said(message):
            message.string = (extra[key],) if isinstance(message.id, tuple) else extra[key]
    return catalog


def _said(message) -> bool:
    return bool(message.string and (all(message.string) if isinstance(message.string, tuple) else True))


def untranslated(catalog: Catalog) -> list[str]:
    """The texts without a Chinese translation."""
    return [str(message.id) for message in catalog if message.id and not _said(message)]


def save(catalog: Catalog) -> None:
    """Write the catalogue, and its compiled form beside it."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, sort_output=True, omit_header=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main(paths: list[str]) -> int:
    extra: dict[str, str] = {}
    for path in paths:
        extra |= json.loads(Path(path).read_text(encoding="utf-8"))
    catalog = update(extra)
    save(catalog)
    missing = untranslated(catalog)
    for msgid in missing:
        sys.stdout.write(f"{msgid!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
