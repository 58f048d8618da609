"""The catalogue of products."""

import pytest
import sqlalchemy as sa

from portal.domain.catalog.models import Product
from tests.queries import count_queries

FACTS = {"name_zh": "呼吸机", "name_en": "Ventilator", "model": "RH-V5", "risk_class": "III"}


@pytest.fixture
def product(session):
    return session.scalars(sa.select(Product).where(Product.model == "RH-V5")).one()


def test_products_by_name_for_all_staff(browser, product):
    for who in ("technician", "stores", "finance", "dealer_desk"):
        assert product.uid in browser(who).get("/office/products").get_data(as_text=True)
    assert browser("officer").get("/office/products").status_code == 403


def test_a_product_page_shows_class_and_registration(browser, product):
    html = browser("quality2").get(f"/office/products/{product.uid}").get_data(as_text=True)
    assert "Class III" in html and product.registration_number in html and "Edit details" in html
    assert browser("quality2").get("/office/products/nobody").status_code == 404


def test_a_new_product(browser, session):
    answer = browser("quality").post("/office/products/new", data=FACTS | {"model": "RH-V9", "life_support": "y"})
    assert answer.status_code == 303
    made = session.scalars(sa.select(Product).where(Product.model == "RH-V9")).one()
    assert made.life_support and not made.implantable and made.name.zh == "呼吸机"


def test_two_who_edit_are_shown_both(browser, product, session):
    url = f"/office/products/{product.uid}/edit"
    assert browser("quality").post(url, data=FACTS | {"brand": "甲", "base_version": "1"}).status_code == 303
    answer = browser("quality2").post(url, data=FACTS | {"brand": "乙", "base_version": "1"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "甲" in html and "乙" in html and "吴敏" in html
    session.expire_all()
    assert product.brand == "甲"


@pytest.mark.parametrize("who", ["desk", "technician", "auditor"])
def test_who_may_not_change_products(browser, product, who):
    client = browser(who)
    assert client.get("/office/products/new").status_code == 403
    assert client.post(f"/office/products/{product.uid}/edit", data=FACTS).status_code == 403


def test_pages_need_few_statements(browser, product):
    client = browser("quality2")
    with count_queries() as list_sent:
        client.get("/office/products")
    with count_queries() as page_sent:
        client.get(f"/office/products/{product.uid}")
    assert len(list_sent) <= 4 and len(page_sent) <= 8, (list_sent, page_sent)
