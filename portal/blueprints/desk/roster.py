"""The duty roster of a centre, a week at a time: who answers at every hour, and the hours of nobody (DSP-6)."""

from datetime import datetime, timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door
from portal.blueprints.desk.roster_forms import NewShiftForm, ShiftForm, wall
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.core.weeks import Span, Week, gaps
from portal.domain.absences.models import Absence
from portal.domain.absences.queries import away
from portal.domain.absences.words import AWAY_OR_ASKED
from portal.domain.accounts.models import Account
from portal.domain.duty import queries, roster
from portal.domain.duty.lifecycle import CHANGE, SHIFT_LIFECYCLE
from portal.domain.duty.models import DutyShift
from portal.domain.organisations.models import Centre
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.day_tabs import day_tabs
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import chip
from portal.web.stale import conflict
from portal.web.weeks import asked_week, stretch, week_pager

A_DAY = timedelta(days=1)


@door.page("/roster", access=P.ROSTER_SEE, endpoint="roster")
def week():
    """One week of one centre: shifts and gaps in the order of time, and who is on duty now."""
    return _page(_centre(request.args.get("centre")))


def _centre(uid: str | None) -> Centre:
    """The centre that is asked for, if the person may see its roster, else their first one. Raises NotYours."""
    if uid:
        return find(db.session, Centre, g.person, P.ROSTER_SEE, uid=uid)
    found = queries.centres(db.session, g.person)
    if not found:
        raise NotYours()
    return found[0]


def _page(centre: Centre, form: PortalForm | None = None, status: int = 200, asked: Week | None = None) -> Any:
    shown, now = asked or asked_week(centre.zone), clock.now()
    shifts = queries.shifts(db.session, centre.id, shown.span(centre.zone))
    on_duty = queries.on_duty(db.session, centre.id, now)
    may_edit = g.person.can(P.ROSTER_EDIT, centre)
    return render(
        "desk/roster.html",
        None,
        status,
        tabs=day_tabs(),
        centre=centre,
        week=shown,
        pager=week_pager(shown, centre.zone),
        chips=_chips(),
        rows=_rows(centre, shown, shifts, may_edit=may_edit),
        gaps=[stretch(gap, centre.zone) for gap in _to_fill(centre, shown, shifts)],
        on_duty=on_duty,
        until=stretch(on_duty.span, centre.zone) if on_duty else "",
        may_edit=may_edit,
        may_copy=may_edit and shown.span(centre.zone).end > now,
        form=form,
    )


def _chips() -> list[dict[str, Any]]:
    found = queries.centres(db.session, g.person)
    options = [("" if n == 0 else each.uid, say(each.name)) for n, each in enumerate(found)]
    return [chip(_("Service centre"), "centre", options)] if len(found) > 1 else []


def _to_fill(centre: Centre, shown: Week, shifts: list[DutyShift]) -> list[Span]:
    """The hours of the week, from now on, in which nobody is on duty."""
    whole = shown.span(centre.zone)
    start = max(whole.start, clock.now().replace(second=0, microsecond=0))
    return gaps([shift.span for shift in shifts], Span(start, whole.end)) if start < whole.end else []


def _rows(centre: Centre, shown: Week, shifts: list[DutyShift], *, may_edit: bool) -> list[dict[str, Any]]:
    """Shifts and gaps in the order of time."""
    helpers = queries.named(db.session, {n for shift in shifts for n in shift.helper_ids})
    absences = away(db.session, {s.person_id for s in shifts}, shown.days[0], shown.days[-1] + A_DAY, AWAY_OR_ASKED)
    rows = [_row(shift, helpers) | {"absence": _absence(shift, absences)} for shift in shifts]
    for gap in _to_fill(centre, shown, shifts):
        href = _new_address(centre, gap) if may_edit else ""
        rows.append({"span": gap, "shift": None, "href": href})
    for row in rows:
        row["when"] = stretch(row["span"], centre.zone)
    return sorted(rows, key=lambda row: row["span"])


def _absence(shift: DutyShift, absences: dict[int, list[Absence]]) -> Absence | None:
    """The absence of who is on duty that meets the shift: approved, or asked for."""
    first, last = (wall(shift.person.zone, at).date() for at in shift.span)
    return next((a for a in absences.get(shift.person_id, ()) if a.first_on <= last and a.last_on >= first), None)


def _new_address(centre: Centre, gap: Span) -> str:
    start, end = (wall(centre.zone, at).isoformat(timespec="minutes") for at in gap)
    return url_for("desk.new_shift", uid=centre.uid, start=start, end=end)


def _row(shift: DutyShift, helpers: dict[int, Account]) -> dict[str, Any]:
    return {
        "span": shift.span,
        "shift": shift,
        "href": url_for("desk.shift", uid=shift.uid),
        "now": shift.starts_at <= clock.now() < shift.ends_at,
        "helpers": ", ".join(helpers[n].name for n in shift.helper_ids if n in helpers),
    }


