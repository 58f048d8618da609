"""Ratings of the demonstration: by telephone, in the own account, followed up, a complaint; two are still asked for."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.ratings import service
from portal.domain.ratings.aspects import aspects
from portal.domain.ratings.models import ServiceRating
from portal.domain.ratings.service import Answers
from portal.domain.ratings.words import RatingState

BY_PHONE = "工程师讲得很清楚，护士也会看自检结果了；配件等了两天，希望常备。"
IN_THE_ACCOUNT = "夜间到场快，交接仔细。"
LOOKED_INTO = "已电话致歉，与设备科陈老师约定：更换整套探头接口，下周二上门，免收人工费。"
ANSWER = "给您添麻烦了。我们会在下周二上门更换整套接口，不再收费；由质量部复核上次的维修。"


def tell(session: Session, cast: Cast) -> None:
    """After all tales: of the third hospital, so that the others have theirs still to give and to follow up."""
    here = sa.select(ServiceRating).where(ServiceRating.organisation_id == cast.organisations["taihu"].id)
    asked = here.where(ServiceRating.state == RatingState.ASKED).order_by(ServiceRating.served_at)
    first, second = session.scalars(asked)
    low = session.scalars(here.where(ServiceRating.state == RatingState.LOW)).one()
    officer, desk, manager = (person_of(cast.people[key]) for key in ("officer3", "desk", "manager"))
    marks = [each.uid for each in aspects(session)]
    with clock.frozen(first.served_at + timedelta(days=2)):
        said = Answers(5, IN_THE_ACCOUNT, aspects=dict(zip(marks, (5, 5, 5, 4, 4, None), strict=False)))
        service.rate(session, first, officer, 0, said)
    with clock.frozen(second.served_at + timedelta(days=1)):
        said = Answers(4, BY_PHONE, aspects=dict(zip(marks, (4, 5, 5, 5, 2, None, 5), strict=True)))
        service.record(session, second, desk, 0, said, "陆建国（设备科）")
    with clock.frozen(low.given_at + timedelta(days=1)):
        service.complain(session, low, manager, low.opinion)
        service.follow_up(session, low, manager, LOOKED_INTO, ANSWER)
