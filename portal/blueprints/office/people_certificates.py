"""Certificates of a person: recorded by the office, withdrawn with a reason."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.office import door
from portal.blueprints.office.people_parts import load
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.catalog.queries import all_products
from portal.domain.permissions import P
from portal.domain.qualifications import queries, service
from portal.domain.qualifications.models import Certificate
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say


class CertificateForm(PortalForm):
    """What stands on the certificate."""

    subject = SelectField(_l("For which model or class?"), choices=list, validators=[InputRequired()])
    certificate_number = StringField(_l("Certificate number"), validators=[DataRequired(), Length(max=80)])
    valid_from = DateField(_l("Holds from"), validators=[InputRequired()])
    valid_until = DateField(_l("Holds until"), validators=[InputRequired()])

    def offer(self, products: list[Product]) -> None:
        """Every class, then every model."""
        classes = [(each.value, say(each)) for each in RiskClass]
        models = [(each.uid, f"{each.model} · {say(each.name)}") for each in products]
        self.subject.choices = [("", _("Please choose")), *classes, *models]

    def validate_valid_until(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("This day lies before the first."))


class WithdrawForm(PortalForm):
    """Why a certificate no longer holds."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.form("/people/<uid>/certificates/new", access=P.CERTIFICATE_EDIT)
def new_certificate(uid: str):
    """Record a certificate."""
    record, form, products = load(uid), CertificateForm(), all_products(db.session)
    form.offer(products)
    if not form.is_submitted():
        return _page(record, form)
    account_id, product_ids = record.id, {each.uid: each.id for each in products}

    def act(session):
        chosen = form.subject.data
        known = product_ids.get(chosen)
        subject = session.get_one(Product, known) if known else RiskClass(chosen)
        service.record(session, session.get_one(Account, account_id), g.person, subject, **form.values("subject"))
        return url_for("office.account", uid=uid)

    return submit(form, act, lambda status: _page(load(uid), form, status), done=_("The certificate is recorded."))


def _page(record: Account, form: CertificateForm, status: int = 200):
    return render("office/people_certificate.html", "certificate", status, record=record, form=form)


@door.form("/people/<uid>/certificates/<certificate_uid>/withdraw", access=P.CERTIFICATE_EDIT)
def withdraw_certificate(uid: str, certificate_uid: str):
    """Withdraw a certificate from today on."""
    record, form = load(uid), WithdrawForm()
    certificate = _of(record, certificate_uid)
    if not form.is_submitted():
        return _withdraw_page(record, certificate, form)
    certificate_id = certificate.id

    def act(session):
        service.withdraw(session, session.get_one(Certificate, certificate_id), g.person, form.reason.data)
        return url_for("office.account", uid=uid)

    again = lambda status: _withdraw_page(load(uid), _of(load(uid), certificate_uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The certificate is withdrawn."))


def _of(record: Account, uid: str) -> Certificate:
    """This person's certificate. Raises NotYours."""
    for certificate in queries.of_person(db.session, record.id):
        if certificate.uid == uid:
            return certificate
    raise NotYours()


def _withdraw_page(record: Account, certificate: Certificate, form: WithdrawForm, status: int = 200):
    values = {"record": record, "certificate": certificate, "form": form}
    return render("office/people_withdraw.html", "withdraw", status, **values)
