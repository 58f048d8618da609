"""The time zones that can be chosen: where our people and centres are."""

from portal.web.filters import city

ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)


def zone_choices() -> list[tuple[str, str]]:
    """The zones where our people are, by city in the reader's words: 上海."""
    return [(zone, city(zone)) for zone in ZONES]
