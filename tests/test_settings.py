"""Settings: what the environment may say, and how it is told what is wrong."""

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from portal.settings import PROJECT, Settings, SettingsError, load, table

LONG = "k" * 32
SAMPLES = {
    "BIND": "127.0.0.1:9",
    "TRUSTED_PROXIES": "10.0.0.1/32",
    "PUBLIC_URL": "https://a.example",
    "DATA_DIR": "/tmp",
    "DATABASE_URL": "postgresql+psycopg://h/d",
    "MIGRATE_DATABASE_URL": "postgresql+psycopg://owner@h/d",
    "REDIS_URL": "redis://h",
    "MAIL_URL": "file:/srv/mail",
    "MAIL_FROM": "a@b.example",
    "SEAL_MAIL_TO": "qa@b.example",
    "WEBHOOK_URL": "https://h.example",
    "LOG_LEVEL": "DEBUG",
}
COMPANIONS = {
    "MIGRATE_DATABASE_URL": {"DATABASE_URL": "postgresql://h/d"},
    "WEBHOOK_URL": {"WEBHOOK_SECRET": LONG},
    "DATA_DIR": {"SECRET_KEY": LONG, "AUDIT_KEY": LONG, "SEAL_PASSPHRASE": LONG},
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path / "data")}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return caught.value.problems


def test_nothing_but_a_data_dir_is_needed(home, tmp_path):
    settings = load(home)
    assert settings.bind == "127.0.0.1:8000"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/aftercare.db"
    assert settings.redis_url == f"unix://{tmp_path}/data/valkey.sock"
    assert settings.mailbox.folder == tmp_path / "data" / "mail"
    assert not settings.secure_cookies


def test_secrets_are_drawn_once_and_kept_from_others(home, tmp_path):
    first, second = load(home), load(home)
    assert first.secret_key == second.secret_key
    assert len({first.secret_key, first.audit_key, first.seal_passphrase}) == 3
    for name in ("secret", "audit-key", "seal-passphrase"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert not list((tmp_path / "data").glob(".*")), "drafts are left behind"


def test_no_secret_shows_when_settings_are_printed(home):
    given = {"MAIL_URL": "smtp://u:hidden-word@mail.example", "MAIL_FROM": "a@b.example",
             "REDIS_URL": "redis://:hidden-word@queue.example", "SECRET_KEY": f"{LONG}hidden-word"}  # fmt: skip
    assert "hidden-word" not in repr(load(home | given))


@pytest.mark.parametrize(
    "name", [each.name.upper() for each in fields(Settings) if each.name not in ("tls_cert", "tls_key")]
)
def test_every_setting_may_stand_in_a_file(name, home, tmp_path):
    text = SAMPLES.get(name, LONG)
    file = tmp_path / "value"
    file.write_text(f"{text}\n")
    found = getattr(load(home | COMPANIONS.get(name, {}) | {name: "", f"{name}_FILE": str(file)}), name.lower())
    assert (" ".join(found) if isinstance(found, tuple) else str(found)) == text


def test_a_certificate_is_a_file_already_so_that_both_names_mean_the_same(home):
    settings = load(home | {"TLS_CERT_FILE": __file__, "TLS_KEY": __file__})
    assert settings.tls_cert == settings.tls_key == Path(__file__)


def test_all_that_is_wrong_is_named_at_once(home):
    found = problems(home | {
        "BIND": "8000", "DATABASE_URL": "mysql://h/d", "REDIS_URL": "amqp://h", "MAIL_URL": "post://h",
        "SECRET_KEY": "short", "TLS_KEY": "/nowhere", "LOG_LEVEL": "chatty", "TRUSTED_PROXIES": "the proxy",
        "PUBLIC_URL": "portal.example", "WEBHOOK_URL": "http://h.example", "AUDIT_KEY_FILE": "/nowhere",
    })  # fmt: skip
    assert {line.split()[0] for line in found} == {
        "BIND", "DATABASE_URL", "REDIS_URL", "MAIL_URL", "SECRET_KEY", "TLS_KEY", "LOG_LEVEL", "TRUSTED_PROXIES",
        "PUBLIC_URL", "WEBHOOK_URL", "AUDIT_KEY",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"BIND": "0.0.0.0:80", "PUBLIC_URL": "https://a.example"}, "BIND"),
        ({"BIND": "192.0.2.7:80"}, "BIND"),
        ({"BIND": "[::]:80", "TRUSTED_PROXIES": "::1"}, "PUBLIC_URL"),
        ({"TLS_CERT": __file__}, "TLS_CERT"),
        ({"MIGRATE_DATABASE_URL": "postgresql://h/d"}, "MIGRATE_DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"WEBHOOK_URL": "https://h.example", "WEBHOOK_SECRET": "short"}, "WEBHOOK_URL"),
        ({"MAIL_URL": "smtp://h.example"}, "MAIL_FROM"),
        ({"SEAL_MAIL_TO": "qa@b.example, nobody"}, "SEAL_MAIL_TO"),
        ({"REDIS_URL": f"unix:///{'x' * 107}"}, "REDIS_URL"),
        ({"SECRET_KEY": LONG, "SECRET_KEY_FILE": "/x"}, "SECRET_KEY"),
    ],
)
def test_what_does_not_go_together_is_refused(home, given, word):
    assert [line.split()[0] for line in problems(home | given)] == [word]


