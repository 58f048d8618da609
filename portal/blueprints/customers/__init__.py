"""Hospital users: devices, requests, signature, documents."""

from portal.web.pages import Door

door = Door("customers", __name__, layout="layouts/customer.html", url_prefix="/customer")

from portal.blueprints.customers import (  # noqa: E402
    charges,  # noqa: F401
    device_history,  # noqa: F401
    devices,  # noqa: F401
    documents,  # noqa: F401
    home,  # noqa: F401
    ratings,  # noqa: F401
    requests,  # noqa: F401
    ward_reports,  # noqa: F401
    wards,  # noqa: F401
)