@door.form("/roster/<uid>/new", access=P.ROSTER_EDIT, endpoint="new_shift")
def new(uid: str):
    """Put somebody on duty, on one day or on several."""
    centre = find(db.session, Centre, g.person, P.ROSTER_EDIT, uid=uid)
    form = NewShiftForm().offer(queries.people_for(db.session, centre))
    if not form.is_submitted():
        form.starts_at.data, form.ends_at.data = (_typed(request.args.get(name, "")) for name in ("start", "end"))
    start = form.starts_at.data
    shown = Week.of(start.date()) if start else asked_week(centre.zone)
    form.offer_days(shown)
    if not form.is_submitted():
        return _new_page(centre, shown, form)
    centre_id = centre.id

    def act(session):
        here = session.get_one(Centre, centre_id)
        for span in form.spans(here):
            roster.plan(session, here, g.person, span, form.crew())
        return _address(uid, shown)

    again = lambda status: _new_page(find(db.session, Centre, g.person, P.ROSTER_EDIT, uid=uid), shown, form, status)  # noqa: E731
    return submit(form, act, again, done=_("The shift is planned."))


def _typed(text: str) -> datetime | None:
    """A time of the wall clock from the address; None where there is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _address(centre_uid: str, shown: Week) -> str:
    return url_for("desk.roster", centre=centre_uid, week=str(shown))


def _new_page(centre: Centre, shown: Week, form: NewShiftForm, status: int = 200) -> Any:
    back = _address(centre.uid, shown)
    return render("desk/shift_new.html", "shift", status, centre=centre, form=form, back=back)


def _load(uid: str, permission: P = P.ROSTER_SEE) -> DutyShift:
    return find(db.session, DutyShift, g.person, permission, uid=uid)


@door.form("/shifts/<uid>", access=P.ROSTER_SEE, endpoint="shift")
def one(uid: str):
    """One shift: who answers. Those who plan the roster change it here."""
    shift = _load(uid)
    form = ShiftForm().offer(queries.people_for(db.session, shift.centre))
    if not form.is_submitted():
        return _shift_page(shift, form.fill(shift))
    g.person.require(P.ROSTER_EDIT, shift)
    shift_id = shift.id

    def act(session):
        record = session.get_one(DutyShift, shift_id)
        roster.change(session, record, g.person, form.version, form.span(record.centre), form.crew())
        return _back(record)

    return submit(form, act, lambda status: _shift_page(_load(uid), form, status), done=_("The shift is changed."))


def _back(shift: DutyShift) -> str:
    return _address(shift.centre.uid, Week.of(wall(shift.centre.zone, shift.starts_at).date()))


def _shift_page(shift: DutyShift, form: ShiftForm, status: int = 200, verdict: PortalForm | None = None) -> Any:
    helpers = queries.named(db.session, shift.helper_ids)
    return render(
        "desk/shift.html",
        "shift",
        status,
        shift=shift,
        when=stretch(shift.span, shift.centre.zone),
        helpers=", ".join(helpers[n].name for n in shift.helper_ids if n in helpers),
        verbs=_verbs(shift),
        form=form,
        verdict=verdict,
        stale=_stale(form, shift),
        back=_back(shift),
    )


def _verbs(shift: DutyShift) -> set[str]:
    """What the person may do to it now: what is over is a fact, what has begun is not taken away."""
    now = clock.now()
    found = {verb.name for verb in SHIFT_LIFECYCLE.possible(shift, g.person)} if shift.ends_at > now else set()
    return found - ({"cancel"} if shift.starts_at <= now else set())


def _stale(form: ShiftForm, shift: DutyShift) -> dict[str, Any] | None:
    """What stands now beside what was typed, with the people by their names."""
    typed = form.people.get(form.person.data or "")
    found = conflict(form, shift, "shift", CHANGE.name)
    if found is not None:
        found["rows"].append((say(form.person.label.text), shift.person.name, typed.name if typed else "—"))
    return found


@door.verb("/shifts/<uid>/cancel", access=P.ROSTER_EDIT, endpoint="cancel_shift")
def cancel(uid: str):
    """Take a shift away that has not begun."""
    shift_id, form = _load(uid, P.ROSTER_EDIT).id, PortalForm()

    def act(session):
        record = session.get_one(DutyShift, shift_id)
        roster.cancel(session, record, g.person)
        return _back(record)

    def again(status: int) -> Any:
        shift = _load(uid)
        kept = ShiftForm(formdata=None).offer(queries.people_for(db.session, shift.centre)).fill(shift)
        return _shift_page(shift, kept, status, form)

    return submit(form, act, again, done=_("The shift is taken away."))


@door.verb("/roster/<uid>/copy", access=P.ROSTER_EDIT, endpoint="copy_roster")
def copy(uid: str):
    """Plan the week as the one before it."""
    centre = find(db.session, Centre, g.person, P.ROSTER_EDIT, uid=uid)
    centre_id, form = centre.id, PortalForm()
    shown = Week.read(request.form.get("week", ""), clock.now().date())

    def act(session):
        roster.copy_last_week(session, session.get_one(Centre, centre_id), g.person, shown)
        return _address(uid, shown)

    again = lambda status: _page(find(db.session, Centre, g.person, P.ROSTER_SEE, uid=uid), form, status, shown)  # noqa: E731
    return submit(form, act, again, done=_("The week before is copied."))
