"""What every audience shares: a file, a document, a record by its number."""

from portal.web.pages import Door

door = Door("records", __name__, layout="layouts/plain.html")

from portal.blueprints.records import (  # noqa: E402
    appointments,  # noqa: F401
    badges,  # noqa: F401
    clocks,  # noqa: F401
    customer_signs,  # noqa: F401
    duty,  # noqa: F401
    files,  # noqa: F401
    holds,  # noqa: F401
    labels,  # noqa: F401
    numbers,  # noqa: F401
    papers,  # noqa: F401
    plan_papers,  # noqa: F401
    questions,  # noqa: F401
    receipts,  # noqa: F401
    search,  # noqa: F401
    waitings,  # noqa: F401
)
