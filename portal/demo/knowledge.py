"""What the house has learned: a code of its own that went out of use."""

from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.faultcodes import service as faultcodes
from portal.domain.faultcodes.words import CodeKind


def tell(session: Session, cast: Cast) -> None:
    """A symptom that said nothing, and so was taken out of use."""
    quality = person_of(cast.people["quality"])
    other = faultcodes.add(session, quality, kind=CodeKind.SYMPTOM, code="S99", name=Text2("其他", "Other"))
    faultcodes.retire(session, other, quality)
