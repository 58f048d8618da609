"""Aftercare: the after-sales service portal for medical devices."""

import logging
from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect

from portal import cli, doors, tables
from portal.core import audit, guard, lockbox, outbox
from portal.core.db import db, prepare
from portal.core.files import room_in
from portal.domain import reactions
from portal.settings import Settings, load
from portal.web import assets, errors, filters, headers, languages, macros, navigation, pages, sessions

MAX_BODY = 25 * 1024 * 1024
MAX_FIELDS = 1000


def create_app(settings: Settings | None = None) -> Flask:
    """Read the settings and open the doors, nothing else. Raises SettingsError naming all that is wrong."""
    settings = settings or load()
    _log(settings.log_level)
    app = Flask(__name__)
    app.config.update(_config(settings))
    app.extensions["settings"] = settings
    app.extensions["room"] = room_in(settings.data_dir)
    app.extensions["tables"] = tables.MODULES
    _open_database(app, settings)
    app.before_request(pages.allow_uploads)
    CSRFProtect(app)
    for part in (assets, languages, filters, navigation, sessions, errors):
        part.install(app)
    headers.install(app, settings)
    reactions.install()
    doors.install(app)
    macros.install(app)
    cli.register(app)
    return app


def _log(level: str) -> None:
    logging.basicConfig(level=level)
    for talkative in ("weasyprint", "fontTools", "pikepdf", "pyhanko", "PIL"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _config(settings: Settings) -> dict:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure_cookies else "session",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": 2_000_000,
        "MAX_FORM_PARTS": MAX_FIELDS,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _open_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        guard.install(db.engine, db.session)
    use_keys(settings)
    outbox.connect(settings.redis_url)


def use_keys(settings: Settings) -> None:
    """Let the trail and the lockbox of this process work with the installation's keys."""
    audit.use_key(settings.audit_key.encode())
    lockbox.use_keys([settings.secret_key, *settings.secret_key_fallbacks])
