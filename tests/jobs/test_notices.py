import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from jobs import notices as delivering
from jobs import run
from jobs import webhook as hook
from portal.core import clock, outbox
from portal.core.db import db, writing
from portal.core.errors import Message
from portal.core.files import Limits, keep, room_in
from portal.core.notices import (
    KINDS,
    Addressee,
    Channel,
    Delivery,
    Enclosure,
    NoticeKind,
    Progress,
    choose,
    declare,
    deliver_again,
    notify,
    undelivered,
)
from portal.core.outbox import OutboxRow, State
from tests.jobs.house import bare_app, change, row

ROOT = SimpleNamespace(__tablename__="service_request", id=42)
AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
LI = Addressee("li@hospital.example", "zh", "Asia/Shanghai", id=1)
SMITH = Addressee("smith@hospital.example", "en", "Europe/London", id=2)


@pytest.fixture
def kind():
    made = declare(NoticeKind("test.told", label=Message("A test"), title=Message("Test %(number)s")))
    yield made
    del KINDS["test.told"]


@pytest.fixture
def app(tmp_path, mail_server):
    say_in_chinese(tmp_path, {"Your request %(number)s": "您的报修 %(number)s"})
    app = bare_app(
        tmp_path,
        MAIL_URL=mail_server.url,
        MAIL_FROM="Care <care@portal.example>",
        PUBLIC_URL="https://portal.example",
        WEBHOOK_URL="https://hook.example/sms?to=1",
        WEBHOOK_SECRET="w" * 32,
    )
    outbox.connect("")
    with app.app_context():
        yield app


def say_in_chinese(home, texts):
    folder = home / "translations" / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog("zh")
    for msgid, text in texts.items():
        catalogue.add(msgid, text)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


def tell(kind, *people, **params):
    """Tell them; the id of the outbox row."""
    with clock.frozen(AT), writing() as session:
        notify(session, kind, people, root=ROOT, params={"number": "SR-1", "note": "因故障停用 𠮷"} | params)
    return db.session.scalar(sa.select(sa.func.max(OutboxRow.id)))


def deliveries():
    db.session.rollback()
    return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def run_out_of_tries(row_id):
    for _ in range(5):
        change(row_id, not_before=None)
        run(row_id)


@pytest.fixture
def enclosing(app, tmp_path):
    """`enclosing(content, size)` is a kind of notice with that file, in the recipient's language."""
    app.extensions["room"] = room = room_in(tmp_path)

    def enclosing(content, size=None):
        kept = keep(content, "report.pdf", "application/pdf", limits=Limits(), room=room)

        def attachments(session, notice, language):
            return [Enclosure(f"SR-1-{language}.pdf", kept.media_type, kept.key, size or kept.size)]

        made = NoticeKind("test.told", label=Message("A test"), title=Message("Test"), attachments=attachments)
        return declare(made)

    yield enclosing
    KINDS.pop("test.told", None)


