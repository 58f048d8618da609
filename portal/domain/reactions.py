"""When this happens here, that follows there: all consequences across domains, on one page.

Each row: the act's name (table:verb) → what follows, first to last. Consequences run as the system, in the
same transaction, and are named in the trail as caused by the act.
"""

from portal.core.verbs import Reaction, observers, reactions
from portal.domain.charges import service as charges
from portal.domain.complaints import clocks as complaint_clocks
from portal.domain.complaints.service import open_from_answers
from portal.domain.cover.service import note_exclusion
from portal.domain.documents.service import issue
from portal.domain.duty import calls
from portal.domain.escalations import service as escalations
from portal.domain.holds import service as holds
from portal.domain.plans import service as plans
from portal.domain.ratings import service as ratings
from portal.domain.search import entries
from portal.domain.servicing import clocks, early, early_clocks, testing
from portal.domain.servicing.service import (
    back_to_dispatch,
    complete_request,
    conclude_use,
    finish_order,
    resume_request,
    stop_device,
)

TABLE: dict[str, tuple[Reaction, ...]] = {
    "document:sign": (issue,),
    "document:sign_witnessed": (issue,),
    "document:sign_on_paper": (issue,),
    "document:sign_notice": (issue,),
    "document:issue": (finish_order, plans.agree, ratings.take_up),
    "early_release:fail": (early.reject_sheets, early.reopen, early.stop_dangerous),
    "early_release:pass": (testing.review_sheets,),
    "escalation:ask": (escalations.await_answer,),
    "escalation:answer": (escalations.stop_waiting,),
    "escalation:record_answer": (escalations.stop_waiting,),
    "escalation:withdraw": (escalations.stop_waiting,),
    "evidence_hold:place": (holds.hold_device, holds.await_release),
    "evidence_hold:grant": (holds.hold_device, holds.await_release),
    "evidence_hold:release": (holds.let_go, holds.stop_waiting),
    "document:issue_unsigned": (plans.agree,),
    "repair_plan:confirm_exclusion": (note_exclusion,),
    "repair_plan:offer": (
        plans.freeze_offer,
        plans.replace_earlier,
        plans.await_answer,
        plans.consent_by_contract,
    ),
    "repair_plan:dispute": (plans.await_decision,),
    "repair_plan:keep_offer": (plans.await_answer,),
    "repair_plan:withdraw": (plans.void_offer, plans.stop_waiting),
    "repair_plan:in_approval": (plans.remind_gently,),
    "repair_plan:consent": (plans.let_work, plans.stop_waiting),
    "repair_plan:refuse": (plans.void_offer, plans.stop_waiting),
    "repair_plan:expire": (plans.void_offer, plans.stop_waiting),
    "service_rating:take_over": (ratings.look_into,),
    "service_rating:take_over_again": (ratings.look_into,),
    "service_rating:rate": (ratings.look_into, ratings.pass_on),
    "service_rating:record": (ratings.look_into, ratings.pass_on),
    "service_rating:change": (ratings.look_into, ratings.pass_on),
    "service_rating:correct": (ratings.look_into, ratings.pass_on),
    "service_rating:complain": (ratings.open_complaint,),
    "service_request:create": (stop_device, open_from_answers, calls.ask),
    "service_request:assess": (calls.settle,),
    "service_request:assign": (calls.settle,),
    "service_request:cancel": (calls.settle,),
    "service_request:merge": (calls.settle,),
    "service_request:refuse": (calls.settle,),
    "service_request:screen": (stop_device, open_from_answers),
    "service_request:tell_harm": (stop_device, open_from_answers),
    "test_sheet:complete": (testing.adopt_tests,),
    "test_sheet:reject": (testing.send_back,),
    "work_order:start_tests": (testing.open_sheets,),
    "work_order:release": (testing.review_sheets, conclude_use),
    "charge:invoice": (charges.settle,),
    "charge_payment:record": (charges.settle,),
    "charge_payment:hand_over": (charges.settle,),
    "work_order:finish": (complete_request, charges.open_for_order),
    "work_order:correct": (resume_request, early.lapse),
    "work_order:decline": (back_to_dispatch,),
    "work_order:cancel": (back_to_dispatch,),
}


def install() -> None:
    """Put the table in force, and let promised times and the search index follow every act."""
    observers[:] = [clocks.observe, early_clocks.observe, complaint_clocks.observe, entries.observe]
    reactions.clear()
    reactions.update({name: list(followers) for name, followers in TABLE.items()})
