"""Hospitals, dealers and suppliers, with their sites and contacts."""

import pytest
import sqlalchemy as sa

from portal.domain.organisations.models import Contact, Department, Organisation, OrganisationKind
from tests.queries import count_queries

NAMES = {"name_zh": "江南大学附属中心医院", "name_en": "Jiangnan University Central Hospital"}


@pytest.fixture
def hospital(device):
    """The uid of the first hospital."""
    return device.organisation.uid


def fresh(session, uid):
    session.expire_all()
    return session.scalars(sa.select(Organisation).where(Organisation.uid == uid)).one()


def url(uid, *rest):
    return "/".join(("/office/organisations", uid, *rest))


def edit(client, uid, version, **values):
    return client.post(url(uid, "edit"), data=NAMES | {"base_version": str(version)} | values)


def test_organisations_stand_by_name_with_what_we_serve_there(browser):
    html = browser("desk2").get("/office/organisations").get_data(as_text=True)
    assert "Jiangnan University Central Hospital" in html and ">24<" in html
    dealers = browser("desk2").get("/office/organisations?kind=dealer").get_data(as_text=True)
    assert "Hangzhou Huadong" in dealers and "Jiangnan" not in dealers


@pytest.mark.req("CUS-1")
def test_a_page_shows_sites_wards_and_who_may_sign_up_to_how_much(browser, hospital):
    html = browser("desk2").get(url(hospital)).get_data(as_text=True)
    for text in ("Main campus", "North campus", "Intensive care unit", "Local, suburban", "陈静怡", "20,000.00"):
        assert text in html


@pytest.mark.req("STF-4")
def test_a_dealer_finds_its_own_hospitals_only(browser, hospital):
    client = browser("dealer_desk")
    assert client.get(url(hospital)).status_code == 404
    html = client.get("/office/organisations").get_data(as_text=True)
    assert "滨江市第一人民医院" in html and "江南大学" not in html


@pytest.mark.parametrize(
    ("who", "status"), [("stores", 200), ("auditor", 200), ("technician", 403), ("officer", 403), (None, 303)]
)
def test_who_enters(browser, hospital, who, status):
    assert browser(who).get(url(hospital)).status_code == status


def test_details_are_saved(browser, hospital, session):
    assert edit(browser("desk2"), hospital, 1, tier="key", province="上海", phone="021-1").status_code == 303
    record = fresh(session, hospital)
    assert (record.tier, record.phone, record.details_version) == ("key", "021-1", 2)


def test_two_who_edit_are_shown_both(browser, hospital, session):
    edit(browser("desk"), hospital, 1, name_zh="江南中心医院", phone="021-1")
    answer = edit(browser("desk2"), hospital, 1, phone="021-2")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for text in ("021-1", "021-2", "江南中心医院", "王芳"):
        assert text in html
    assert fresh(session, hospital).phone == "021-1"


def test_a_name_is_needed_in_one_language(browser, hospital):
    assert edit(browser("desk2"), hospital, 1, name_zh="", name_en="").status_code == 422
    assert edit(browser("desk2"), hospital, 1, name_zh="").status_code == 303


def test_a_new_hospital_with_its_dealer_site_and_ward(browser, session):
    client = browser("desk2")
    dealer = session.scalars(sa.select(Organisation).where(Organisation.kind == OrganisationKind.DEALER)).first()
    data = {"kind": "hospital", "name_zh": "新区医院", "dealer": dealer.uid}
    made = client.post("/office/organisations/new", data=data)
    assert made.status_code == 303
    uid = made.headers["Location"].rpartition("/")[2]
    assert client.post(url(uid, "sites"), data={"name_zh": "总院", "locality": "remote"}).status_code == 303
    site = fresh(session, uid).sites[0]
    ward = {"name_zh": "急诊科", "site": site.uid}
    assert client.post(url(uid, "departments"), data=ward).status_code == 303
    record = fresh(session, uid)
    assert record.dealer.uid == dealer.uid and record.sites[0].departments[0].name.zh == "急诊科"
    assert "新区医院" in client.get(url(dealer.uid)).get_data(as_text=True)


