"""What to take along to a model: tools, test equipment and parts, on the product's page (DSP-3)."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.blueprints.office import door
from portal.core.db import Text2, db
from portal.core.permissions import find
from portal.domain.catalog.models import Product
from portal.domain.kits import service
from portal.domain.kits.models import KitItem, KitKind
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit


class KitForm(PortalForm):
    """One thing to take along, by a name in either language."""

    kind = SelectField(_l("Kind"), choices=choices(KitKind), validators=[InputRequired()])
    name_zh = StringField(_l("Name in Chinese"), validators=[Length(max=120)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=120)])

    def validate_name_en(self, field: StringField) -> None:
        if not (field.data or "").strip() and not (self.name_zh.data or "").strip():
            raise ValidationError(_("Give a name in one language at least."))


def _load(uid: str) -> Product:
    return find(db.session, Product, g.person, P.PRODUCT_EDIT, uid=uid)


@door.form("/products/<uid>/kit", access=P.PRODUCT_EDIT, endpoint="kit")
def kit(uid: str):
    """The list of a model, and something more for it."""
    product_id, form = _load(uid).id, KitForm()
    if not form.is_submitted():
        return _page(uid, form)

    def act(session):
        name = Text2((form.name_zh.data or "").strip(), (form.name_en.data or "").strip())
        service.add(session, session.get_one(Product, product_id), g.person, KitKind(form.kind.data), name)
        return url_for("office.kit", uid=uid)

    return submit(form, act, lambda status: _page(uid, form, status), done=_("It is on the list."))


def _page(uid: str, form: PortalForm, status: int = 200):
    product = _load(uid)
    shown = form if isinstance(form, KitForm) else KitForm(formdata=None)
    items = service.kit_of(db.session(), product.id)
    return render("office/kit.html", None, status, product=product, items=items, form=shown, refusal=form.refusal)


@door.verb("/products/<uid>/kit/<item_uid>/drop", access=P.PRODUCT_EDIT, endpoint="drop_kit_item")
def drop(uid: str, item_uid: str):
    """Take something off the list."""
    item = find(db.session, KitItem, g.person, P.PRODUCT_EDIT, uid=item_uid, product_id=_load(uid).id)
    item_id, form = item.id, PortalForm()

    def act(session):
        service.drop(session, session.get_one(KitItem, item_id), g.person)
        return url_for("office.kit", uid=uid)

    return submit(form, act, lambda status: _page(uid, form, status), done=_("It is off the list."))
