"""All settings, read once from the environment into a frozen value that the rest of the house is handed.

Every variable `X` may instead be given as `X_FILE`, the path of a file that holds the value, so that secrets need not
stand in an environment. `load` names everything that is wrong in one `SettingsError`; `python -m portal.settings`
prints the table of the README.
"""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import click

from portal import variables

PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(click.ClickException):
    """The environment does not describe a portal that can run; `problems` names each reason in one sentence.

    A ClickException, so that every command shows the reasons and not a traceback.
    """

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


class Derived(NamedTuple):
    """A default that follows from other settings: the words for the README, and the function that makes it."""

    words: str
    make: Callable[[dict[str, Any]], str]


class Kept(NamedTuple):
    """A default that is drawn at random on the first start and kept, mode 0600, in a file of DATA_DIR."""

    file: str


class Mailbox(NamedTuple):
    """Where mail goes: a server (host, port), or with `scheme` "file" the folder that takes it as .eml files."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: Path | None


def about(doc: str, default: str | Derived | Kept = "", parse: Callable[[str], Any] = str) -> dict[str, Any]:
    return {"doc": doc, "default": default, "parse": parse}


def queue_socket(data_dir: Path) -> Path:
    """The bundled queue server's socket: in DATA_DIR, or, where that path is too long, in a short private folder."""
    near = data_dir / "valkey.sock"
    if len(os.fsencode(near)) <= variables.MAX_SOCKET_PATH:
        return near
    name = sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(f"/tmp/aftercare-{os.getuid()}-{name}/valkey.sock")  # noqa: S108 the folder is made 0700 and checked


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One field a setting, in the order of the README's table; the variable is the field's name in capitals."""

    bind: str = field(
        metadata=about(
            "Address and port to listen on. Beyond this machine it needs TLS_CERT and TLS_KEY, or TRUSTED_PROXIES.",
            "127.0.0.1:8000",
            parse=variables.address,
        )
    )
    tls_cert: Path | None = field(metadata=about("Certificate chain, a PEM file.", parse=variables.readable_file))
    tls_key: Path | None = field(
        metadata=about("Its private key, a PEM file in PKCS#8 form.", parse=variables.readable_file)
    )
    trusted_proxies: tuple[str, ...] = field(
        metadata=about(
            "Addresses or networks of reverse proxies, parted by commas; only their `X-Forwarded-For` and "
            "`X-Forwarded-Proto` are believed.",
            parse=variables.networks,
        )
    )
    public_url: str = field(
        metadata=about(
            "Where people reach the portal; links in mails and codes on paper begin with it, and cookies are marked "
            "Secure when it is https.",
            Derived("BIND, with `https://` when TLS_CERT is given", lambda s: _own_url(s)),
            parse=variables.web_address,
        )
    )
    data_dir: Path = field(
        metadata=about(
            "Folder of everything the portal keeps outside the database: files, keys, the bundled database and queue.",
            Derived("`var` in the project", lambda s: str(PROJECT / "var")),
            parse=variables.folder,
        )
    )
    database_url: str = field(
        repr=False,
        metadata=about(
            "`sqlite:///` and a path, or `postgresql://user:password@host/name`.",
            Derived("SQLite, `aftercare.db` in DATA_DIR", lambda s: f"sqlite:///{s['data_dir'] / 'aftercare.db'}"),
            parse=variables.database,
        ),
    )
    migrate_database_url: str = field(
        repr=False,
        metadata=about(
            "PostgreSQL only: the same database under the role that owns the tables. When set, migrations use it, and "
            "the role of DATABASE_URL is left unable to alter or delete the audit trail.",
            parse=variables.optional_database,
        ),
    )
    redis_url: str = field(
        repr=False,
        metadata=about(
            "A Redis (5 or later) or Valkey of your own: `redis://`, `rediss://` or `unix://`. When set, the bundled "
            "server is never started.",
            Derived("the bundled Valkey, a socket in DATA_DIR", lambda s: f"unix://{queue_socket(s['data_dir'])}"),
            parse=variables.queue,
        ),
    )
    mail_url: str = field(
        repr=False,
        metadata=about(
            "`smtp://user:password@host:port` (STARTTLS where the server offers it, always when a password is given), "
            "`smtps://` for TLS from the first byte, or `file:`, which writes mails to DATA_DIR/mail.",
            "file:",
            parse=variables.mail,
        ),
    )
    mail_from: str = field(
        metadata=about("Sender of all mails.", "Aftercare <aftercare@localhost>", parse=variables.sender)
    )
    secret_key: str = field(
        repr=False,
        metadata=about(
            "Signs sessions and links, and locks the secrets of second steps; "
            f"at least {variables.MIN_SECRET} characters.",
            Kept("secret"),
            parse=variables.secret_text,
        ),
    )
    secret_key_fallbacks: tuple[str, ...] = field(
        repr=False,
        metadata=about(
            "Earlier values of SECRET_KEY, parted by spaces, still accepted until what they signed has expired; "
            "second steps that an earlier value locked need it for good.",
            parse=variables.old_secrets,
        ),
    )
    audit_key: str = field(
        repr=False,
        metadata=about(
            "Seals the audit trail. Never change it: entries sealed with another key no longer verify. Keep a copy "
            "apart from the database's backup.",
            Kept("audit-key"),
            parse=variables.secret_text,
        ),
    )
    seal_mail_to: tuple[str, ...] = field(
        metadata=about(
            "Who is mailed the newest seal of the audit trail each morning, parted by commas. Best are addresses "
            "beyond the reach of whoever runs the database: such a mail shows that a trail was cut off or sealed anew.",
            parse=variables.addresses,
        )
    )
    seal_passphrase: str = field(
        repr=False,
        metadata=about(
            "Opens the keys that seal issued documents.", Kept("seal-passphrase"), parse=variables.secret_text
        ),
    )
    webhook_url: str = field(
        metadata=about(
            "An `https://` address that is sent each notice, for example an SMS gateway.",
            parse=variables.optional_web_hook,
        )
    )
    webhook_secret: str = field(repr=False, metadata=about("Signs what is sent there."))
    log_level: str = field(
        metadata=about(f"One of {', '.join(variables.LOG_LEVELS)}.", "INFO", parse=variables.log_level)
    )

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def on_loopback(self) -> bool:
        return variables.is_loopback(self.bind)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def migration_url(self) -> str:
        return self.migrate_database_url or self.database_url

    @property
    def mailbox(self) -> Mailbox:
        parts = urlsplit(self.mail_url)
        if parts.scheme == "file":
            where = variables.folder(parts.path) if parts.path.strip("/") else self.data_dir / "mail"
            return Mailbox("file", "", 0, "", "", where)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return Mailbox(parts.scheme, parts.hostname or "", variables.mail_port(self.mail_url), user, password, None)


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings `environ` describes. Makes DATA_DIR and the kept secrets where they are missing.

    Raises SettingsError with every problem found; no message ever quotes a value.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for each in fields(Settings):
        try:
            values[each.name] = _read(each, environ, values)
        except (ValueError, OSError) as error:
            problems[each.name] = f"{each.name.upper()} {_reason(error)}."
            values[each.name] = _read(each, {}, values)  # so that what follows from it can be looked at too
    wrong = [*problems.values(), *(words for names, holds, words in _RULES if _broken(names, holds, values, problems))]
    if wrong:
        raise SettingsError(wrong)
    return Settings(**values | _kept_secrets(values))


def table() -> str:
    """The README's table of settings, in Markdown."""
    rows = [f"| `{each.name.upper()}` | {_default_words(each)} | {each.metadata['doc']} |" for each in fields(Settings)]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


