"""The permission table to read."""

import pytest

from portal.blueprints.office.permission_words import GROUPS, WORDS
from portal.domain.permissions import P


def test_every_permission_has_words_and_a_group():
    assert [permission.value for permission in P if permission not in WORDS] == []
    assert {permission.value.partition(":")[0] for permission in P} - GROUPS.keys() == set()


def page(browser, query=""):
    return browser("quality2").get(f"/office/permissions{query}").get_data(as_text=True)


def test_it_says_who_may_and_how_far(browser):
    html = page(browser)
    line = html.split("Assign a technician")[1].split("</div>")[0]
    assert "Service desk, Manager" in line and "own dealer" in line and "Auditor" not in line
    assert "nobody; it follows from other acts" in html
    assert len(html) < 40_000


def test_one_role_by_itself(browser):
    html = page(browser, "?role=ward")
    assert "own site" in html and "Assign a technician" not in html
    assert "Assign a technician" in page(browser, "?role=nobody")


@pytest.mark.parametrize(("who", "status"), [("admin", 200), ("auditor", 200), ("desk", 403), ("officer", 403)])
def test_who_reads_it(browser, who, status):
    assert browser(who).get("/office/permissions").status_code == status
