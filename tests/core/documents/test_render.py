"""Rendering: exact, closed to the outside, and stoppable."""

import faulthandler
import io
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from portal.core.documents import Limits, RenderFailed, Unprintable, canonical_bytes, render_pdf
from portal.core.documents.child import run_in_child
from portal.core.documents.glyphs import BLANK, INVISIBLE
from tests.core.documents import demo_report
from tests.core.documents.demo_report import PATIENT
from tests.core.documents.reading import attached, faces, open_pdf, shown

pytestmark = [pytest.mark.pdf, pytest.mark.usefixtures("warm_engine")]

AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
HEAVY = "<table>" + "<tr><td>一二三<td>four<td>5<td>6</tr>" * 4000 + "</table>"


def page(body: str) -> str:
    return f"<!DOCTYPE html><html lang=zh-CN><head><title>t</title></head><body>{body}</body></html>"


def render(body: str, **options) -> bytes:
    return render_pdf(page(body), at=AT, **{"limits": PATIENT} | options).pdf


def failure(body: str, **options) -> RenderFailed:
    with pytest.raises(RenderFailed) as caught:
        render(body, **options)
    return caught.value


@pytest.fixture(scope="module")
def report() -> bytes:
    return demo_report.rendered().pdf


# Exact


def test_the_same_arguments_give_the_same_bytes(report):
    assert demo_report.rendered().pdf == report


def test_a_fresh_process_gives_the_same_bytes_as_a_warm_one(report):
    code = "import sys; from tests.core.documents.demo_report import rendered; sys.stdout.buffer.write(rendered().pdf)"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=100)
    assert fresh.stdout == report


def test_the_report_has_two_pages_and_says_what_it_cost():
    shared = resident_bytes()  # a fork begins with all that its parent holds
    made = demo_report.rendered("en")
    assert made.pages == len(open_pdf(made.pdf).pages) == 2
    assert made.peak_bytes - shared < 300 * 1024 * 1024


def resident_bytes() -> int:
    """The memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.req("QCR-8")
def test_the_frozen_bytes_lie_in_the_pdf_unchanged(report):
    content = canonical_bytes(demo_report.payload())
    assert attached(report, "report.json") == (content, "application/json", "/Source")


def test_it_is_marked_as_archive_format_and_accessible(report):
    document = open_pdf(report)
    metadata = document.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert document.Root.Lang == "zh-CN"
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert document.Root.OutputIntents
    assert document.docinfo["/Title"] == "医疗器械售后服务记录 SR-2026-000123"


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_no_page_ends_with_what_a_table_is_called():
    table = '<table class="rows"><caption>Called</caption><thead><tr><th>Head</thead><tr><td>Row</tr></table>'
    above = (f'<div style="break-before: page; height: {height}mm"></div>' for height in range(170, 260, 3))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render("".join(a + table for a in above)))).pages]
    assert len([text for text in pages if "Called" in text]) == 30
    assert all("Head" in text for text in pages if "Called" in text)


def test_qpdf_finds_no_fault(report, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(report)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


# Glyphs


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_only_our_own_faces_are_used_and_all_are_embedded(language):
    used = faces(demo_report.rendered(language).pdf)
    assert used
    assert all(used.values())
    assert all(name.startswith("Noto-Sans") for name in used)


@pytest.mark.parametrize("weight", ["span", "b"])
@pytest.mark.parametrize("text", ["䶮龘㐂", "𠮷𬎆", "葛\U000e0100", "SpO₂⌀✔☐", "🙏"])
def test_rare_characters_are_really_drawn(text, weight):
    glyphs = shown(render(f"<p><{weight}>呼吸机 {text} 王</{weight}>"))
    assert all(glyph.number for glyph in glyphs)
    drawn = {glyph.text[0] for glyph in glyphs if glyph.outlines}
    assert set(text) - INVISIBLE <= drawn


def test_no_page_of_the_report_shows_an_empty_box(report):
    assert all(glyph.number for glyph in shown(report))


def test_spaces_and_invisible_marks_leave_no_box():
    marks = "".join(f"王{mark}𠮷{mark}a{mark}✔{mark}🙏{mark}" for mark in sorted(BLANK | INVISIBLE))
    assert all(glyph.number for glyph in shown(render(f"<pre>{marks}</pre>")))


def test_a_character_without_glyph_stops_the_render_by_name():
    with pytest.raises(Unprintable, match=r"U\+2A6D6 cannot be printed"):
        render("<p>王\U0002a6d6")


def test_a_character_that_slips_past_the_check_is_caught_by_the_engine():
    with pytest.raises(Unprintable, match=r"U\+2A6D6 cannot be printed"):
        render("<p>王&#x2A6D6;")


def test_text_longer_than_a_page_is_printed_to_its_last_line_wherever_it_stands():
    lines = [f"第{number}行。" for number in range(130)]  # short, so that no page break parts one
    typed = "\n".join(lines)
    rows = [("15:00", typed, "", 1), ("15:01", "短", "", 1)]
    html = demo_report.page(fault=typed, facts=[("a", "b"), ("c", typed)], parts=rows)
    pdf = render_pdf(html, blobs=demo_report.blobs(), at=AT, limits=PATIENT).pdf
    printed = "".join(glyph.text for glyph in shown(pdf))
    assert [line for line in lines if printed.count(line) != 3] == []


# Closed to the outside


@pytest.fixture
def visits():
    """The paths that somebody fetched from a server on this machine, and its address."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield seen, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