_RULES: tuple[tuple[tuple[str, ...], Callable[[dict[str, Any]], Any], str], ...] = (
    (
        ("tls_cert", "tls_key"),
        lambda s: bool(s["tls_cert"]) == bool(s["tls_key"]),
        "TLS_CERT and TLS_KEY must be given together.",
    ),
    (
        ("bind", "tls_cert", "trusted_proxies"),
        lambda s: variables.is_loopback(s["bind"]) or s["tls_cert"] or s["trusted_proxies"],
        "BIND reaches beyond this machine and needs TLS_CERT and TLS_KEY, or TRUSTED_PROXIES in front.",
    ),
    (
        ("bind", "public_url"),
        lambda s: not variables.is_everywhere(s["bind"]) or s["public_url"] != _own_url(s),
        "PUBLIC_URL must be given when BIND listens on every address.",
    ),
    (
        ("mail_url", "mail_from"),
        lambda s: s["mail_url"].startswith("file:") or not s["mail_from"].endswith("@localhost>"),
        "MAIL_FROM must be given when MAIL_URL names a mail server.",
    ),
    (
        ("database_url", "migrate_database_url"),
        lambda s: not s["migrate_database_url"] or not s["database_url"].startswith("sqlite"),
        "MIGRATE_DATABASE_URL serves only with a PostgreSQL DATABASE_URL.",
    ),
    (
        ("webhook_url", "webhook_secret"),
        lambda s: not s["webhook_url"] or len(s["webhook_secret"]) >= variables.MIN_SECRET,
        f"WEBHOOK_URL needs a WEBHOOK_SECRET of at least {variables.MIN_SECRET} characters.",
    ),
)


