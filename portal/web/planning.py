"""What stands beside a repair plan and not in its frozen content: proof, objection, approval, papers, reminders."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Person
from portal.domain.permissions import P
from portal.domain.plans import queries, service
from portal.domain.plans.lifecycle import PLAN_LIFECYCLE
from portal.domain.plans.models import RepairPlan
from portal.domain.plans.words import PlanState
from portal.web.talk import photos_of


def beside(session: Session, plan: RepairPlan, person: Person) -> dict[str, Any]:
    """For records/_plan_beside.html."""
    files = queries.files(session, plan)
    waits = service.waitings(session, plan) if plan.state is PlanState.OFFERED else []
    return {
        "plan": plan,
        "evidence": photos_of(files, queries.EVIDENCE) if plan.excluded else [],
        "papers": [
            (label, photos) for purpose, label in queries.PAPERS.items() if (photos := photos_of(files, purpose))
        ],
        "waits": waits[0] if waits else None,
        "verbs": {verb.name for verb in PLAN_LIFECYCLE.possible(plan, person)},
        "inside": person.can(P.STAFF_ENTER),
    }
