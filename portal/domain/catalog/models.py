"""Products."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, enum_type, new_uid
from portal.core.errors import Message


class RiskClass(StrEnum):
    """Class of the device by risk (管理类别)."""

    I = "I"  # noqa: E741
    II = "II"
    III = "III"

    @property
    def label(self) -> Message:
        return Message("Class %(risk_class)s", risk_class=self.value)


class ProductFamily(Base, Audited):
    """What kind of device a model is (呼吸机, 注射泵): fault codes are kept for a family or for all of them."""

    __tablename__ = "product_family"
    versioned = {"details": ("name",)}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[Text2]
    sort_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    details_version: Mapped[int] = mapped_column(default=1)


class Product(Base, Audited):
    """A model of a device. Fields of the block DEV that belong to the model, not to the unit.

    Goods `by_lot` (reagents, disposables) carry no serial number: they are told apart by lot and expiry, and counted
    in `unit` (盒, 支), which they alone have (INT-14).
    """

    __tablename__ = "product"
    versioned = {
        "details": (
            *("name", "model", "family", "brand", "registrant", "registration_number", "risk_class", "udi_di"),
            *("by_lot", "unit"),
        )
    }
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    name: Mapped[Text2]
    sort_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    model: Mapped[str] = mapped_column(sa.String(80))
    family_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product_family.id"), index=True)
    brand: Mapped[str] = mapped_column(sa.String(80), default="")
    registrant: Mapped[str] = mapped_column(default="")
    registration_number: Mapped[str] = mapped_column(sa.String(80), default="")
    risk_class: Mapped[RiskClass] = mapped_column(enum_type(RiskClass, "risk_class"))
    udi_di: Mapped[str] = mapped_column(sa.String(40), default="", index=True)
    implantable: Mapped[bool] = mapped_column(default=False)
    life_support: Mapped[bool] = mapped_column(default=False)
    large_equipment: Mapped[bool] = mapped_column(default=False)
    compulsory_verification: Mapped[bool] = mapped_column(default=False)
    service_life_months: Mapped[int | None]
    by_lot: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Text2 | None]
    details_version: Mapped[int] = mapped_column(default=1)

    family: Mapped[ProductFamily | None] = relationship()
