"""The whole story, as its people live it: from a hospital's report to the signed report in its hands.

Once in each language; the hospital at a desktop, the technician on a tablet. Real web, worker, tick and queue.
"""

import io
import json
import re
import subprocess
from datetime import datetime
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from PIL import Image

from tests.browser.conftest import TABLET
from tests.browser.photos import GPS_TAG, phone_photo
from tests.safety import SAFE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]

RARE = "王䶮㐂"
LONG_FAULT = "\n".join(f"{n:02d}:00 潮气量报警，复位后 {n} 分钟再次出现；流量曲线有锯齿。" for n in range(1, 81))

SAYS = {
    "zh": {
        "received": "已收到您的报修",
        "plan": "查看维修方案并答复",
        "sign": "阅读并签署报告",
        "done": "服务已完成",
        "pdf": "服务报告",
    },
    "en": {
        "received": "We have received your request",
        "plan": "Read the repair plan and answer",
        "sign": "Read and sign the report",
        "done": "The service is completed",
        "pdf": "Service report",
    },
}


@pytest.mark.req("INT-1", "INT-4", "INT-8", "INT-13", "RPR-7", "QCR-2", "QCR-3", "QCR-8", "QCR-9", "DOC-9", "NTC-1")
@pytest.mark.parametrize(
    ("language", "officer", "technician", "device"),
    [("zh", "officer", "technician2", "RK-DV-2026-00007"), ("en", "officer3", "suzhou_technician", "RK-DV-2026-00061")],
)
def test_from_the_report_of_a_fault_to_the_signed_service_report(
    visitor, house, tmp_path, language, officer, technician, device
):
    says = SAYS[language]
    number = report_the_fault(visitor, tmp_path, language, officer, device, says)
    order = assign(visitor, language, number, technician)
    go_there(visitor, language, order, technician, tmp_path)
    offer_the_plan(visitor, language, order, technician)
    if language == "zh":
        consent_in_the_own_account(visitor, language, officer, number, says)
    else:
        consent_on_the_tablet(visitor, language, order, technician)
    repair(visitor, language, order, technician)
    release(visitor, language, order)
    if language == "zh":
        sign_in_the_own_account(visitor, language, officer, number, says)
    else:
        sign_on_the_tablet(visitor, language, order, technician)
    fetch_and_check(visitor, house, tmp_path, language, officer, number, says)


def report_the_fault(visitor, tmp_path, language, officer, device, says):
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(phone_photo())
    with visitor(officer, language=language) as v:
        v.open(f"/customer/devices/{device}/report")
        v.page.fill("[name=contact_name]", RARE)
        v.page.fill("[name=contact_phone]", "021-6482 1166")
        v.page.set_input_files("[name=photos]", photo)
        v.submit("#report")
        v.page.locator("[name=symptom][aria-invalid=true]").wait_for()  # the fault is missing: told at the field
        assert v.page.input_value("[name=contact_name]") == RARE
        v.page.fill("[name=symptom]", LONG_FAULT)
        v.page.check("[name=device_stopped]")
        v.page.set_input_files("[name=photos]", photo)
        v.submit("#report", re.compile(r"/customer/requests/RK-SR-"))
        v.wait_for_text(says["received"])
        number = v.page.url.rsplit("/", 1)[1]
        v.page.fill("[name=body]", "门禁请联系护士站 8021")
        with v.page.expect_response(lambda answer: answer.url.endswith("/message")):
            v.page.locator("#conversation button[type=submit]").click()
        v.page.locator("#conversation li", has_text="8021").wait_for()
    return number


def assign(visitor, language, number, technician):
    with visitor("desk" if language == "zh" else "desk2", language=language) as v:
        v.open("/desk/requests")
        v.page.get_by_role("link", name=number).click()
        v.page.locator("#conversation, main").get_by_text("8021").first.wait_for()
        v.page.fill("#assess [name=next_step]", "电话确认后上门")
        v.submit("#assess")
        v.page.locator("#assess [aria-invalid=true]").first.wait_for()  # the safety questions: told at the field
        assert v.page.input_value("#assess [name=next_step]") == "电话确认后上门"
        for question in SAFE:
            v.page.check(f"#assess [name={question}][value=no]")
        v.submit("#assess", re.compile(number))
        name = {"technician2": "赵永强", "suzhou_technician": "顾小军"}[technician]
        v.page.locator("#assign label", has_text=name).locator("input").check()
        v.page.fill("#assign [name=instructions]", "先到设备科报到")
        v.submit("#assign", re.compile(number))
        order = v.page.locator("#orders").inner_text()
    return re.search(r"RK-WO-\d{4}-\d{5}", order).group()


