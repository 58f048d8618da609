"""Calendars: working hours, public holidays and make-up days, each version approved by a second person."""

from datetime import date
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.calendar_forms import DAY_NAMES, DayForm, NewCalendarForm, WeekForm, YearForm, windows
from portal.blueprints.office.promise_tabs import tabs
from portal.core import clock
from portal.core.db import Text2, db
from portal.core.deadlines import CalendarVersion, VersionState
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import calendars as service
from portal.domain.policies import holidays, registers
from portal.domain.policies.models import WorkCalendar
from portal.web.answers import render
from portal.web.filters import city, day
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import chip
from portal.web.stale import conflict


@door.page("/calendars", access=P.POLICY_SEE)
def calendars():
    """All calendars, with what is missing in them."""
    today = clock.now().date()
    rows = []
    for calendar, centre, versions in registers.calendars(db.session()):
        shown = _in_force(versions) or versions[0]
        missing = service.missing_years(calendar, shown, today)
        drafted = versions[0].state is VersionState.DRAFT
        rows.append({"calendar": calendar, "centre": centre, "version": shown, "missing": missing, "drafted": drafted})
    return render("office/calendars.html", tabs=tabs(), rows=rows)


def _in_force(versions: list[CalendarVersion]) -> CalendarVersion | None:
    return next((version for version in versions if version.state is VersionState.IN_FORCE), None)


@door.form("/calendars/new", access=P.POLICY_EDIT, endpoint="new_calendar")
def new():
    """Add a calendar; it begins as a draft."""
    form, centres = NewCalendarForm(), registers.centres(db.session())
    form.centre.choices = [("", _("no centre: for contracts that name it")), *((c.uid, say(c.name)) for c in centres)]
    page = lambda status: render("office/calendar_new.html", "new", status, form=form)  # noqa: E731
    if not form.is_submitted():
        return page(200)
    centre_id = next((c.id for c in centres if c.uid == form.centre.data), None)

    def act(session):
        country = holidays.CHINA if form.holidays.data else ""
        made = service.found(session, g.person, name=form.name_text, centre_id=centre_id, holidays=country)
        week = [windows(form.hours.data)] * 5 + [[], []]
        service.draft(session, made, g.person, zone=form.zone.data, week=week)
        return url_for("office.calendar_draft", uid=made.uid)

    return submit(form, act, page, done=_("The calendar is added, as a draft."))


def _load(uid: str) -> tuple[WorkCalendar, list[CalendarVersion]]:
    calendar = find(db.session, WorkCalendar, g.person, P.POLICY_SEE, uid=uid)
    versions = next(versions for each, _centre, versions in registers.calendars(db.session()) if each is calendar)
    return calendar, versions


@door.page("/calendars/<uid>", access=P.POLICY_SEE)
def calendar(uid: str):
    """One calendar: the hours that hold, the days that differ, the versions before."""
    return _page(uid)


def _page(uid: str, form: PortalForm | None = None, status: int = 200) -> Any:
    found, versions = _load(uid)
    shown = _in_force(versions) or versions[0]
    return render(
        "office/calendar.html",
        None,
        status,
        calendar=found,
        shown=shown,
        week=_week(shown),
        draft=versions[0] if versions[0].state is VersionState.DRAFT else None,
        earlier=[v for v in versions if v is not shown and v.state is not VersionState.DRAFT],
        missing=service.missing_years(found, shown, clock.now().date()),
        form=form,
        **_days(shown),
    )


def _week(version: CalendarVersion) -> list[tuple[str, str]]:
    return [(say(name), ", ".join(hours) or _("closed")) for name, hours in zip(DAY_NAMES, version.week, strict=True)]


