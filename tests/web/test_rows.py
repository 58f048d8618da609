"""Repeated rows in a form."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import DataRequired

from portal.web.forms import PortalForm
from portal.web.rows import MOST, SPARE, RowForm, RowsField


class Part(RowForm):
    name = StringField("Name", validators=[DataRequired()])
    lot = StringField("Lot")


class Parts(PortalForm):
    parts = RowsField(Part, "Parts")


@pytest.fixture
def parts(app):
    """`parts(data)` or `parts(sent=…)`: the field of a fresh or a sent form."""

    def make(data=(), sent=None):
        with app.test_request_context(method="POST" if sent is not None else "GET"):
            form = Parts(formdata=MultiDict(sent) if sent is not None else None, parts=list(data))
            return form.parts, form.validate() if sent is not None else None

    return make


@pytest.mark.parametrize("known", [0, 1, 4])
def test_there_are_always_spare_rows_after_what_is_known(parts, known):
    field, _ = parts([{"name": f"n{i}", "lot": ""} for i in range(known)])
    assert len(field.entries) == known + SPARE and len(field.data) == known


def test_there_are_never_more_than_the_most(parts):
    assert len(parts([{"name": "n", "lot": ""}] * (MOST - 1))[0].entries) == MOST
    assert len(parts(sent={f"parts-{i}-name": "n" for i in range(MOST + 20)})[0].entries) == MOST


def test_empty_rows_do_not_count_wherever_they_stand(parts):
    field, valid = parts(sent={"parts-0-name": " ", "parts-0-lot": "", "parts-1-name": "n", "parts-1-lot": "7"})
    assert valid and field.data == [{"name": "n", "lot": "7"}]


def test_a_row_that_was_begun_must_be_whole(parts):
    field, valid = parts(sent={"parts-0-lot": "7"})
    assert not valid and len(field.errors) == 1 and field.entries[0].form.name.errors


@pytest.mark.parametrize("name", ["parts-²-name", "parts-1000-name", "parts--name", "parts-x-name"])
def test_what_is_no_row_is_passed_over(parts, name):
    field, valid = parts(sent={name: "n"})
    assert valid and field.data == []