def test_a_ward_goes_to_no_foreign_site(browser, hospital, session):
    other = session.scalars(sa.select(Organisation).where(Organisation.kind == OrganisationKind.HOSPITAL)).all()[1]
    before = session.scalar(sa.select(sa.func.count(Department.id)))
    data = {"name_zh": "急诊科", "site": other.sites[0].uid}
    assert browser("desk2").post(url(hospital, "departments"), data=data).status_code == 422
    assert session.scalar(sa.select(sa.func.count(Department.id))) == before


@pytest.mark.req("CUS-1")
def test_a_contact_with_rights_and_a_money_limit(browser, hospital, session):
    client = browser("desk2")
    ward = session.scalars(sa.select(Department)).first()
    facts = {"name": "李主任", "function": "management", "department": ward.uid}
    data = facts | {"may_sign": "y", "consent_limit": "50000.5"}
    assert client.get(url(hospital, "contacts", "new")).status_code == 200
    assert client.post(url(hospital, "contacts", "new"), data=data).status_code == 303
    contact = session.scalars(sa.select(Contact).where(Contact.name == "李主任")).one()
    assert (contact.may_sign, contact.consent_limit) == (True, 5_000_050)
    assert (contact.department_id, contact.site_id) == (ward.id, ward.site_id)
    page = url(hospital, "contacts", contact.uid)
    assert 'value="50000.50"' in client.get(page).get_data(as_text=True)
    later = facts | {"function": "finance", "consent_limit": "", "base_version": "1"}
    assert client.post(page, data=later).status_code == 303
    session.expire_all()
    assert (contact.may_sign, contact.consent_limit) == (False, None)


def test_two_who_edit_one_contact_are_shown_both(browser, hospital, session):
    contact = session.scalars(sa.select(Contact).join(Organisation).where(Organisation.uid == hospital)).first()
    page, name = url(hospital, "contacts", contact.uid), contact.name
    seen = {"name": name, "department": "", "base_version": str(contact.details_version)}
    first = seen | {"function": "finance", "phone": "021-1", "consent_limit": "300"}
    assert browser("desk").post(page, data=first).status_code == 303
    second = seen | {"function": "ward", "phone": "021-2", "consent_limit": "800"}
    answer = browser("desk2").post(page, data=second)
    assert answer.status_code == 409
    for text in ("021-1", "021-2", "Finance department", "Ward", "300", "800", "王芳"):
        assert text in answer.text
    session.expire_all()
    assert (contact.phone, contact.consent_limit) == ("021-1", 30_000)
    again = browser("desk2").post(page, data=second | {"base_version": "2", "idempotency_key": "another"})
    assert again.status_code == 303, "with both in view it is saved over the first"
    session.expire_all()
    assert contact.phone == "021-2"


@pytest.mark.parametrize("limit", ["NaN", "-1", "1e30", "Infinity", "abc"])
def test_a_limit_that_is_no_amount_is_refused(browser, hospital, limit):
    data = {"name": "x", "function": "ward", "department": "", "consent_limit": limit}
    assert browser("desk2").post(url(hospital, "contacts", "new"), data=data).status_code == 422


def test_a_contact_of_another_hospital_is_not_found(browser, hospital, session):
    other = session.scalars(sa.select(Contact).where(Contact.name == "王䶮")).one()
    assert browser("desk").get(url(hospital, "contacts", other.uid)).status_code == 404


@pytest.mark.parametrize("who", ["quality", "stores", "dealer_desk", "auditor"])
def test_who_may_not_change_anything(browser, hospital, who):
    client = browser(who)
    assert edit(client, hospital, 1).status_code == 403
    assert client.post(url(hospital, "sites"), data={"name_zh": "x"}).status_code == 403
    assert client.get("/office/organisations/new").status_code == 403
    assert client.get(url(hospital, "contacts", "new")).status_code == 403


def test_pages_need_few_statements(browser, hospital):
    client = browser("desk2")
    with count_queries() as list_sent:
        client.get("/office/organisations")
    with count_queries() as page_sent:
        client.get(url(hospital))
    assert len(list_sent) <= 4, list_sent
    assert len(page_sent) <= 8, page_sent


def test_who_may_not_see_requests_finds_no_way_to_them(browser, hospital):
    assert "/desk/requests" in browser("desk2").get(url(hospital)).text
    assert "/desk/requests" not in browser("admin").get(url(hospital)).text