def _days(version: CalendarVersion) -> dict[str, Any]:
    """The dates of one year that differ from their weekday, and the years to choose from."""
    dates = [date.fromisoformat(text) for text in sorted(version.days)]
    years = sorted({on.year for on in dates} | set(version.years), reverse=True)
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else _usual(years)
    rows = [(on, version.name_of(on), ", ".join(version.days[on.isoformat()]["hours"])) for on in dates]
    options = [("" if each == _usual(years) else str(each), str(each)) for each in years]
    chips = [chip(_("Year"), "year", sorted(options, key=lambda option: option[0]))] if len(years) > 1 else []
    return {"year": year, "days": [row for row in rows if row[0].year == year], "chips": chips}


def _usual(years: list[int]) -> int | None:
    """This year, else the latest."""
    this = clock.now().year
    return this if this in years else next(iter(years), None)


@door.verb("/calendars/<uid>/begin", access=P.POLICY_EDIT, endpoint="begin_calendar_draft")
def begin(uid: str):
    """Begin the next version with the hours and days of the one in force."""
    calendar_id, form = _load(uid)[0].id, PortalForm()

    def act(session):
        service.draft(session, session.get_one(WorkCalendar, calendar_id), g.person)
        return url_for("office.calendar_draft", uid=uid)

    return submit(form, act, lambda status: _page(uid, form, status))


def _draft(uid: str) -> tuple[WorkCalendar, CalendarVersion, CalendarVersion | None]:
    """The calendar, its draft, and the version in force. Raises NotYours where there is no draft."""
    found, versions = _load(uid)
    if versions[0].state is not VersionState.DRAFT:
        raise NotYours()
    return found, versions[0], _in_force(versions)


@door.form("/calendars/<uid>/draft", access=P.POLICY_EDIT, endpoint="calendar_draft")
def draft(uid: str):
    """The draft: its week, its days, what would change, and the way into force."""
    form, version = WeekForm(), _draft(uid)[1]
    if not form.is_submitted():
        return _draft_page(uid)
    version_id = version.id

    def act(session):
        record = session.get_one(CalendarVersion, version_id)
        service.edit(session, record, g.person, form.version, **form.facts())
        return url_for("office.calendar_draft", uid=uid)

    return submit(form, act, lambda status: _draft_page(uid, status, form), done=_("The draft is saved."))


def _draft_page(
    uid: str,
    status: int = 200,
    form: WeekForm | None = None,
    year_form: YearForm | None = None,
    verdict: PortalForm | None = None,
) -> Any:
    found, version, old = _draft(uid)
    missing = service.missing_years(found, version, clock.now().date())
    return render(
        "office/calendar_draft.html",
        None,
        status,
        calendar=found,
        version=version,
        old=old,
        form=form or _filled(version),
        stale=conflict(form, version, "draft"),
        year_form=year_form or YearForm(formdata=None, version=version.draft_version, year=next(iter(missing), None)),
        verdict=verdict,
        missing=missing,
        changes=_changes(old, version) if old else [],
        own=version.drafted_by_id == g.person.id,
        **_days(version),
    )


def _filled(version: CalendarVersion) -> WeekForm:
    form = WeekForm(formdata=None)
    form.base_version.data = str(version.draft_version)
    form.fill(version)
    return form


def _changes(old: CalendarVersion, new: CalendarVersion) -> list[tuple[str, str | None, str | None]]:
    """What the draft says otherwise than the version in force: what, before, now."""
    lines = [(_("Time zone"), city(old.zone), city(new.zone))]
    lines += [(name, before, now) for (name, before), (_same, now) in zip(_week(old), _week(new), strict=True)]
    lines += [(day(on), _said(old, on), _said(new, on)) for on in sorted({*old.days, *new.days})]
    return [line for line in lines if line[1] != line[2]]


def _said(version: CalendarVersion, on: str) -> str:
    """What a version says of a date."""
    if on not in version.days:
        return _("like its weekday")
    name = version.name_of(date.fromisoformat(on))
    hours = ", ".join(version.days[on]["hours"]) or _("closed")
    return f"{hours} · {say(name)}" if name else hours