HOSTILE = [
    '<img src="{url}">',
    '<img src="file://{file}">',
    '<img src="app://static/../core/documents/qr.py">',
    '<img src="app://blob/not-given">',
    '<img src="data:image/png;base64,AAAA">',
    '<link rel=stylesheet href="{url}">',
    '<link rel=attachment href="file://{file}">',
    '<a rel=attachment href="file://{file}">x</a>',
    "<style>@import url({url});</style>",
    "<style>p{{background:url({url})}}</style><p>x",
    "<style>@font-face{{font-family:x;src:url({url})}}</style><p>x",
    '<object data="{url}"></object>',
    '<embed src="file://{file}">',
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_that_points_outside_ends_the_render(hostile, visits, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    seen, url = visits
    assert failure(hostile.format(url=url, file=secret)).reason == "refused"
    assert seen == []


def test_the_same_markup_in_a_value_is_only_text(visits, tmp_path):
    seen, url = visits
    others = ["<script>alert(1)</script>", "{{{{ 7 * 7 }}}}", "</p></main><h1>forged"]
    typed = [hostile.format(url=url, file=tmp_path) for hostile in HOSTILE + others]
    html = demo_report.page(fault="\n".join(typed), facts=[(text, text) for text in typed])
    pdf = render_pdf(html, blobs=demo_report.blobs(), at=AT, limits=PATIENT).pdf
    assert seen == []
    assert not open_pdf(pdf).attachments
    printed = "".join(glyph.text for glyph in shown(pdf)).replace(" ", "")
    assert [text for text in typed if text.replace(" ", "") not in printed] == []


def test_a_picture_inside_a_drawing_is_not_fetched(visits):
    seen, url = visits
    picture = f'<image href="{url}/x.png" width="9" height="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{picture}</svg>'
    assert failure(drawing).reason in ("refused", "broken")
    assert seen == []


def test_a_picture_that_cannot_be_read_is_not_left_out_silently():
    broken = {"app://blob/photo": ("image/jpeg", b"no picture")}
    assert failure('<img src="app://blob/photo">', blobs=broken).reason == "broken"


def test_a_blob_has_a_blob_address():
    with pytest.raises(ValueError, match="file:///etc/passwd"):
        render("<p>x", blobs={"file:///etc/passwd": ("text/plain", b"")})


# Stoppable


def next_render_succeeds() -> bool:
    return render("<p>next").startswith(b"%PDF")


def test_too_slow_is_stopped():
    assert failure("<table><tr><td colspan=100000>x</table>", limits=Limits(seconds=1)).reason == "time"
    assert next_render_succeeds()


def test_too_big_is_stopped():
    assert failure(HEAVY, limits=Limits(seconds=90, memory=200 * 1024 * 1024)).reason == "memory"
    assert next_render_succeeds()


def test_what_its_parent_holds_is_not_counted():
    held = b"x" * (250 * 1024 * 1024)
    assert render("<p>small", limits=Limits(memory=200 * 1024 * 1024)).startswith(b"%PDF")
    assert resident_bytes() > len(held)


def test_too_long_is_stopped():
    breaks = '<p style="break-after:page">x' * 3
    assert failure(breaks, limits=Limits(pages=2)).reason == "pages"
    assert next_render_succeeds()


def test_too_deep_is_stopped():
    assert failure("<div>" * 600).reason == "broken"
    assert next_render_succeeds()


def sleeps() -> tuple[int, bytes]:
    signal.pause()
    return 0, b""


def kills_itself() -> tuple[int, bytes]:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0, b""


def dies() -> tuple[int, bytes]:
    faulthandler.disable()  # which would print the death as that of the tests
    os.abort()


@pytest.mark.parametrize(("work", "reason"), [(sleeps, "time"), (kills_itself, "memory"), (dies, "crashed")])
def test_a_child_that_says_nothing_leaves_a_reason(work, reason):
    with pytest.raises(RenderFailed) as caught:
        run_in_child(lambda: work, limits=Limits(seconds=0.5))
    assert caught.value.reason == reason


def test_no_child_is_left_behind():
    before = children()
    failure("<table><tr><td colspan=100000>x</table>", limits=Limits(seconds=0.5))
    assert children() == before


def children() -> set[str]:
    """The processes that this one has begotten and not buried."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def tells_its_own_end() -> tuple[int, bytes]:
    """Seconds until its alarm, and whether that alarm ends it."""
    return signal.alarm(0), str(signal.getsignal(signal.SIGALRM) is signal.SIG_DFL).encode()


def test_a_child_ends_by_itself_when_its_parent_was_killed():
    head, ends = run_in_child(lambda: tells_its_own_end, limits=Limits(seconds=3))
    assert (head["pages"], ends) == (4, b"True")


def swallows_memory() -> tuple[int, bytes]:
    swallowed = []
    while True:
        swallowed.append(b"x" * 1_000_000)


def test_memory_is_limited_even_when_nobody_looks(monkeypatch):
    monkeypatch.setattr("portal.core.documents.child.LOOK_EVERY_SECONDS", 30)
    with pytest.raises(RenderFailed) as caught:
        run_in_child(lambda: swallows_memory, limits=Limits(seconds=60))
    assert (caught.value.reason, caught.value.detail) == ("memory", "out of memory")


# Where it runs


def test_importing_the_portal_does_not_load_the_engine():
    code = "import sys, portal, portal.core.documents; sys.exit(not {'weasyprint', 'pyhanko'}.isdisjoint(sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_rendering_from_a_cold_process_does_not_load_the_engine_there():
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom portal.core.documents import render_pdf\n"
        "render_pdf('<html lang=en><title>t</title><p>x', at=datetime.now(UTC))\nsys.exit('weasyprint' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_without_its_system_libraries_the_engine_is_named_as_missing(tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    code = (
        "from datetime import UTC, datetime\nfrom portal.core.documents import RenderFailed, render_pdf\n"
        "try: render_pdf('<p>x', at=datetime.now(UTC))\nexcept RenderFailed as failure: print(failure.reason)"
    )
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert told.stdout == "engine\n"


def test_the_stylesheet_says_nothing_that_the_engine_does_not_understand(caplog):
    from portal.core.documents import engine

    engine.look.cache_clear()
    with caplog.at_level(logging.WARNING, "weasyprint"):
        engine.look()
    assert caplog.messages == []
    engine.look.cache_clear()


def test_nothing_in_a_report_runs_by_itself(report):
    document = open_pdf(report)
    kinds = {str(item.get("/S")) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}
    assert not kinds & {"/JavaScript", "/Launch", "/URI", "/SubmitForm"}
    assert "/OpenAction" not in document.Root


def test_a_large_photo_is_kept_no_finer_than_print_shows_it():
    photo = demo_report.photo("#7d8f9c", "E-42")
    figure = '<div class=photos><figure><img src="app://blob/photo" alt="photo"></figure></div>'
    document = open_pdf(render(figure, blobs={"app://blob/photo": ("image/jpeg", photo)}))
    (picture,) = document.pages[0].Resources.XObject.values()
    assert picture.Subtype == "/Image"
    assert int(picture.Width) <= 85.5 / 25.4 * 200 + 1
