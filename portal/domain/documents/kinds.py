"""The kinds of document and their signature blocks.

Source of the form code: 医疗器械售后服务记录 JL-56-00 (ZD-23-00, 4.8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.core.errors import Message


class BlockName(StrEnum):
    ENGINEER = "engineer"
    RELEASE = "release"
    CUSTOMER = "customer"
    REVIEW = "review"


class Manner(StrEnum):
    """How a device was released, or how the review of a release came out, where it is not the usual way."""

    ALONE = "alone"
    FIRST = "first"
    FAILED = "failed"


@dataclass(frozen=True)
class Block:
    """A place for a signature: in which role, meaning what. A `receipt` is given after the issue.

    `manners`: role and meaning where it was signed in another manner. `owed` is given, after the issue too, where the
    device was released before its review.
    """

    name: BlockName
    role: Message
    meaning: Message
    receipt: bool = False
    owed: bool = False
    manners: Mapping[Manner, tuple[Message, Message]] = field(default_factory=dict)


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

    @property
    def to_issue(self) -> tuple[Block, ...]:
        """The blocks that must be signed before it is issued."""
        return tuple(block for block in self.blocks if not block.receipt and not block.owed)

    def block(self, name: BlockName, manner: str = "") -> Block:
        """The block of this name, with the words for the manner in which it was signed."""
        found = next(block for block in self.blocks if block.name == name)
        role, meaning = found.manners.get(manner, (found.role, found.meaning))
        return replace(found, role=role, meaning=meaning)


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
        Block(
            BlockName.RELEASE,
            Message("Reviewer"),
            Message("Reviewed the results and released the device"),
            manners={
                Manner.ALONE: (Message("Released by"), Message("Released the device: no second person is needed")),
                Manner.FIRST: (Message("Released by"), Message("Released the device before its review")),
            },
        ),
        Block(BlockName.CUSTOMER, Message("Customer"), Message("Confirms the service and its evaluation")),
        Block(
            BlockName.REVIEW,
            Message("Reviewer after the release"),
            Message("Reviewed the results and accepted the release"),
            owed=True,
            manners={
                Manner.FAILED: (
                    Message("Reviewer after the release: not accepted"),
                    Message("Reviewed the results and did not accept the release"),
                ),
            },
        ),
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

DO_NOT_USE_NOTICE = Kind(
    name="do_not_use_notice",
    title=Message("Notice not to use a device"),
    form_title=Message("Notice that a medical device must not be used"),
    form_code="DN",
    form_version="1",
    series="DN",
    template="documents/do_not_use_notice.html",
    template_version="1",
    body="documents/_notice_body.html",
    blocks=(
        Block(BlockName.RELEASE, Message("Reviewer"), Message("Reviewed the results and declared the device unusable")),
        Block(BlockName.CUSTOMER, Message("Customer"), Message("Has received this notice"), receipt=True),
    ),
)

SEALING_LIST = Kind(
    name="sealing_list",
    title=Message("Sealing list"),
    form_title=Message("List of what was sealed together as evidence"),
    form_code="SL",
    form_version="1",
    series="SL",
    template="documents/sealing_list.html",
    template_version="1",
    body="documents/_sealing_body.html",
    blocks=(
        Block(BlockName.ENGINEER, Message("Service company"), Message("Sealed together with the hospital as listed")),
        Block(BlockName.CUSTOMER, Message("Customer"), Message("Sealed together with the service company as listed")),
    ),
)

STATEMENT = Kind(
    name="statement",
    title=Message("Statement of account"),
    form_title=Message("Monthly statement of charges and payments"),
    form_code="ST",
    form_version="1",
    series="ST",
    template="documents/statement.html",
    template_version="1",
    body="documents/_statement_body.html",
    blocks=(
        Block(BlockName.CUSTOMER, Message("Customer"), Message("Has checked this statement and agrees"), receipt=True),
    ),
)

KINDS = {kind.name: kind for kind in (SERVICE_REPORT, REPAIR_PLAN, DO_NOT_USE_NOTICE, SEALING_LIST, STATEMENT)}
