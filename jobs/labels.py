"""Labels for devices, as a PDF: each label in its place, with the code that leads to its device."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobs import JobContext, job
from jobs.lease import Lease
from portal.core import clock, codes
from portal.core.db import db
from portal.core.documents import Qr, RenderFailed, RenderResult, qr, render_pdf
from portal.core.files import discard, keep, limits_in_force
from portal.domain.devices.models import Device
from portal.domain.labels import queries, service
from portal.domain.labels.lifecycle import PRINT
from portal.domain.labels.models import LabelFormat, LabelSheet, SheetState
from portal.web.languages import LANGUAGES, as_reader, say

SMALLEST_CODE, LARGEST_CODE, EDGE = 160, 300, 25
"""Of a printed code and of the free edge of a label, in tenths of a millimetre: below that telephones read badly."""


@dataclass(frozen=True)
class Place:
    """Where a label begins, in tenths of a millimetre from the corner of its page."""

    left: int
    top: int


@dataclass(frozen=True)
class Label:
    """A label and the number of its place on the page, from 0."""

    place: int
    code: Qr
    spelled: str
    device: Device


def give_up(session: Session, row: Lease, error: str) -> None:
    """After the last try: whoever asked sees why."""
    service.fail(session, session.get_one(LabelSheet, row.payload["sheet_id"]), error)


@job(PRINT, timeout=240, tries=3, backoff=(5, 60), when_dead=give_up)
def print_labels(ctx: JobContext) -> None:
    """Make the PDF of one sheet. A second run for the same one makes nothing."""
    sheet = db.session.get_one(LabelSheet, ctx.payload["sheet_id"])
    if sheet.state is not SheetState.ASKED:
        return
    name = f"labels-{sheet.requested_at:%Y-%m-%d}-{sheet.id}.pdf"
    html = page_of(sheet)
    db.session.rollback()  # rendering takes seconds, and no transaction stays open for them
    try:
        made = render_pdf(html, at=clock.now())
    except RenderFailed as failure:
        with ctx.finishing() as session:
            give_up(session, ctx.row, str(failure))
        return
    _keep(ctx, made, name)


def _keep(ctx: JobContext, made: RenderResult, name: str) -> None:
    room = current_app.extensions["room"]
    incoming = keep(made.pdf, name, "application/pdf", limits=limits_in_force(db.session()), room=room)
    try:
        with ctx.finishing() as session:
            service.finish(session, session.get_one(LabelSheet, ctx.payload["sheet_id"]), incoming, made.pages)
    finally:
        discard(incoming, room)


def page_of(sheet: LabelSheet) -> str:
    """All pages of a sheet as HTML, in its language."""
    form, devices = sheet.format, queries.devices_of(db.session(), sheet)
    zone = devices[0].company.zone if devices else "UTC"
    with as_reader(sheet.language, zone):
        return current_app.jinja_env.get_template("documents/labels.html").render(
            language=LANGUAGES[sheet.language],
            title=_("Labels"),
            company=say(devices[0].company.name) if devices else "",
            format=form,
            code_size=max(min(form.label_height - 2 * EDGE, LARGEST_CODE, form.label_width // 2), SMALLEST_CODE),
            edge=EDGE,
            places=[_place(form, n) for n in range(form.per_page)],
            pages=_pages(form, devices, sheet.skipped),
        )


def _pages(form: LabelFormat, devices: list[Device], skipped: int) -> list[list[Label]]:
    """Row by row, page by page, after the places that were used before."""
    pages: list[list[Label]] = []
    for n, device in enumerate(devices, skipped):
        page, place = divmod(n, form.per_page)
        if page == len(pages):
            pages.append([])
        pages[page].append(Label(place, qr(link_of(device)), codes.spell(device.label_code), device))
    return pages


def _place(form: LabelFormat, n: int) -> Place:
    row, column = divmod(n, form.across)
    return Place(
        form.left + column * (form.label_width + form.gap_across),
        form.top + row * (form.label_height + form.gap_down),
    )


def link_of(device: Device) -> str:
    """The address that the label leads to."""
    return f"{current_app.extensions['settings'].public_url}/d/{device.label_code}"