@pytest.mark.parametrize(
    "given",
    [
        {"BIND": "0.0.0.0:443", "PUBLIC_URL": "https://a.example", "TLS_CERT": __file__, "TLS_KEY": __file__},
        {"BIND": "192.0.2.7:80", "TRUSTED_PROXIES": "192.0.2.0/24"},
        {"BIND": "[::1]:80"},
        {"BIND": "localhost:80"},
    ],
)
def test_beyond_this_machine_it_listens_only_behind_protection(home, given):
    assert load(home | given).bind == given["BIND"]


@pytest.mark.parametrize("given", [{"DATA_DIR_FILE": "/nowhere"}, {"DATA_DIR": "~nobody-of-that-name/x"}])
def test_a_data_dir_that_cannot_be_read_is_the_only_thing_named(given):
    assert [line.split()[0] for line in problems(given)] == ["DATA_DIR"]


@pytest.mark.parametrize(
    "url", ["https://a.example/path", "https://u:p@a.example", "https://a.example?x=1", "a.example"]
)
def test_a_public_address_is_a_scheme_and_a_host(home, url):
    assert [line.split()[0] for line in problems(home | {"PUBLIC_URL": url})] == ["PUBLIC_URL"]


def test_no_problem_quotes_a_password(home):
    given = {
        "MAIL_URL": "smtp://u:hidden-word@h:port",
        "DATABASE_URL": "mysql://u:hidden-word@h",
        "SECRET_KEY": "hidden",
    }
    assert "hidden" not in "\n".join(problems(home | given))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_always_means_the_one_driver(home, scheme):
    assert load(home | {"DATABASE_URL": f"{scheme}://u:p@h/d"}).database_url == "postgresql+psycopg://u:p@h/d"


def test_cookies_are_secure_where_the_public_address_is(home):
    assert load(home | {"PUBLIC_URL": "https://care.example/"}).secure_cookies
    assert load(home | {"PUBLIC_URL": "https://care.example/"}).public_url == "https://care.example"


def test_a_mail_address_is_taken_apart(home):
    given = {"MAIL_URL": "smtps://me:p%40ss@mail.example", "MAIL_FROM": "a@b.example"}
    mailbox = load(home | given).mailbox
    assert (mailbox.host, mailbox.port, mailbox.user, mailbox.password) == ("mail.example", 465, "me", "p@ss")


def test_a_data_dir_with_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("x" * 100)
    url = load({"DATA_DIR": str(deep)}).redis_url
    assert len(url.removeprefix("unix://").encode()) <= 107
    assert load({"DATA_DIR": str(deep)}).redis_url == url, "every process must find the same one"
    assert load({"DATA_DIR": f"{deep}y"}).redis_url != url


def test_a_data_dir_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    assert problems({"DATA_DIR": str(tmp_path / "file" / "data")})[0].startswith("DATA_DIR")


def test_the_readme_documents_every_setting():
    assert table() in (PROJECT / "README.md").read_text("utf-8")