def go_there(visitor, language, order, technician, tmp_path):
    photo = tmp_path / "IMG_2041.jpg"
    with visitor(technician, size=TABLET, language=language) as v:
        v.open("/technician/")
        v.page.locator(f"a[href$='{order}']").first.click()
        for _step in ("accept", "depart", "arrive"):
            v.submit("#bar", re.compile(order))
        v.page.locator("#log summary").first.click() if not v.page.locator("#log [name=text]").is_visible() else None
        v.page.fill("#log [name=text]", "拆检呼气阀，膜片老化。")
        v.page.set_input_files("#log [name=photos]", photo)
        v.submit("#log", re.compile(order))


def offer_the_plan(visitor, language, order, technician):
    """At a price with two options, or without one."""
    with visitor(technician, size=TABLET, language=language) as v:
        v.open(f"/technician/orders/{order}/plan")
        v.submit("#plan-form")
        v.page.locator("[name=steps][aria-invalid=true]").wait_for()
        v.page.fill("[name=steps]", "更换呼气阀膜片组件，校准，整机自检。")
        v.page.fill("[name=hours]", "1.5")
        for n, (code, option) in enumerate([("RH-9021", "A"), ("RH-9021E", "B")] if language == "zh" else []):
            v.page.fill(f"[name=lines-{n}-code]", code)
            v.page.fill(f"[name=lines-{n}-quantity]", "1")
            v.page.select_option(f"[name=lines-{n}-option]", option)
        v.submit("#plan-form", re.compile("/plan$"))
        v.page.locator("#bar button").click()
        v.page.locator("a[href*='/plan/sign']").wait_for()


def consent_in_the_own_account(visitor, language, officer, number, says):
    with visitor(officer, language=language) as v:
        v.open(f"/customer/requests/{number}")
        v.page.get_by_role("link", name=says["plan"]).click()
        v.page.check("#sign [name=choice][value=B]")
        v.page.fill("#sign [name=password]", v.house.password)
        v.submit("#sign form[action$='/sign']", re.compile("/customer/documents/"))


def consent_on_the_tablet(visitor, language, order, technician):
    with visitor(technician, size=TABLET, language=language) as v:
        v.open(f"/technician/orders/{order}/plan/sign")
        v.page.fill("[name=name]", RARE)
        v.page.fill("[name=function]", "护士长")
        draw(v.page)
        v.page.fill("[name=password]", v.house.password)
        v.submit("#sheet form", re.compile(f"{order}$"))


def repair(visitor, language, order, technician):
    with visitor(technician, size=TABLET, language=language) as v:
        v.open(f"/technician/orders/{order}")
        v.page.fill("#findings [name=fault_symptom]", "潮气量低，报警 E-42")
        v.page.fill("#findings [name=fault_cause]", "呼气阀膜片老化")
        v.page.fill("#findings [name=repair_process]", "更换膜片并校准")
        v.submit("#bar", re.compile(order))  # save the findings
        v.submit("#bar", re.compile(order))  # start tests
        for field in ("functional_test", "performance_test", "safety_test"):
            v.page.check(f"#tests [name={field}][value=pass]")
        v.page.fill("#tests [name=test_data]", "潮气量 500 mL 实测 498 mL")
        v.page.check("#tests [name=conclusion][value=usable]")
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        v.page.fill("#tests [name=restored_at]", f"{now:%Y-%m-%dT%H:%M}")
        v.submit("#bar", re.compile(order))  # save the tests
        v.page.locator("#bar a, #bar button").last.click()
        v.page.wait_for_url(re.compile("/submit"))
        for question in ("harm", "is_event", "is_complaint", "is_hazard"):
            v.page.check(f"#safety [name={question}][value=no]")
        v.submit("#safety", re.compile("/submit"))
        for box in v.page.locator("#leaving [type=checkbox]").all():
            box.check()
        v.submit("#leaving", re.compile("/submit"))
        v.page.fill("[name=password]", "wrong password here")
        v.submit("main form:has([name=password])")
        v.page.locator("[name=password][aria-invalid=true]").wait_for()
        v.page.fill("[name=password]", v.house.password)
        v.submit("main form:has([name=password])", re.compile(f"{order}$"))


