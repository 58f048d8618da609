"""The reader's language and zone, and texts said in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, force_locale, format_date, get_locale, gettext

from portal.core.db import Text2
from portal.core.errors import Message
from portal.core.permissions import Person

LANGUAGES = {"zh": "zh-CN", "en": "en"}
DEFAULT = "zh"
DEFAULT_ZONE = "Asia/Shanghai"


def install(app: Flask) -> None:
    """Choose locale and zone per request; outside one, `speaking` says which."""
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_DEFAULT_TIMEZONE=DEFAULT_ZONE)
    Babel(app, locale_selector=language, timezone_selector=zone)


def language() -> str:
    """ "zh" or "en": the person's, else what this browser chose or asks for."""
    if not has_request_context():
        return DEFAULT
    person = g.get("person")
    if person is not None:
        return person.language
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def zone() -> str:
    """The reader's IANA zone."""
    person = g.get("person") if has_request_context() else None
    return person.zone if person else DEFAULT_ZONE


def current_language() -> str:
    """The language texts are said in now."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say texts in `language` inside: for mails and documents."""
    with force_locale(language):
        yield


@contextmanager
def as_reader(language: str, zone: str) -> Iterator[None]:
    """As if somebody with this language and zone were reading: for mails and documents, which no request asks for.

    Links begin with the public address.
    """
    app = current_app._get_current_object()
    with app.app_context(), app.test_request_context(base_url=app.extensions["settings"].public_url):
        g.person = Person(id=None, name="", language=language, zone=zone)
        yield


def say(value: Any) -> str:
    """A Message, a Text2, a date or a plain value in the language texts are said in now."""
    match value:
        case Message():
            return gettext(value.msgid, **{name: say(param) for name, param in value.params.items()})
        case Text2():
            return value.in_(current_language())
        case datetime():
            return value.astimezone(ZoneInfo(zone())).strftime("%Y-%m-%d %H:%M")
        case date():
            return format_date(value)
        case None:
            return ""
        case _:
            return say(value.label) if hasattr(value, "label") else str(value)
