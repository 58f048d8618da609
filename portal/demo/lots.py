"""Goods by lot of the demonstration: a reagent, a lot of it at each of two hospitals, and a request about one."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Text2
from portal.core.files import Incoming
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.servicing import service as servicing
from portal.domain.servicing.words import Urgency

PROOF = ("2-8 C   5.1 C", "冷藏柜温度记录.jpg")
"""What the photo of the proof shows, and its name."""
STORAGE = "检验科 2–8 °C 医用冷藏柜，自动温度记录，未断过冷链；开封当天使用。"
SYMPTOM = "本批次质控品连续三天偏高超过 2SD，换用上一批次恢复正常，怀疑批间差。"


def tell(session: Session, cast: Cast, proof: Incoming) -> None:
    """One lot gives results that cannot be right; the other hospital's has expired on the shelf."""
    reagent, today = _reagent(session, cast), clock.now().date()
    told = _lot(session, cast, reagent, "jiangnan-main", "TN260308", today + timedelta(days=140))
    _lot(session, cast, reagent, "binjiang-main", "TN250612", today - timedelta(days=12))
    officer = person_of(cast.people["officer"])
    with clock.frozen(clock.now() - timedelta(hours=5)):
        servicing.create_request(
            session,
            officer,
            told,
            quantity=Decimal(12),
            storage_told=STORAGE,
            storage_proof=[proof],
            symptom=SYMPTOM,
            urgency=Urgency.URGENT,
            contact_name=officer.name,
            contact_phone="021-5588 6655",
        )


def _reagent(session: Session, cast: Cast) -> Product:
    return catalog.list_product(
        session,
        person_of(cast.people["quality"]),
        name=Text2("肌钙蛋白 I 测定试剂盒", "Troponin I assay kit"),
        model="CTNI-100",
        brand="心检",
        registrant="苏州心检生物科技有限公司",
        registration_number="国械注准20203400518",
        risk_class=RiskClass.III,
        udi_di="06931234500131",
        by_lot=True,
        unit=Text2("盒", "boxes"),
    )


def _lot(session: Session, cast: Cast, product: Product, site: str, lot: str, expires_on: date) -> Device:
    place = cast.sites[site]
    own = (centre for centre in cast.centres.values() if centre.dealer_id == place.organisation.dealer_id)
    return devices.register(
        session,
        person_of(cast.people["desk"]),
        product=product,
        site=place,
        centre=next(own, cast.centres["shanghai"]),
        department=cast.departments[site, "cardio"],
        lot=lot,
        expires_on=expires_on,
        udi_pi=f"(10){lot}",
        made_on=expires_on - timedelta(days=365),
    )
