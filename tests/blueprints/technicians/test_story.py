"""From the assignment to the signed report, as the technician's tablet and quality's screen send it."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.domain.documents.models import Method, State
from portal.domain.servicing.words import OrderState, RequestState
from tests.blueprints.technicians.field import (
    FINDINGS,
    PART,
    RESULTS,
    consent_here,
    local,
    order_at,
    order_of,
    paper_of,
    picture,
    sent,
    signing,
)
from tests.safety import SAFE


def done(answer, status=303):
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


@pytest.mark.req("QCR-2", "QCR-3", "QCR-8", "RPR-7")
def test_from_the_assignment_to_the_signed_report(browser, people, device):
    arrived = clock.now() - timedelta(minutes=20)
    with clock.frozen(clock.now() - timedelta(hours=1)):
        number = order_at(people, device, instructions="先联系护士长")
    tablet, desk = browser("technician"), browser("quality")
    here = f"/technician/orders/{number}"
    assert number in done(tablet.get("/technician/"), 200).text

    with clock.frozen(clock.now() - timedelta(minutes=50)):
        done(tablet.post(f"{here}/accept", sent()))
        done(tablet.post(f"{here}/depart", sent()))
    done(tablet.post(f"{here}/arrive", sent(occurred_at=local(arrived))))
    consent_here(tablet, number)
    photo = picture("JPEG", "电池.jpg")
    done(tablet.post(f"{here}/log", sent(text="更换氧电池", photos=photo), content_type="multipart/form-data"))
    parts = {f"parts_replaced-0-{name}": value for name, value in PART.items()}
    done(tablet.post(f"{here}/findings", sent(base_version="0", **FINDINGS, **parts)))
    done(tablet.post(f"{here}/start_tests", sent()))
    done(tablet.post(f"{here}/tests", sent(base_version="0", restored_at=local(clock.now()), **RESULTS)))
    done(tablet.post(f"{here}/safety", sent(**SAFE)))
    done(tablet.post(f"{here}/submit", signing(tablet.get(f"{here}/submit"))))

    order = order_of(number)
    assert order.state is OrderState.TO_RELEASE
    assert order.arrived_at == arrived.replace(second=0, microsecond=0)
    assert order.parts_replaced == [PART]
    assert order.logs[0].received_at >= order.logs[0].occurred_at

    review = f"/quality/orders/{number}"
    assert number in done(desk.get("/quality/"), 200).text
    done(desk.post(f"{review}/release", signing(desk.get(review))))

    page = done(tablet.get(f"{here}/sign?language=zh"), 200)
    customer = {"name": "陈静怡", "function": "设备科长", "rating": "5", "signature": picture()}
    form = signing(page, **customer)
    done(tablet.post(f"{here}/sign?language=zh", form, content_type="multipart/form-data"))

    order, paper = order_of(number), paper_of(number)
    assert (order.state, order.request.state, paper.state) == (OrderState.DONE, RequestState.COMPLETED, State.ISSUED)
    engineer, reviewer, signer = paper.current.signatures
    assert (engineer.name, reviewer.name, signer.name) == ("李伟", "吴敏", "陈静怡")
    assert all(signature.covers and signature.place for signature in paper.current.signatures)
    assert (signer.method, signer.witness_name, signer.language) == (Method.WITNESSED, "李伟", "zh")
    assert signer.picture_id is not None and signer.rating == 5


def test_the_signature_keeps_the_language_that_was_read(browser, people, device):
    number = order_at(people, device, "to_sign")
    tablet, address = browser("technician"), f"/technician/orders/{number}/sign?language=en"
    page = tablet.get(address)
    assert '<html lang="en"' in page.text and "Symptom found" in page.text
    done(tablet.post(address, signing(page, name="Grace Shen", typed_name="Grace Shen", rating="4")))
    signer = paper_of(number).current.signatures[-1]
    assert (signer.language, signer.picture_id) == ("en", None)


@pytest.mark.req("QCR-8")
def test_a_report_signed_on_paper_is_filed_by_its_photo_and_a_reason(browser, people, device):
    number = order_at(people, device, "to_sign")
    tablet, address = browser("technician"), f"/technician/orders/{number}/paper?language=zh"
    form = signing(tablet.get(address), name="陈静怡", reason="科室无网络", photo=picture("JPEG", "签字页.jpg"))
    done(tablet.post(address, form, content_type="multipart/form-data"))
    signer = paper_of(number).current.signatures[-1]
    assert (signer.method, signer.reason, signer.rating) == (Method.PAPER, "科室无网络", None)
    assert signer.picture_id is not None
