"""Certificates that are about to end, told of in time for a course."""

from datetime import timedelta

from jobs import JobContext, job
from portal.core import clock, figures
from portal.core.db import db
from portal.domain.qualifications import notices, queries
from portal.domain.qualifications.models import Certificate


@job("certificates.look_ahead")
def look_ahead(ctx: JobContext) -> None:
    """Tell of each certificate once, so many days before it ends; of one that was renewed, not at all."""
    today = clock.now().date()
    until = today + timedelta(days=figures.integer(db.session(), "certificate_warning_days"))
    ids = [each.id for each in queries.ending(db.session(), until) if each.valid_until >= today]
    db.session.rollback()
    for certificate_id in ids:
        with ctx.saving() as session:
            notices.certificate_ends(session, session.get_one(Certificate, certificate_id))
