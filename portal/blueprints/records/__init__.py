"""What every audience shares: a file, a document, a record by its number."""

from portal.web.pages import Door

door = Door("records", __name__, layout="layouts/plain.html")

from portal.blueprints.records import appointments, clocks, files, numbers, papers, questions, search, waitings  # noqa: E402, F401
