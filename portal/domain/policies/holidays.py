"""Public holidays and make-up working days, from a kept library into the days of a calendar, where people edit them.

China's are announced each November for the following year (国务院办公厅), so a year may be unknown for long.
"""

from datetime import date, timedelta

from portal.core.working_time import Windows

CHINA = "CN"
COUNTRIES = (CHINA,)

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


class NotAnnounced(LookupError):
    """The library knows nothing of this year."""


def days_of(country: str, year: int, working: Windows) -> dict[str, dict]:
    """The dates of `year` that differ from the week, as a calendar version keeps them; `working` on make-up days.

    Raises NotAnnounced.
    """
    if country != CHINA:
        raise NotAnnounced(country)
    found, day = {}, date(year, 1, 1)
    while day.year == year:
        off, name = _detail(day)
        if name:
            found[day.isoformat()] = _entry(name, [] if off else [str(window) for window in working])
        day += timedelta(days=1)
    return found


def _detail(day: date) -> tuple[bool, str | None]:
    import chinese_calendar  # tables of twenty years: read when a calendar is filled, not at every start

    try:
        return chinese_calendar.get_holiday_detail(day)
    except NotImplementedError as error:
        raise NotAnnounced(str(error)) from error


def _entry(name: str, hours: list[str]) -> dict:
    zh = _NAMES.get(name, name)
    if hours:
        return {"hours": hours, "zh": f"{zh}调休上班", "en": f"Make-up day for {name}"}
    return {"hours": [], "zh": zh, "en": name}
