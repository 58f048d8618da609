"""What the figures are called, and their units. Sources are typed by people, or shipped with the declaration."""

from portal.core.errors import Message

LABELS = {
    "certificate_warning_days": Message("How long before its end a certificate is told of"),
    "charge_chase_days": Message("How often an open invoice is reminded of"),
    "statement_day": Message("Day of the month on which statements are drawn up"),
    "charge_due_days": Message("How long after its date an invoice is due"),
    "claimed_time_hours": Message("How far back a step may be claimed to have happened"),
    "duty_answer_minutes": Message("Time to answer a call to the people on duty before the next is called"),
    "failed_proofs": Message("Wrong passwords at signing before quality is told"),
    "failed_proofs_hours": Message("Time within which wrong passwords at signing are counted"),
    "file_megabytes": Message("Largest file"),
    "files_a_day": Message("Files that one person may send in a day"),
    "labels_at_once": Message("Labels that are printed at once"),
    "megabytes_a_day": Message("Megabytes that one person may send in a day"),
    "question_reminder_days": Message("How often an unanswered question is brought to mind"),
    "question_reminders": Message("After how many reminders the manager is told of an unanswered question"),
    "offer_days": Message("How long an offer holds"),
    "rating_change_days": Message("How long a rating can be changed by whoever gave it"),
    "rating_link_days": Message("How long a customer is asked for a rating, and the mailed link works"),
    "rating_low_score": Message("Score up to which a rating is followed up"),
    "rating_reminder_days": Message("After how long a customer is asked for a rating once more (0: never)"),
    "session_days": Message("Longest time signed in"),
    "session_idle_hours": Message("Signed out after so long without use"),
    "swapped_unit_days": Message("Least cover of a unit that took another's place"),
    "second_step": Message("Second step at the sign-in of staff"),
    "tries_minutes": Message("Time within which wrong passwords are counted"),
    "tries_per_account": Message("Wrong passwords before an account must wait"),
    "tries_per_address": Message("Wrong passwords before an address must wait"),
    "unknown_badges_per_address": Message("Unknown badges asked for before an address must wait"),
    "unknown_labels_per_address": Message("Unknown labels scanned before an address must wait"),
    "unknown_rating_links_per_address": Message("Unknown links to ratings tried before an address must wait"),
    "ward_report_hours": Message("How long a ward's report waits before the equipment department is reminded"),
    "ward_reports_per_address": Message("Reports from wards before an address must wait"),
    "ward_reports_per_device": Message("Reports about one device before its label must wait"),
    "ward_status_days": Message("How long a ward can look its report up after the last step"),
    "video_megabytes": Message("Largest video"),
}

UNITS = {
    "days": Message("days"),
    "files": Message("files"),
    "hours": Message("hours"),
    "labels": Message("labels"),
    "MB": Message("MB"),
    "minutes": Message("minutes"),
    "of 5": Message("of 5"),
    "reminders": Message("reminders"),
    "reports": Message("reports"),
    "switch": Message("(1 on, 0 off)"),
    "tries": Message("tries"),
    "working days": Message("working days"),
}


def label(name: str) -> Message:
    """What people call the figure."""
    return LABELS.get(name) or Message("%(name)s", name=name.replace("_", " "))


def unit(name: str) -> Message:
    return UNITS.get(name) or Message("%(name)s", name=name)
