"""Service requests, messages, work orders, their logs and the parts that were replaced."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.checklists.models import TestSheet
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.faultcodes.models import FaultCode
from portal.domain.organisations.models import Centre, Company, Department, Organisation, Site
from portal.domain.permissions import Scope
from portal.domain.releases.models import ReleaseReason, ReleaseRule
from portal.domain.servicing.words import (
    Asked,
    Channel,
    Concern,
    Conclusion,
    ContactMode,
    Difficulty,
    Division,
    EarlyState,
    FaultClass,
    Harm,
    Kind,
    OrderState,
    Outlook,
    RequestState,
    Urgency,
    Verdict,
)


def as_quantity(thousandths: int) -> str:
    """A scaled quantity as people read it, without needless zeros."""
    return f"{(Decimal(thousandths) / 1000).normalize():f}"


class ServiceRequest(Base, Audited):
    """What a customer asked for (F01). Times are UTC; `reported_at` is when it reached us.

    Of goods by lot: `thousandths`, how many of the product's unit are affected, None where nobody said; `storage_told`,
    how they were kept (INT-14).
    """

    __tablename__ = "service_request"
    __table_args__ = (
        sa.Index("ix_service_request_organisation_id_at", "organisation_id", "reported_at", "id"),
        sa.Index("ix_service_request_site_id_at", "site_id", "reported_at", "id"),
        sa.Index("ix_service_request_dealer_id_at", "dealer_id", "reported_at", "id"),
        sa.Index("ix_service_request_technician_id_at", "technician_id", "reported_at", "id"),
        sa.Index("ix_service_request_reported_by_id_at", "reported_by_id", "reported_at", "id"),
        sa.Index("ix_service_request_device_id_at", "device_id", "reported_at", "id"),
        sa.Index("ix_service_request_state_at", "state", "reported_at", "id"),
        sa.Index("ix_service_request_at", "reported_at", "id"),
        sa.Index("ix_service_request_first_handler_id_at", "first_handler_id", "reported_at", "id"),
    )
    versioned = {"assessment": ("urgency", "next_step")}
    scope_columns = {
        Scope.OWN: "reported_by_id",
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    first_handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_type(Kind, "kind"), default=Kind.REPAIR)
    concern: Mapped[Concern] = mapped_column(enum_type(Concern, "concern"), default=Concern.PRODUCT)
    routed_to: Mapped[Division] = mapped_column(enum_type(Division, "routed_to"), default=Division.SERVICE)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"), default=Channel.PORTAL)
    state: Mapped[RequestState] = mapped_column(enum_type(RequestState, "state"))
    urgency: Mapped[Urgency] = mapped_column(enum_type(Urgency, "urgency"), default=Urgency.NORMAL)
    symptom: Mapped[str]
    cause_told: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    device_stopped: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(info={"personal": True})
    contact_phone: Mapped[str] = mapped_column(sa.String(40), info={"personal": True})
    preferred_time: Mapped[str] = mapped_column(default="")
    thousandths: Mapped[int | None]
    storage_told: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    assessment_version: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[Utc]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    site: Mapped[Site] = relationship()
    department: Mapped[Department | None] = relationship()
    device: Mapped[Device] = relationship()
    centre: Mapped[Centre] = relationship()
    technician: Mapped[Account | None] = relationship(foreign_keys=technician_id)
    reported_by: Mapped[Account | None] = relationship(foreign_keys=reported_by_id)
    first_handler: Mapped[Account | None] = relationship(foreign_keys=first_handler_id)
    messages: Mapped[list["RequestMessage"]] = relationship(order_by="RequestMessage.id", back_populates="request")
    orders: Mapped[list["WorkOrder"]] = relationship(order_by="WorkOrder.id", back_populates="request")
    screens: Mapped[list["SafetyScreen"]] = relationship(order_by="SafetyScreen.id", back_populates="request")
    merged_into: Mapped["ServiceRequest | None"] = relationship(remote_side=id)

    @property
    def quantity(self) -> str:
        """How many are affected, to a thousandth, without needless zeros; "" where nobody said."""
        return as_quantity(self.thousandths) if self.thousandths is not None else ""

    def asked(self, when: Asked) -> bool:
        """Whether the safety questions were answered then."""
        return any(screen.asked is when for screen in self.screens)


class SafetyScreen(Base):
    """The answers to the safety questions at one moment of a request; where they change, they are given anew."""

    __tablename__ = "safety_screen"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    asked: Mapped[Asked] = mapped_column(enum_type(Asked, "asked"))
    harm: Mapped[Harm] = mapped_column(enum_type(Harm, "harm"))
    is_event: Mapped[bool]
    is_complaint: Mapped[bool]
    is_hazard: Mapped[bool]
    grounds: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(info={"personal": True})
    at: Mapped[Utc]

    request: Mapped[ServiceRequest] = relationship(back_populates="screens")

    @property
    def opens_complaint(self) -> bool:
        """A yes to any of the questions is a complaint until quality has judged it."""
        return self.is_complaint or self.is_event or self.harm is not Harm.NO


class RequestRoute(Base, Audited):
    """Who looks into a request of one kind and concern (003-c 第7条, 第21–24条). None: any kind, any concern."""

    __tablename__ = "request_route"
    __table_args__ = (sa.UniqueConstraint("kind", "concern"),)
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    kind: Mapped[Kind | None] = mapped_column(enum_type(Kind, "kind"))
    concern: Mapped[Concern | None] = mapped_column(enum_type(Concern, "concern"))
    division: Mapped[Division] = mapped_column(enum_type(Division, "division"))


class LeavingItem(Base, Audited):
    """What is ticked before a technician leaves a site (003-c 第13条), in the order of `position`."""

    __tablename__ = "leaving_item"
    versioned = {"item": ("name", "position", "in_use")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    position: Mapped[int]
    name: Mapped[Text2]
    in_use: Mapped[bool] = mapped_column(default=True)
    item_version: Mapped[int] = mapped_column(default=1)


class RequestMessage(Base):
    """A message between customer and staff, or an internal note that customers never see."""

    __tablename__ = "request_message"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(info={"personal": True})
    from_customer: Mapped[bool]
    internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    at: Mapped[Utc]

    request: Mapped[ServiceRequest] = relationship(back_populates="messages")


class WorkOrder(Base, Audited):
    """One technician's field work on a request (F05): the diagnosis (F03), what was found, done and tested (F06).

    `fee` is what the customer consented to pay, with tax, in minor units of the company's currency. `fare` is what the
    journey cost, in the same. `packed`: what the technician took along, each {"key", "name"} as it was read then.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        sa.Index("ix_work_order_technician_id_state", "technician_id", "state", "id"),
        sa.Index("ix_work_order_dealer_id_at", "dealer_id", "dispatched_at", "id"),
        sa.Index("ix_work_order_centre_id_at", "centre_id", "dispatched_at", "id"),
        sa.Index("ix_work_order_state_at", "state", "last_event_at", "id"),
    )
    versioned = {
        "appointment": ("appointment_from", "appointment_to", "meeting_place", "opened_by", "protection"),
        "diagnosis": (
            *("contacted_at", "contact_mode", "symptom_code", "area_code", "diagnosis", "suspected_cause"),
            *("difficulty", "fault_class", "on_the_spot", "needs_parts", "outlook"),
        ),
        "findings": (
            *("fault_symptom", "fault_cause", "cause_code", "repair_process", "action_code", "parts_replaced"),
        ),
        "tests": (
            *("functional_test", "performance_test", "safety_test", "test_data", "conclusion", "restored_at"),
            *("beyond_repair", "beyond_repair_reason"),
        ),
        "costs": ("labour_minutes", "travel_km", "fare"),
        "leaving": ("leaving",),
    }
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[OrderState] = mapped_column(enum_type(OrderState, "state"))
    instructions: Mapped[str] = mapped_column(default="")
    appointment_from: Mapped[Utc | None]
    appointment_to: Mapped[Utc | None]
    meeting_place: Mapped[str] = mapped_column(default="")
    opened_by: Mapped[str] = mapped_column(default="", info={"personal": True})
    protection: Mapped[str] = mapped_column(default="")
    moved_reason: Mapped[str] = mapped_column(default="")
    appointment_version: Mapped[int] = mapped_column(default=0)
    packed: Mapped[list] = mapped_column(default=list)
    plan_agreed: Mapped[bool] = mapped_column(default=False)
    fee: Mapped[int | None]
    labour_minutes: Mapped[int | None]
    travel_km: Mapped[int | None]
    fare: Mapped[int | None]
    costs_version: Mapped[int] = mapped_column(default=0)
    dispatched_at: Mapped[Utc]
    accepted_at: Mapped[Utc | None]
    departed_at: Mapped[Utc | None]
    arrived_at: Mapped[Utc | None]
    restored_at: Mapped[Utc | None]
    finished_at: Mapped[Utc | None]
    contacted_at: Mapped[Utc | None]
    contact_mode: Mapped[ContactMode | None] = mapped_column(enum_type(ContactMode, "contact_mode"))
    symptom_code_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fault_code.id"))
    area_code_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fault_code.id"))
    diagnosis: Mapped[str] = mapped_column(default="")
    suspected_cause: Mapped[str] = mapped_column(default="")
    difficulty: Mapped[Difficulty | None] = mapped_column(enum_type(Difficulty, "difficulty"))
    fault_class: Mapped[FaultClass | None] = mapped_column(enum_type(FaultClass, "fault_class"))
    on_the_spot: Mapped[bool | None]
    needs_parts: Mapped[bool | None]
    outlook: Mapped[Outlook | None] = mapped_column(enum_type(Outlook, "outlook"))
    diagnosis_version: Mapped[int] = mapped_column(default=0)
    fault_symptom: Mapped[str] = mapped_column(default="")
    fault_cause: Mapped[str] = mapped_column(default="")
    cause_code_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fault_code.id"))
    repair_process: Mapped[str] = mapped_column(default="")
    action_code_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fault_code.id"))
    findings_version: Mapped[int] = mapped_column(default=0)
    functional_test: Mapped[Verdict | None] = mapped_column(enum_type(Verdict, "functional_test"))
    performance_test: Mapped[Verdict | None] = mapped_column(enum_type(Verdict, "performance_test"))
    safety_test: Mapped[Verdict | None] = mapped_column(enum_type(Verdict, "safety_test"))
    test_data: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[Conclusion | None] = mapped_column(enum_type(Conclusion, "conclusion"))
    beyond_repair: Mapped[bool] = mapped_column(default=False)
    beyond_repair_reason: Mapped[str] = mapped_column(default="")
    tests_version: Mapped[int] = mapped_column(default=0)
    leaving: Mapped[list] = mapped_column(default=list)
    leaving_version: Mapped[int] = mapped_column(default=0)
    last_event_at: Mapped[Utc]

    request: Mapped[ServiceRequest] = relationship(back_populates="orders")
    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    site: Mapped[Site] = relationship()
    technician: Mapped[Account] = relationship()
    logs: Mapped[list["WorkLog"]] = relationship(order_by="WorkLog.occurred_at, WorkLog.id", back_populates="order")
    symptom_code: Mapped[FaultCode | None] = relationship(foreign_keys=symptom_code_id)
    area_code: Mapped[FaultCode | None] = relationship(foreign_keys=area_code_id)
    cause_code: Mapped[FaultCode | None] = relationship(foreign_keys=cause_code_id)
    action_code: Mapped[FaultCode | None] = relationship(foreign_keys=action_code_id)
    parts: Mapped[list["PartUsed"]] = relationship(
        order_by="PartUsed.position", back_populates="order", cascade="all, delete-orphan"
    )
    sheets: Mapped[list[TestSheet]] = relationship(order_by=TestSheet.id, back_populates="order")
    early: Mapped[list["EarlyRelease"]] = relationship(order_by="EarlyRelease.id", back_populates="order")

    @property
    def parts_replaced(self) -> list[dict[str, Any]]:
        """The parts as plain values, as forms and reports take them."""
        return [part.facts for part in self.parts]

    @property
    def is_diagnosed(self) -> bool:
        return self.outlook is not None

    @property
    def last_sheets(self) -> list[TestSheet]:
        """The newest test sheet of each checklist, which counts; none where no checklist holds for the device."""
        return list({sheet.version.checklist_id: sheet for sheet in self.sheets}.values())

    @property
    def to_review(self) -> "EarlyRelease | None":
        """The release of this order that a second person still has to review."""
        return next((each for each in self.early if each.state is EarlyState.DUE), None)

    @property
    def findings_recorded(self) -> bool:
        return bool(self.fault_symptom and self.fault_cause and self.repair_process)

    @property
    def tests_recorded(self) -> bool:
        """Results and conclusion, and the time of restoration unless the device stays stopped (RPR-9)."""
        works_again = self.restored_at is not None or self.conclusion is Conclusion.STOP
        return works_again and None not in (self.functional_test, self.performance_test, self.conclusion)

    @property
    def test_failed(self) -> bool:
        return Verdict.FAIL in (self.functional_test, self.performance_test, self.safety_test)


