"""Companies, centres and organisations."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.permissions import Scope


class Company(Base, Audited):
    """One of the operator's own companies. `code` begins its numbers; `zone` decides their year."""

    __tablename__ = "company"
    versioned = {"details": ("name", "address", "phone", "licence_number")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name: Mapped[Text2]
    address: Mapped[Text2]
    phone: Mapped[str] = mapped_column(sa.String(40))
    licence_number: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Shanghai")
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    legal_roles: Mapped[list] = mapped_column(default=list)
    details_version: Mapped[int] = mapped_column(default=1)


class Centre(Base, Audited):
    """A service centre, ours or a dealer's: who serves which devices, from where."""

    __tablename__ = "centre"
    scope_columns = {Scope.DEALER: "dealer_id", Scope.CENTRE: "id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[Text2]
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    zone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Shanghai")

    company: Mapped[Company] = relationship()


class OrganisationKind(StrEnum):
    HOSPITAL = "hospital"
    DEALER = "dealer"
    SUPPLIER = "supplier"

    @property
    def label(self) -> Message:
        return KIND_LABELS[self]


KIND_LABELS = {
    OrganisationKind.HOSPITAL: Message("Hospital"),
    OrganisationKind.DEALER: Message("Dealer"),
    OrganisationKind.SUPPLIER: Message("Supplier"),
}


class Locality(StrEnum):
    """How far a site lies from the centre that serves it (本埠/外埠, 市区/郊区)."""

    URBAN = "urban"
    SUBURBAN = "suburban"
    REMOTE = "remote"

    @property
    def label(self) -> Message:
        return LOCALITY_LABELS[self]


LOCALITY_LABELS = {
    Locality.URBAN: Message("Local, urban"),
    Locality.SUBURBAN: Message("Local, suburban"),
    Locality.REMOTE: Message("Out of town"),
}


class InvoiceKind(StrEnum):
    """Which VAT invoice the customer wants (专票/普票)."""

    GENERAL = "general"
    SPECIAL = "special"

    @property
    def label(self) -> Message:
        return INVOICE_LABELS[self]


INVOICE_LABELS = {
    InvoiceKind.GENERAL: Message("General VAT invoice"),
    InvoiceKind.SPECIAL: Message("Special VAT invoice"),
}


class Organisation(Base, Audited):
    """A hospital, dealer or supplier. Root of its sites, departments and contacts.

    The invoice data are what its invoices say of it (抬头、税号、地址电话、开户行及账号).
    """

    __tablename__ = "organisation"
    versioned = {
        "details": ("name", "nicknames", "licence_number", "address", "phone", "province", "tier"),
        "invoicing": ("invoice_kind", "invoice_title", "tax_number", "invoice_address", "invoice_bank"),
    }
    scope_columns = {Scope.ORGANISATION: "id", Scope.DEALER: "dealer_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(enum_type(OrganisationKind, "kind"), index=True)
    name: Mapped[Text2]
    sort_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    nicknames: Mapped[str] = mapped_column(default="")
    licence_number: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    province: Mapped[str] = mapped_column(sa.String(40), default="")
    tier: Mapped[str] = mapped_column(sa.String(20), default="")
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    details_version: Mapped[int] = mapped_column(default=1)
    invoice_kind: Mapped[InvoiceKind] = mapped_column(
        enum_type(InvoiceKind, "invoice_kind"), default=InvoiceKind.GENERAL
    )
    invoice_title: Mapped[str] = mapped_column(sa.String(200), default="")
    tax_number: Mapped[str] = mapped_column(sa.String(30), default="")
    invoice_address: Mapped[str] = mapped_column(sa.String(200), default="")
    invoice_bank: Mapped[str] = mapped_column(sa.String(200), default="")
    invoicing_version: Mapped[int] = mapped_column(default=0)

    dealer: Mapped["Organisation | None"] = relationship(remote_side=id)
    sites: Mapped[list["Site"]] = relationship(order_by="Site.id", back_populates="organisation")
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.id", back_populates="organisation")


class Site(Base):
    """A campus (院区) or branch of an organisation."""

    __tablename__ = "site"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[Text2]
    address: Mapped[str] = mapped_column(default="")
    locality: Mapped[Locality] = mapped_column(enum_type(Locality, "locality"), default=Locality.URBAN)

    organisation: Mapped[Organisation] = relationship(back_populates="sites")
    departments: Mapped[list["Department"]] = relationship(order_by="Department.id", back_populates="site")


class Department(Base):
    """A ward or department (科室) at a site."""

    __tablename__ = "department"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    name: Mapped[Text2]
    phone: Mapped[str] = mapped_column(sa.String(40), default="")

    site: Mapped[Site] = relationship(back_populates="departments")


class ContactFunction(StrEnum):
    EQUIPMENT = "equipment"
    WARD = "ward"
    FINANCE = "finance"
    MANAGEMENT = "management"

    @property
    def label(self) -> Message:
        return FUNCTION_LABELS[self]


FUNCTION_LABELS = {
    ContactFunction.EQUIPMENT: Message("Equipment department"),
    ContactFunction.WARD: Message("Ward"),
    ContactFunction.FINANCE: Message("Finance department"),
    ContactFunction.MANAGEMENT: Message("Hospital management"),
}


class Contact(Base):
    """A person at an organisation, with the right to consent or sign and a money limit.

    `consent_limit` is in minor units of the company's currency; None means no right to consent to a price.
    """

    __tablename__ = "contact"
    versioned = {
        "details": ("name", "function", "department_id", "phone", "email", "may_sign", "consent_limit"),
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(info={"personal": True})
    function: Mapped[ContactFunction] = mapped_column(enum_type(ContactFunction, "function"))
    phone: Mapped[str] = mapped_column(sa.String(40), default="", info={"personal": True})
    email: Mapped[str] = mapped_column(sa.String(254), default="", info={"personal": True})
    may_sign: Mapped[bool] = mapped_column(default=False)
    consent_limit: Mapped[int | None]
    details_version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")
    department: Mapped[Department | None] = relationship()
