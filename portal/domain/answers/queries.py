"""Lists of known answers, and those that are offered for what somebody tells."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import search
from portal.core.errors import NotYours
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.core.search import Arm, Clause, Way
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import AnswerState, Audience
from portal.domain.catalog.models import Product
from portal.domain.permissions import P

A, PRODUCT = KnownAnswer.__table__, Product.__table__

NOUN = "answer"
"""The kind of its entries in the index, and the noun in their scope tokens."""

ALL_PRODUCTS = 0
OFFERED = 3
CANDIDATES = 60
"""Entries that are compared with what was told, the newest that share anything with it."""

ANSWERS = Listing(
    columns=(A.c.uid, A.c.question, PRODUCT.c.name, PRODUCT.c.model, A.c.audience, A.c.helped, A.c.state),
    source=A.outerjoin(PRODUCT, PRODUCT.c.id == A.c.product_id),
    key=A.c.sort_key,
    id=A.c.id,
    newest_first=False,
)
"""uid, question, product's name and model or None, audience, people helped, state."""


def answers(
    session: Session,
    person: Person,
    *,
    typed: str = "",
    product_id: int | None = None,
    audience: Audience | None = None,
    state: AnswerState | None = None,
    cursor: str | None = None,
) -> Page:
    """Answers that `person` may see, by question; rows as ANSWERS says. `typed`: words that all stand in them."""
    conditions = []
    if typed:
        hits = search.find(session, search.clauses(typed), [_arm(person, P.ANSWER_SEE)], CANDIDATES)
        conditions.append(A.c.id.in_([hit.record_id for hit in hits]))
    if product_id is not None:
        conditions.append(A.c.product_id == product_id)
    if audience is not None:
        conditions.append(A.c.audience == audience)
    if state is not None:
        conditions.append(A.c.state == state)
    return page(session, ANSWERS, arms(person, KnownAnswer, P.ANSWER_SEE), conditions, cursor)


def audiences(person: Person) -> list[Audience]:
    """Whose answers `person` may read."""
    return list(Audience) if person.can(P.ANSWER_SEE) else [Audience.CUSTOMER]


def offered(session: Session, person: Person, product: Product, told: str) -> list[KnownAnswer]:
    """What may help with a fault of `product`, told in somebody's own words: at most OFFERED, the likest first.

    In use, for this product or for all, and for who asks: these are part of the match. Empty where nothing is like it.
    """
    wanted = search.alike(told)
    if not wanted:
        return []
    narrow = (
        _one_of("audience", audiences(person)),
        _one_of("product", (ALL_PRODUCTS, product.id)),
        _one_of("use", (1,)),
    )
    hits = search.find(session, [wanted, *narrow], [_arm(person, P.ANSWER_USE)], CANDIDATES)
    found = session.scalars(sa.select(KnownAnswer).where(KnownAnswer.id.in_([hit.record_id for hit in hits]))).all()
    likeness = {record: _likeness(wanted, record) for record in found}
    enough = [record for record in found if likeness[record]]
    return sorted(enough, key=lambda record: (likeness[record], record.helped, record.id), reverse=True)[:OFFERED]


def _likeness(wanted: Clause, record: KnownAnswer) -> tuple[int, ...]:
    """How much of what was told stands in the question, and in all of it; empty where it is next to nothing."""
    question, answer = _texts(record.question), _texts(record.answer)
    whole = search.shared(wanted, [*question, *answer])
    enough = min(2, len(wanted))  # one pair of characters in common, as in 报警, says nothing in a sentence
    return (search.shared(wanted, question), whole) if whole >= enough else ()


def _texts(text: object) -> list[str]:
    return [text.zh, text.en]


def _arm(person: Person, permission: P) -> Arm:
    return Arm(NOUN, NOUN, person.reach(permission))


def _one_of(mark: str, values: Iterable[object]) -> Clause:
    return tuple(Way((f"s{NOUN}{mark}{value}",)) for value in values)


def to_read(session: Session, person: Person, uid: str) -> KnownAnswer:
    """The answer that `person` was offered. Raises NotYours."""
    mine = KnownAnswer.audience.in_(audiences(person))
    record = session.scalars(sa.select(KnownAnswer).where(KnownAnswer.uid == uid, mine)).one_or_none()
    if record is None:
        raise NotYours()
    return record