class EarlyRelease(Base, Audited):
    """An order whose device was released before a second person had reviewed it (QCR-6). Times are UTC.

    It has no number of its own: `number` is that of its order. When the review is due says its clock.
    """

    __tablename__ = "early_release"
    __table_args__ = (
        sa.Index("ix_early_release_state_at", "state", "released_at", "id"),
        sa.Index("ix_early_release_technician_id_at", "technician_id", "released_at", "id"),
        sa.Index("ix_early_release_dealer_id_at", "dealer_id", "released_at", "id"),
    )
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[EarlyState] = mapped_column(enum_type(EarlyState, "state"))
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("release_rule.id"))
    reason_id: Mapped[int] = mapped_column(sa.ForeignKey("release_reason.id"))
    note: Mapped[str] = mapped_column(default="")
    released_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    released_at: Mapped[Utc]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reviewed_at: Mapped[Utc | None]
    finding: Mapped[str] = mapped_column(default="")
    is_dangerous: Mapped[bool] = mapped_column(default=False)

    order: Mapped[WorkOrder] = relationship(back_populates="early")
    rule: Mapped[ReleaseRule] = relationship()
    reason: Mapped[ReleaseReason] = relationship()
    released_by: Mapped[Account] = relationship(foreign_keys=released_by_id)
    reviewed_by: Mapped[Account | None] = relationship(foreign_keys=reviewed_by_id)

    @property
    def number(self) -> str | None:
        return self.order.number


