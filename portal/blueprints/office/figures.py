"""The operator's figures: what holds, and who says so."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.errors import Message
from portal.core.figures import Declared
from portal.domain.permissions import P
from portal.domain.policies import words
from portal.domain.policies.service import NOT_SET, InForce, in_force, one, set_figure
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import compare

LARGEST = 1_000_000
SWITCH = "switch"


class FigureForm(PortalForm):
    """A figure with its source: a number without one cannot be judged."""

    value = IntegerField(_l("Value"), validators=[InputRequired(), NumberRange(1, LARGEST)])
    source = StringField(_l("Source"), validators=[DataRequired(), Length(max=500)])

    def bound(self, shipped: Declared) -> "FigureForm":
        """Take what makes sense for this figure."""
        most = 1 if shipped.unit == SWITCH else LARGEST
        self.value.validators = [InputRequired(), NumberRange(shipped.least, most)]
        return self


@door.page("/figures", access=P.FIGURE_SEE)
def figures():
    """All figures with value, unit and source."""
    return render("office/figures.html", figures=[_shown(figure) for figure in in_force(db.session)])


@door.form("/figures/<name>", access=P.FIGURE_EDIT)
def figure(name: str):
    """Set one figure."""
    standing = one(db.session, name)
    form = FigureForm().bound(standing.shipped)
    if not form.is_submitted():
        return _page(standing, _filled(standing), 200)

    def act(session):
        set_figure(session, g.person, name, form.version, form.value.data, form.source.data)
        return url_for("office.figures")

    again = lambda status: _page(one(db.session, name), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The figure is set."))


def _filled(standing: InForce) -> FigureForm:
    form = FigureForm(value=standing.value, source=_source(standing))
    form.base_version.data = str(standing.version)
    return form


def _page(standing: InForce, form: FigureForm, status: int) -> Any:
    stale = compare(form, standing.version) if form.stale else None
    return render("office/figure.html", "figure", status, figure=_shown(standing), form=form, stale=stale)


def _shown(standing: InForce) -> dict[str, Any]:
    shipped = standing.shipped
    return {
        "name": shipped.name,
        "label": say(words.label(shipped.name)),
        "value": standing.value,
        "unit": say(words.unit(shipped.unit)),
        "source": _source(standing),
        "shipped": shipped.value,
        "is_own": standing.version != NOT_SET,
    }


def _source(standing: InForce) -> str:
    """As people typed it; as shipped, it is a text of ours and is translated."""
    is_ours = standing.source == standing.shipped.source
    return say(Message(standing.source)) if is_ours else standing.source
