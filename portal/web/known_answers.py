"""What the doors share of known answers: somebody says that one solved the problem."""

from typing import Any

from flask import flash, g
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.core.db import db
from portal.domain.answers import queries, service
from portal.domain.answers.models import KnownAnswer
from portal.domain.devices.models import Device
from portal.web.answers import go
from portal.web.forms import PortalForm, submit


class SolvedForm(PortalForm):
    """Which answer helped, by its uid."""

    answer = StringField(validators=[DataRequired(), Length(max=36)])


def solved_by_answer(device: Device, back: str) -> Any:
    """Count the answer that the form names, and lead to `back`, the device's page. Raises NotYours."""
    form = SolvedForm()
    if not form.validate():
        return _again(back)
    record_id, device_id = queries.to_read(db.session, g.person, form.answer.data).id, device.id

    def act(session):
        record = session.get_one(KnownAnswer, record_id)
        service.help_with(session, record, g.person, session.get_one(Device, device_id))
        return back

    return submit(form, act, lambda _status: _again(back), done=_("Good to hear. Nothing was filed."))


def _again(back: str) -> Any:
    """It is not offered any more: the device's page says so."""
    flash(_("This answer is not offered any more. Nothing was filed."), "warn")
    return go(back)
