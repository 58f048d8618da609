"""Reports of wards, and how each site of a hospital lets its wards report."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import codes
from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Company, Department, Organisation, Site
from portal.domain.permissions import Scope
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Harm
from portal.domain.wards.words import ReportState, Route

CODE_SIGNS = 6
"""The confirmation code: short enough to be read off a wall; trying it out is throttled."""
STATUS_SIGNS = 26
"""The reporter's own link: 130 random bits (ASVS 11.5.1)."""


def new_status_code() -> str:
    return codes.draw(STATUS_SIGNS)


class WardDesk(Base, Audited):
    """How the wards of one site report by the label: with which code, and to whom first.

    `code` is the hospital's own and hangs in its wards; it shows that a reporter stands there. It is kept out of the
    trail, which says when it was drawn.
    """

    __tablename__ = "ward_desk"
    versioned = {"settings": ("route",)}
    scope_columns = {Scope.SITE: "site_id", Scope.ORGANISATION: "organisation_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), unique=True)
    code: Mapped[str] = mapped_column(sa.String(CODE_SIGNS), info={"quiet": True})
    code_since: Mapped[Utc]
    route: Mapped[Route] = mapped_column(enum_type(Route, "route"), default=Route.HOSPITAL)
    settings_version: Mapped[int] = mapped_column(default=1)

    site: Mapped[Site] = relationship()


class WardReport(Base, Audited):
    """What somebody on a ward reported about a device, without an account. Times are UTC.

    `waits_since` is when the equipment department was last told that it waits. `status_code` leads the reporter to
    its page. `same_as` is the open request that the reporter took it to belong to; `request` the one it ended in.
    """

    __tablename__ = "ward_report"
    __table_args__ = (
        sa.Index("ix_ward_report_organisation_id_at", "organisation_id", "reported_at", "id"),
        sa.Index("ix_ward_report_device_id_state", "device_id", "state"),
        sa.Index("ix_ward_report_state_waits", "state", "waits_since"),
    )
    scope_columns = {Scope.SITE: "site_id", Scope.ORGANISATION: "organisation_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    status_code: Mapped[str] = mapped_column(
        sa.String(STATUS_SIGNS), default=new_status_code, unique=True, info={"quiet": True}
    )
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"))
    same_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_request.id"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[ReportState] = mapped_column(enum_type(ReportState, "state"))
    symptom: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    device_stopped: Mapped[bool] = mapped_column(default=False)
    harm: Mapped[Harm] = mapped_column(enum_type(Harm, "harm"))
    is_hazard: Mapped[bool]
    grounds: Mapped[str] = mapped_column(default="")
    reporter_name: Mapped[str] = mapped_column(info={"personal": True})
    extension: Mapped[str] = mapped_column(sa.String(40), info={"personal": True})
    answer: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[Utc]
    waits_since: Mapped[Utc]
    settled_at: Mapped[Utc | None]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site] = relationship()
    department: Mapped[Department | None] = relationship()
    device: Mapped[Device] = relationship()
    same_as: Mapped[ServiceRequest | None] = relationship(foreign_keys=same_as_id)
    request: Mapped[ServiceRequest | None] = relationship(foreign_keys=request_id)
    settled_by: Mapped[Account | None] = relationship()

    @property
    def is_dangerous(self) -> bool:
        """Whether somebody was harmed or could be: what must not wait for anybody."""
        return self.harm is not Harm.NO or self.is_hazard