class TestMail:
    def test_takes_along_what_the_kind_encloses_in_the_recipients_language(self, enclosing, mail_server):
        run(tell(enclosing(b"%PDF"), LI, SMITH))
        files = [list(got.message.iter_attachments()) for got in mail_server.wait_for(2)]
        assert [[file.get_filename() for file in each] for each in files] == [["SR-1-zh.pdf"], ["SR-1-en.pdf"]]
        assert files[0][0].get_content() == b"%PDF"

    def test_goes_without_a_file_that_no_mail_server_would_take(self, enclosing, mail_server):
        run(tell(enclosing(b"%PDF", delivering.MOST_ENCLOSED + 1), LI))
        assert list(mail_server.wait_for(1)[0].message.iter_attachments()) == []

    @pytest.mark.req("NTC-1")
    def test_speaks_the_recipients_language_and_zone(self, app, kind, mail_server):
        assert run(tell(kind, LI, SMITH)) is True
        chinese, english = (got.message for got in mail_server.wait_for(2))
        assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-CN", "en")
        assert (chinese["Subject"], english["Subject"]) == ("您的报修 SR-1", "Your request SR-1")
        assert "20 Nov 2026, 23:30" in text_of(english)
        assert "2026-11-21 07:30" in text_of(chinese)
        assert "因故障停用 𠮷" in text_of(chinese)

    def test_links_to_the_public_address_whatever_host_anybody_named(self, app, kind, mail_server):
        run(tell(kind, LI))
        message = mail_server.wait_for(1)[0].message
        assert set(re.findall(r"https?://[^/\s]+", text_of(message))) == {"https://portal.example"}
        assert '<a href="https://portal.example/r/SR-1">' in message.get_body(("html",)).get_content()

    def test_shows_what_people_typed_as_text(self, app, kind, mail_server):
        run(tell(kind, LI, note='<img src="https://evil.example/x"> {{ 7 * 7 }}'))
        page = mail_server.wait_for(1)[0].message.get_body(("html",)).get_content()
        assert "<img" not in page and "{{ 7 * 7 }}" in page

    def test_is_noted_as_sent(self, app, kind, mail_server):
        row_id = tell(kind, LI)
        run(row_id)
        [delivery] = deliveries()
        assert (delivery.state, delivery.tries, delivery.last_error) == (Progress.SENT, 1, None)
        assert abs(delivery.sent_at - clock.now()).total_seconds() < 10
        assert row(row_id).state == State.DONE

    def test_refused_is_tried_again_with_the_same_id_and_then_sent(self, app, kind, mail_server):
        row_id = tell(kind, LI)
        mail_server.refusal = "451 try later"
        run(row_id)
        [waiting] = deliveries()
        assert (waiting.state, waiting.tries) == (Progress.WAITING, 1)
        assert "try later" in waiting.last_error
        assert (row(row_id).not_before - clock.now()).total_seconds() > 50
        mail_server.refusal = None
        change(row_id, not_before=None)
        run(row_id)
        assert mail_server.wait_for(1)[0].message["Message-ID"] == f"<{waiting.message_id}@portal.example>"
        assert deliveries()[0].state == Progress.SENT

    def test_refused_five_times_is_listed_and_can_be_sent_again_with_the_same_id(self, app, kind, mail_server):
        row_id = tell(kind, LI)
        mail_server.refusal = "550 no such user"
        run_out_of_tries(row_id)
        assert mail_server.refused == 5
        [(gone, notice)] = undelivered(db.session)
        assert (gone.tries, notice.person_id) == (5, LI.id) and "no such user" in gone.last_error
        assert row(row_id).state == State.DEAD
        mail_server.refusal = None
        with writing() as session:
            deliver_again(session, session.get_one(Delivery, gone.id))
        run(deliveries()[0].outbox_id)
        assert mail_server.wait_for(1)[0].message["Message-ID"] == f"<{gone.message_id}@portal.example>"
        assert undelivered(db.session) == []

    def test_to_a_server_that_is_away_waits_for_it(self, app, kind, mail_server):
        mail_server.stop()
        row_id = tell(kind, LI, SMITH)
        run(row_id)
        assert [delivery.tries for delivery in deliveries()] == [1, 1]
        assert "ConnectionRefusedError" in deliveries()[0].last_error
        mail_server.start()
        change(row_id, not_before=None)
        run(row_id)
        assert len(mail_server.wait_for(2)) == 2

    def test_one_bad_address_does_not_hold_up_the_others_nor_have_them_sent_twice(self, app, kind, mail_server):
        bad = Addressee("bad@hospital.example\nBcc: all@hospital.example", "zh", "Asia/Shanghai", id=3)
        row_id = tell(kind, LI, bad, SMITH)
        run_out_of_tries(row_id)
        assert [got.recipients[0] for got in mail_server.received] == [LI.email, SMITH.email]
        assert [delivery.state for delivery in deliveries()] == [Progress.SENT, Progress.DEAD, Progress.SENT]
        assert "Unsendable" in deliveries()[1].last_error

    def test_one_text_that_cannot_be_made_does_not_hold_up_the_others(self, app, kind, mail_server):
        with writing() as session:
            for number in ("broken", "SR-2"):
                notify(session, kind, [LI], root=ROOT, params={"number": number, "note": ""})
            second = session.scalar(sa.select(sa.func.max(OutboxRow.id)))
            session.execute(sa.update(Delivery).values(outbox_id=second))
        run(second)
        assert [got.message["Subject"] for got in mail_server.wait_for(1)] == ["您的报修 SR-2"]
        assert [delivery.state for delivery in deliveries()] == [Progress.WAITING, Progress.SENT]

    def test_a_worker_that_dies_between_two_mails_sends_each_once(self, app, kind, mail_server, monkeypatch):
        row_id = tell(kind, LI, SMITH)
        noted = delivering._note_sent

        def die_after_the_first(ctx, letter):
            noted(ctx, letter)
            raise KeyboardInterrupt

        monkeypatch.setattr(delivering, "_note_sent", die_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            run(row_id)
        monkeypatch.undo()
        change(row_id, lease_until=clock.now().replace(year=2000))
        run(row_id)
        assert [got.recipients[0] for got in mail_server.wait_for(2)] == [LI.email, SMITH.email]

    def test_a_kind_can_add_what_must_not_lie_in_the_database(self, app, mail_server):
        made = declare(
            NoticeKind(
                "test.told",
                label=Message("A test"),
                title=Message("Test"),
                inbox=False,
                context=lambda session, notice: {"note": f"one-use-{notice.root_id}"},
            )
        )
        try:
            with writing() as session:
                notify(session, made, [LI], root=ROOT, params={"number": "SR-1"})
            run(db.session.scalar(sa.select(sa.func.max(OutboxRow.id))))
        finally:
            del KINDS["test.told"]
        assert "one-use-42" in text_of(mail_server.wait_for(1)[0].message)


class TestWebhook:
    @pytest.fixture
    def posted(self, monkeypatch):
        """What was posted; `refuse` holds an error to raise instead."""
        posted = SimpleNamespace(events=[], refuse=None)

        def post(url, secret, event_id, body, at):
            if posted.refuse:
                raise posted.refuse
            posted.events.append((url, secret, event_id, json.loads(body)))

        monkeypatch.setattr(hook, "post", post)
        return posted

    @pytest.fixture
    def wanted(self, app, kind):
        """Li chose the web hook instead of mail."""
        with writing() as session:
            choose(session, LI.id, kind, Channel.WEBHOOK, True)
            choose(session, LI.id, kind, Channel.MAIL, False)

    def test_says_who_is_told_of_what_in_their_language(self, kind, wanted, posted):
        run(tell(kind, LI))
        [(url, secret, event_id, event)] = posted.events
        assert (url, secret) == ("https://hook.example/sms?to=1", "w" * 32)
        assert event["id"] == event_id == deliveries()[0].message_id
        assert event["kind"] == "test.told"
        assert event["to"] == {"person": 1, "email": "li@hospital.example", "language": "zh-CN"}
        assert "因故障停用 𠮷" in event["text"]
        assert deliveries()[0].state == Progress.SENT

    @pytest.mark.parametrize("error", [hook.NotTaken("answered 500"), ConnectionRefusedError("away")])
    def test_refused_is_tried_again_with_the_same_id_and_then_listed(self, kind, wanted, posted, error):
        row_id = tell(kind, LI)
        posted.refuse = error
        run(row_id)
        assert deliveries()[0].tries == 1
        posted.refuse = None
        change(row_id, not_before=None)
        run(row_id)
        assert [event[2] for event in posted.events] == [deliveries()[0].message_id]

    def test_given_up_is_listed(self, kind, wanted, posted):
        row_id = tell(kind, LI)
        posted.refuse = hook.NotTaken("answered 500")
        run_out_of_tries(row_id)
        [(gone, _)] = undelivered(db.session)
        assert (gone.channel, gone.tries) == (Channel.WEBHOOK, 5)

    def test_without_a_receiver_is_not_an_error(self, tmp_path, kind, posted):
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        with bare_app(elsewhere).app_context():
            with writing() as session:
                choose(session, LI.id, kind, Channel.WEBHOOK, True)
            row_id = tell(kind, LI)
            run(row_id)
            assert row(row_id).state == State.DONE
            assert deliveries()[-1].state == Progress.NOT_SET_UP
        assert posted.events == []


def text_of(message):
    return message.get_body(("plain",)).get_content()
