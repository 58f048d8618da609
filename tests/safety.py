"""The safety questions answered with a plain no: what a request needs before it is assessed or somebody is sent."""

from sqlalchemy.orm import Session

from portal.core.permissions import Person
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Asked, Harm

NOTHING = Answers(Harm.NO, is_event=False, is_complaint=False)
SAFE = {"harm": "no", "is_event": "no", "is_complaint": "no", "is_hazard": "no"}
"""The same as a form sends it."""


def screened(session: Session, request: ServiceRequest, person: Person, asked: Asked = Asked.INTAKE) -> ServiceRequest:
    """The request with the answers of `person`, inside `writing()`; given at intake, or as `asked` says."""
    service.screen(session, request, person, asked, NOTHING)
    return request