@door.form("/calendars/<uid>/draft/day", access=P.POLICY_EDIT, endpoint="calendar_day")
def one_day(uid: str):
    """Make one date differ from its weekday."""
    found, version, _old = _draft(uid)
    form, on = DayForm(), _date(request.args.get("on", ""))
    if not form.is_submitted():
        form.base_version.data = str(version.draft_version)
        entry = version.days.get(on.isoformat(), {}) if on else {}
        form.on.data, form.hours.data = on, ", ".join(entry.get("hours", ()))
        form.zh.data, form.en.data = entry.get("zh", ""), entry.get("en", "")
        return _day_page(found, version, form)
    version_id = version.id

    def act(session):
        record = session.get_one(CalendarVersion, version_id)
        name = Text2(form.zh.data, form.en.data) if form.zh.data or form.en.data else None
        texts = {"zh": name.zh, "en": name.en} if name else {}
        service.set_day(session, record, g.person, form.version, form.on.data, windows(form.hours.data), **texts)
        return url_for("office.calendar_draft", uid=uid, year=form.on.data.year)

    def again(status: int) -> Any:
        _found, standing, _before = _draft(uid)
        if form.stale:
            form.base_version.data = str(standing.draft_version)
        return _day_page(found, standing, form, status)

    return submit(form, act, again, done=_("The day is saved in the draft."))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_page(found: WorkCalendar, version: CalendarVersion, form: DayForm, status: int = 200) -> Any:
    known = form.on.data is not None and form.on.data.isoformat() in version.days
    return render("office/calendar_day.html", "day", status, calendar=found, version=version, form=form, known=known)


@door.verb("/calendars/<uid>/draft/day/<on>/drop", access=P.POLICY_EDIT, endpoint="drop_calendar_day")
def drop_day(uid: str, on: str):
    """Let a date be like its weekday again."""
    version, form, which = _draft(uid)[1], PortalForm(), _date(on)
    if which is None:
        raise NotYours()
    version_id = version.id

    def act(session):
        service.set_day(session, session.get_one(CalendarVersion, version_id), g.person, form.version, which, None)
        return url_for("office.calendar_draft", uid=uid, year=which.year)

    return submit(
        form, act, lambda status: _draft_page(uid, status, verdict=form), done=_("The day is like its weekday.")
    )


@door.verb("/calendars/<uid>/draft/year", access=P.POLICY_EDIT, endpoint="add_calendar_year")
def add_year(uid: str):
    """Enter the public holidays and make-up days of a year."""
    version_id, form = _draft(uid)[1].id, YearForm()

    def act(session):
        service.add_year(session, session.get_one(CalendarVersion, version_id), g.person, form.version, form.year.data)
        return url_for("office.calendar_draft", uid=uid, year=form.year.data)

    again = lambda status: _draft_page(uid, status, year_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The public holidays are entered in the draft."))


@door.verb("/calendars/<uid>/draft/approve", access=P.POLICY_APPROVE, endpoint="approve_calendar")
def approve(uid: str):
    """Put the draft into force for clocks that start from now on."""
    version_id, form = _draft(uid)[1].id, PortalForm()

    def act(session):
        service.approve(session, session.get_one(CalendarVersion, version_id), g.person)
        return url_for("office.calendar", uid=uid)

    again = lambda status: _draft_page(uid, status, verdict=form)  # noqa: E731
    return submit(form, act, again, done=_("The new version counts for clocks that start from now on."))


@door.verb("/calendars/<uid>/draft/discard", access=P.POLICY_EDIT, endpoint="discard_calendar")
def discard(uid: str):
    """Give the draft up."""
    version_id, form = _draft(uid)[1].id, PortalForm()

    def act(session):
        service.discard(session, session.get_one(CalendarVersion, version_id), g.person)
        return url_for("office.calendar", uid=uid)

    again = lambda status: _draft_page(uid, status, verdict=form)  # noqa: E731
    return submit(form, act, again, done=_("The draft is discarded."))
