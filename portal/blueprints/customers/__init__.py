"""Hospital users: devices, requests, signature, documents."""

from portal.web.pages import Door

door = Door("customers", __name__, layout="layouts/customer.html", url_prefix="/customer")

from portal.blueprints.customers import device_history, devices, documents, home, requests, ward_reports, wards  # noqa: E402, F401