def _broken(names: tuple[str, ...], holds: Callable, values: dict[str, Any], problems: dict[str, str]) -> bool:
    """Rules are silent about a setting that is already named as wrong by itself."""
    return not any(name in problems for name in names) and not holds(values)


def _read(each, environ: Mapping[str, str], values: dict[str, Any]) -> Any:
    text, default = _given(each, environ), each.metadata["default"]
    if not text and isinstance(default, Kept):
        return None
    if not text:
        text = default.make(values) if isinstance(default, Derived) else default
    return each.metadata["parse"](text)


def _given(each, environ: Mapping[str, str]) -> str:
    name = each.name.upper()
    direct, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if direct and path:
        raise variables.Wrong(f"and {name}_FILE are both given; keep one")
    # TLS_CERT is itself the path of a file: who writes TLS_CERT_FILE means just that, and never that file's content.
    if each.metadata["parse"] is variables.readable_file:
        return direct or path
    return Path(path).read_text("utf-8").strip() if path else direct


def _reason(error: ValueError | OSError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read from {error.filename}: {error.strerror}"
    if isinstance(error, variables.Wrong):
        return str(error)
    return "is not well formed"  # what the library says may quote a password


def _own_url(values: dict[str, Any]) -> str:
    return f"{'https' if values['tls_cert'] else 'http'}://{values['bind']}"


def _kept_secrets(values: dict[str, Any]) -> dict[str, str]:
    defaults = {each.name: each.metadata["default"] for each in fields(Settings) if not values[each.name]}
    data_dir = values["data_dir"]
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {name: kept_secret(data_dir / kept.file) for name, kept in defaults.items() if isinstance(kept, Kept)}
    except OSError as error:
        raise SettingsError([f"DATA_DIR cannot be used: {error.filename}: {error.strerror}."]) from None


def kept_secret(path: Path) -> str:
    """The secret in `path`, drawn there first if need be. Of processes that start together one draws it for all."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text("utf-8").strip()


def _default_words(each) -> str:
    default = each.metadata["default"]
    if isinstance(default, Kept):
        return f"drawn once, kept in DATA_DIR/{default.file}"
    if isinstance(default, Derived):
        return default.words
    return f"`{default}`" if default else "none"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
