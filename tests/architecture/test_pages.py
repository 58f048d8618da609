"""The frame of the pages: every entry of the navigation leads somewhere, and to a door that opens for its readers."""

import pytest
from flask import Flask

from portal.domain.permissions import P
from portal.web.navigation import ENTRIES, HOMES
from portal.web.pages import ROUTES, UPLOADS, Access

ALL = [(audience, entry) for audience, entries in ENTRIES.items() for entry in entries]


@pytest.mark.parametrize(("audience", "entry"), ALL, ids=lambda value: getattr(value, "endpoint", value))
def test_an_entry_leads_to_a_page_that_its_readers_may_open(app: Flask, audience, entry):
    assert {entry.endpoint, *entry.within} <= app.view_functions.keys()
    assert ROUTES[entry.endpoint] is entry.access


def test_every_home_is_there(app):
    assert set(HOMES.values()) <= app.view_functions.keys()


def test_no_two_entries_of_a_frame_share_a_key():
    for entries in ENTRIES.values():
        keys = [entry.key for entry in entries if entry.key]
        assert len(keys) == len(set(keys))


def test_every_route_names_its_access(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    assert routes == ROUTES.keys()
    assert all(isinstance(access, P | Access) for access in ROUTES.values())


def test_only_routes_that_post_take_files(app):
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert posting >= UPLOADS


def test_a_route_answers_to_reading_and_posting_only(app):
    for rule in app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
