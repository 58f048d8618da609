"""Health: alive without neighbours, ready by name."""

from portal import health
from tests.queries import count_queries


def test_the_portal_is_alive_without_asking_the_database(app, stranger):
    with count_queries() as statements:
        answer = stranger.get("/healthz")
    assert (answer.status_code, statements) == (200, [])


def test_ready_means_that_pages_can_be_served_and_names_what_does_not_work(app, stranger):
    answer = stranger.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["ready"] is True
    assert "queue" in answer.json["degraded"]  # nobody listens at the queue of the tests


def test_not_ready_without_a_database_and_no_address_or_secret_is_said(app, stranger, monkeypatch):
    def away(settings):
        return health.Finding("database", False, f"cannot be reached at {settings.database_url}", settings.secret_key)

    monkeypatch.setattr(health, "NEEDED", (away, health.data_folder))
    answer = stranger.get("/readyz")
    settings = app.extensions["settings"]
    assert answer.status_code == 503
    assert answer.json["ready"] is False and "database" in answer.json["degraded"]
    assert settings.database_url not in answer.text and settings.secret_key not in answer.text