class PartUsed(Base):
    """A part that one order put into a device, and what came out for it (F06; RPR-11).

    `serial_in` or `lot_in` says which piece was put in, `serial_out` which came out, `whereabouts` where that one is.
    """

    __tablename__ = "part_used"
    __table_args__ = (
        sa.Index("ix_part_used_serial_in", "serial_in"),
        sa.Index("ix_part_used_serial_out", "serial_out"),
    )

    id: Mapped[BigId] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    part_number: Mapped[str] = mapped_column(sa.String(80), default="")
    thousandths: Mapped[int]
    lot_in: Mapped[str] = mapped_column(sa.String(80), default="")
    serial_in: Mapped[str] = mapped_column(sa.String(80), default="")
    serial_out: Mapped[str] = mapped_column(sa.String(80), default="")
    whereabouts: Mapped[Whereabouts | None] = mapped_column(enum_type(Whereabouts, "whereabouts"))

    order: Mapped[WorkOrder] = relationship(back_populates="parts")
    device: Mapped[Device] = relationship()

    @property
    def quantity(self) -> str:
        """As counted or measured, to a thousandth, without needless zeros."""
        return as_quantity(self.thousandths)

    @property
    def facts(self) -> dict[str, Any]:
        """The line as plain values: texts, and the word of the old part's whereabouts or nothing."""
        texts = {name: getattr(self, name) for name in ("name", "part_number", "lot_in", "serial_in", "serial_out")}
        return texts | {"quantity": self.quantity, "whereabouts": self.whereabouts.value if self.whereabouts else ""}


class WorkLog(Base):
    """A line of the technician's log: when it happened (claimed) and when it arrived."""

    __tablename__ = "work_log"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(info={"personal": True})
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    occurred_at: Mapped[Utc]
    received_at: Mapped[Utc]

    order: Mapped[WorkOrder] = relationship(back_populates="logs")
