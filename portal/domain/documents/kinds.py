"""The kinds of document and their signature blocks.

Source of the form code: 医疗器械售后服务记录 JL-56-00 (ZD-23-00, 4.8).
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.errors import Message


class BlockName(StrEnum):
    ENGINEER = "engineer"
    RELEASE = "release"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Block:
    """A place for a signature: in which role, meaning what."""

    name: BlockName
    role: Message
    meaning: Message


@dataclass(frozen=True)
class Kind:
    """A kind of document: its form with the official title, its number series, its blocks in the order of signing.

    `template` is its paper, `body` the same on screen.
    """

    name: str
    title: Message
    form_title: Message
    form_code: str
    form_version: str
    series: str
    template: str
    template_version: str
    body: str
    blocks: tuple[Block, ...]

    def block(self, name: BlockName) -> Block:
        return next(block for block in self.blocks if block.name == name)


SERVICE_REPORT = Kind(
    name="service_report",
    title=Message("Service report"),
    form_title=Message("After-sales service record for medical devices"),
    form_code="JL-56-00",
    form_version="1",
    series="RP",
    template="documents/service_report.html",
    template_version="1",
    body="documents/_report_body.html",
    blocks=(
        Block(BlockName.ENGINEER, Message("Service engineer"), Message("Carried out and recorded this service")),
        Block(BlockName.RELEASE, Message("Reviewer"), Message("Reviewed the results and released the device")),
        Block(BlockName.CUSTOMER, Message("Customer"), Message("Confirms the service and its evaluation")),
    ),
)

REPAIR_PLAN = Kind(
    name="repair_plan",
    title=Message("Repair plan and quotation"),
    form_title=Message("Confirmation of the repair plan and its price"),
    form_code="F04",
    form_version="1",
    series="QT",
    template="documents/repair_plan.html",
    template_version="1",
    body="documents/_plan_body.html",
    blocks=(Block(BlockName.CUSTOMER, Message("Customer"), Message("Consents to this plan and to its price")),),
)

KINDS = {kind.name: kind for kind in (SERVICE_REPORT, REPAIR_PLAN)}