def release(visitor, language, order):
    with visitor("quality" if language == "zh" else "quality2", language=language) as v:
        v.open("/quality/")
        v.page.locator(f"a[href$='{order}']").first.click()
        v.page.fill("[name=place]", "上海")
        v.page.fill("[name=password]", v.house.password)
        v.submit("main form:has([name=password])", re.compile("/quality/"))


def sign_in_the_own_account(visitor, language, officer, number, says):
    with visitor(officer, language=language) as v:
        v.open(f"/customer/requests/{number}")
        v.page.get_by_role("link", name=says["sign"]).click()
        v.page.check("#sign [name=rating][value='5']")
        v.page.fill("#sign [name=comment]", "服务及时")
        v.page.fill("#sign [name=password]", v.house.password)
        v.submit("#sign", re.compile("/customer/documents/"))


def sign_on_the_tablet(visitor, language, order, technician):
    with visitor(technician, size=TABLET, language=language) as v:
        v.open(f"/technician/orders/{order}/sign")
        v.page.check("[name=rating][value='4']")
        v.page.fill("[name=name]", RARE)
        v.page.fill("[name=function]", "护士长")
        v.page.fill("[name=department]", "重症医学科")
        v.page.fill("[name=phone]", "8021")
        draw(v.page)
        v.page.fill("[name=password]", v.house.password)
        v.submit("#sheet form", re.compile(f"{order}$"))


def draw(page):
    """A signature with the finger: a few strokes on the pad."""
    pad = page.locator("canvas").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 14, box["y"] + 60 + (30 if step % 2 else -20), steps=3)
    page.mouse.up()


def fetch_and_check(visitor, house, tmp_path, language, officer, number, says):
    with visitor(officer, language=language) as v:
        v.open(f"/customer/requests/{number}")
        v.wait_for_text(says["done"])
        v.page.locator("a[href*='/customer/documents/']").last.click()
        v.page.wait_for_load_state()
        paths = fetch_pdfs(v, tmp_path)
        check_the_photo(v, house, number)
    for path in paths:
        check_the_paper(path)
    check_by_number_and_hash(visitor, house, language, paths[0])


def fetch_pdfs(v, folder):
    """Both languages' PDFs of the document on the page, once they are there."""
    address, links = v.page.url, v.page.locator("a[href$='.pdf']")
    for _try in range(150):
        if links.count() == 2:
            break
        v.page.wait_for_timeout(1000)
        v.page.goto(address)
    assert links.count() == 2
    paths = []
    for href in [link.get_attribute("href") for link in links.all()]:
        answer = v.page.request.get(v.house.url + href)
        assert answer.status == 200
        paths.append(folder / href.rsplit("/", 1)[1])
        paths[-1].write_bytes(answer.body())
    return paths


def check_the_photo(v, house, number):
    """What the hospital can fetch is upright and knows no place."""
    v.open(f"/customer/requests/{number}")
    href = v.page.locator("a[href*='/files/']").first.get_attribute("href")
    body = v.page.request.get(house.url + href).body()
    image = Image.open(io.BytesIO(body))
    assert image.height > image.width
    assert GPS_TAG not in image.getexif()
    assert len(image.getexif()) == 0


def check_the_paper(path):
    """Fonts embedded, the frozen content inside, the text whole, no error of form."""
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    assert RARE in text
    assert "80 分钟再次出现" in text.replace("\n", "")
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= 3
        attached = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    content = json.loads(next(iter(attached.values())))
    assert content["request"]["symptom_reported"] == LONG_FAULT


def check_by_number_and_hash(visitor, house, language, path):
    text = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    number = re.search(r"RK-RP-\d{4}-\d{5}", text).group()
    with visitor(None, language=language) as v:
        v.open(f"/verify/{number}")
        v.page.set_input_files("input[type=file]", path)
        v.page.locator("[data-verdict=match], .banner.good, .status.good").first.wait_for()
        assert RARE not in v.page.content()
    with urlopen(f"{house.url}/verify/{number}", timeout=10) as answer:  # noqa: S310 our own server
        assert RARE not in answer.read().decode()
