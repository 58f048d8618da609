"""What the trail calls tables, fields and acts. A field is looked up as "table.column", then as "column"."""

from portal.core.errors import Message
from portal.core.lifecycle import lifecycles
from portal.domain.deliveries.lifecycle import SHARED

TABLES = {
    "account": Message("Account"),
    "attachment": Message("Attachment"),
    "centre": Message("Service centre"),
    "company": Message("Company"),
    "contact": Message("Contact"),
    "delivery": Message("Delivery of a notice"),
    "department": Message("Department"),
    "device": Message("Device"),
    "document": Message("Document"),
    "figure": Message("Figure"),
    "file": Message("File"),
    "organisation": Message("Organisation"),
    "outbox": Message("Job"),
    "product": Message("Product"),
    "rendition": Message("PDF"),
    "request_message": Message("Message"),
    "revision": Message("Revision"),
    "role_grant": Message("Role"),
    "service_request": Message("Service request"),
    "signature": Message("Signature"),
    "site": Message("Site"),
    "work_log": Message("Log line"),
    "work_order": Message("Work order"),
}

FIELDS = {
    "accepted_at": Message("Accepted by the technician"),
    "accepted_on": Message("Accepted on"),
    "account_id": Message("Account"),
    "address": Message("Address"),
    "appointment_from": Message("Appointment from"),
    "appointment_to": Message("Appointment until"),
    "arrived_at": Message("Technician arrived"),
    "asset_number": Message("Asset number"),
    "block": Message("Signature block"),
    "body": Message("Text"),
    "brand": Message("Brand"),
    "cause_told": Message("Cause as told"),
    "centre_id": Message("Service centre"),
    "channel": Message("Channel"),
    "code": Message("Code"),
    "comment": Message("Comment"),
    "compulsory_verification": Message("Compulsory verification"),
    "conclusion": Message("Conclusion"),
    "consent_limit": Message("May consent up to"),
    "contact_name": Message("Contact"),
    "contact_phone": Message("Telephone"),
    "content_hash": Message("Hash of the content"),
    "copy_number": Message("Copy"),
    "currency": Message("Currency"),
    "dealer_id": Message("Dealer"),
    "departed_at": Message("Technician set out"),
    "department": Message("Department"),
    "department_id": Message("Department"),
    "device_id": Message("Device"),
    "device_stopped": Message("The device is out of service"),
    "dispatched_at": Message("Technician assigned"),
    "display_name": Message("File name"),
    "email": Message("E-mail"),
    "ended_at": Message("Ended"),
    "error": Message("Error"),
    "evidence_hold": Message("Held as evidence"),
    "expires_on": Message("Expires on"),
    "fault_cause": Message("Cause of the fault"),
    "fault_symptom": Message("Symptom"),
    "file_hash": Message("Hash of the file"),
    "finished_at": Message("Service report issued"),
    "first_handler_id": Message("First handler"),
    "form_code": Message("Form"),
    "form_version": Message("Form version"),
    "from_customer": Message("From the customer"),
    "frozen_at": Message("Frozen at"),
    "function": Message("Function"),
    "functional_test": Message("Functional test"),
    "height": Message("Height"),
    "implantable": Message("Implantable"),
    "installed_on": Message("Installed on"),
    "instructions": Message("Instructions"),
    "internal": Message("Internal"),
    "issued_at": Message("Issued at"),
    "keeper": Message("Keeper"),
    "kind": Message("Kind"),
    "labour_until": Message("Labour covered until"),
    "language": Message("Language"),
    "large_equipment": Message("Large equipment"),
    "legal_roles": Message("Legal roles"),
    "licence_number": Message("Licence number"),
    "life_support": Message("Life support"),
    "locality": Message("Locality"),
    "lot": Message("Lot"),
    "made_at": Message("Made at"),
    "made_on": Message("Made on"),
    "may_sign": Message("May sign"),
    "media_type": Message("File type"),
    "method": Message("Way of signing"),
    "model": Message("Model"),
    "name": Message("Name"),
    "next_step": Message("Next step"),
    "nicknames": Message("Nicknames"),
    "no_udi_reason": Message("Why without UDI"),
    "number": Message("Number"),
    "occurred_at": Message("Happened at"),
    "organisation_id": Message("Organisation"),
    "pages": Message("Pages"),
    "parts_replaced": Message("Parts replaced"),
    "parts_until": Message("Parts covered until"),
    "performance_test": Message("Performance test"),
    "phone": Message("Telephone"),
    "place": Message("Place"),
    "preferred_time": Message("Preferred time"),
    "product_id": Message("Product"),
    "province": Message("Province"),
    "purpose": Message("Purpose"),
    "rating": Message("Evaluation"),
    "reason": Message("Reason"),
    "received_at": Message("Received at"),
    "refusal": Message("Why refused"),
    "registrant": Message("Registrant"),
    "registration_number": Message("Registration number"),
    "repair_process": Message("Repair process"),
    "reported_at": Message("Reported"),
    "reported_by_id": Message("Reported by"),
    "restored_at": Message("Device works again"),
    "revision": Message("Revision"),
    "risk_class": Message("Class"),
    "role": Message("Role"),
    "room": Message("Room"),
    "safety_test": Message("Electrical safety test"),
    "serial": Message("Serial number"),
    "service_life_months": Message("Service life in months"),
    "sha256_stored": Message("Hash as kept"),
    "sha256_uploaded": Message("Hash as sent"),
    "signed_at": Message("Signed at"),
    "site_id": Message("Site"),
    "size": Message("Size in bytes"),
    "sold_on": Message("Sold on"),
    "source": Message("Source"),
    "state": Message("State"),
    "subject": Message("Subject"),
    "symptom": Message("Symptom"),
    "taken_at": Message("Taken at"),
    "technician_id": Message("Technician"),
    "template_version": Message("Template version"),
    "test_data": Message("Test data"),
    "text": Message("Text"),
    "tier": Message("Tier"),
    "travel_until": Message("Travel covered until"),
    "udi_di": Message("UDI-DI"),
    "udi_pi": Message("UDI-PI"),
    "unit": Message("Unit"),
    "urgency": Message("Urgency"),
    "value": Message("Value"),
    "width": Message("Width"),
    "witness_id": Message("Witness"),
    "witness_name": Message("Witness"),
    "zone": Message("Time zone"),
}

HIDDEN = {"id", "uid", "key", "sort_key", "company_id", "root_kind", "root_id", "entry_id", "part_uid", "file_id"}
HIDDEN |= {"document_id", "revision_id", "order_id", "request_id", "picture_id", "author_id", "author_name"}
HIDDEN |= {"created_by_id", "created_at", "last_event_at", "at"}
"""Columns that only machines read: keys, and what stands in the entry anyway."""

MONEY = {"consent_limit"}
"""Columns that hold an amount in minor units."""


def table_label(table: str) -> Message:
    return TABLES.get(table) or Message("%(name)s", name=table)


def is_shown(column: str) -> bool:
    """Whether people are shown the column."""
    return column in FIELDS or not (column in HIDDEN or column.endswith("_version"))


def field_label(table: str, column: str) -> Message:
    return FIELDS.get(f"{table}.{column}") or FIELDS.get(column) or Message("%(name)s", name=column)


def verb_label(name: str) -> Message:
    """The label of an act by its name in the trail, e.g. "service_request:assess"."""
    table, _, verb = name.partition(":")
    known = lifecycles[table].by_name.get(verb) if table in lifecycles else None
    known = known or SHARED.get(verb)
    return known.label if known else Message("%(name)s", name=verb)
