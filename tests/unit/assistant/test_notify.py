"""Notifications against a real mail server and a real receiver on loopback."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.notify.letter import Letters
from assistant.notify.mail import Mail, MailServer
from assistant.notify.sender import Sender
from assistant.notify.webhook import KEY, SIGNATURE, TIMESTAMP, Webhook
from assistant.settings import Settings
from assistant.storage.outbox import Notice, queue
from assistant.storage.records import Flag, NewMessage
from assistant.storage.storage import Storage
from tests.stack import free_port
from tests.unit.assistant.mail_and_hook import Mailbox, Receiver, http_server, mail_server

PUBLIC = "https://chat.example.org"
SECRET = "a long random text"
WORDS = "my mum hits me"


class World:
    """A database with a clock that tests move, and what receives notifications."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.storage = Storage(Settings(data_dir=folder), now=lambda: self.now)
        self.storage.open()
        self.mailbox, self.receiver = Mailbox(), Receiver()

    def wait(self, **step: float) -> None:
        self.now += timedelta(**step)

    def handover(self, reference: str = "ABCD-EFGH") -> None:
        with self.storage.database.write() as connection:
            queue(connection, "handover", {"reference": reference}, at=int(self.now.timestamp() * 1000))

    def flag(self) -> str:
        chat, _ = self.storage.conversations.create("hash", reading_mode="standard", audience=None, welcome=())
        flag = Flag(kind="child-disclosure", category="abuse", score=1.0, reasons=("rule",), text=WORDS)
        message = NewMessage(sender="user", text=WORDS)
        assert self.storage.conversations.begin_turn(chat.id, message, client_message_id=None, flag=flag)
        return self.storage.flags.page(closed=False)[0][0].id

    def history(self, flag_id: str) -> list[str]:
        found = self.storage.flags.find(flag_id)
        assert found is not None
        return [step.note for step in found.history if step.note]

    def last(self) -> Notice:
        return self.storage.outbox.recent(limit=1)[0]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.storage.close()


def mail(port: int, **more) -> Mail:
    server = MailServer("smtp", "127.0.0.1", port)
    return Mail(server, sender="chat@example.org", to=("desk@example.org",), **more)


def sender(world: World, *channels, public_url: str = PUBLIC) -> Sender:
    return Sender(world.storage.outbox, channels, Letters(public_url))


async def test_a_request_is_told_by_mail_and_webhook_without_a_word_of_it(world):
    world.handover()
    with mail_server(world.mailbox) as port, http_server(world.receiver) as url:
        sending = sender(world, mail(port), Webhook(url, SECRET))
        assert await sending.send_one()
        assert not await sending.send_one()
        await sending.close()
    [letter], [(headers, body)] = world.mailbox.letters, world.receiver.calls
    assert letter["To"] == "desk@example.org"
    assert "ABCD-EFGH" in letter["Subject"]
    assert "ABCD-EFGH" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    told = json.loads(body)
    assert (told["kind"], told["reference"], told["link"]) == ("handover", "ABCD-EFGH", None)
    assert headers[KEY] == told["id"]
    signed = hmac.new(SECRET.encode(), headers[TIMESTAMP].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers[SIGNATURE] == f"sha256={signed}"
    assert world.last().sent_at is not None
    assert set(world.last().done) == {"mail", "webhook"}


async def test_safeguarding_goes_first_to_its_own_people_and_into_the_history(world):
    world.handover()
    flag_id = world.flag()
    with mail_server(world.mailbox) as port:
        sending = sender(world, mail(port, safeguarding_to=("lead@example.org", "deputy@example.org")))
        await sending.send_one()
        await sending.send_one()
    first, second = world.mailbox.letters
    assert world.mailbox.recipients == [["lead@example.org", "deputy@example.org"], ["desk@example.org"]]
    assert first["Importance"] == "high"
    assert f"{PUBLIC}/staff/safeguarding/{flag_id}" in first.get_content()
    assert "ABCD-EFGH" in second["Subject"]
    for private in (WORDS, "mum", "abuse", "child-disclosure"):
        assert private not in first.as_string()
    assert world.history(flag_id) == ["Notified by e-mail."]


async def test_a_refusal_is_tried_again_with_growing_waits_and_its_reason_is_kept(world):
    flag_id = world.flag()
    world.mailbox.answer = "451 4.3.0 lead@example.org is busy"
    waits = []
    with mail_server(world.mailbox) as port:
        sending = sender(world, mail(port))
        for attempt in range(1, 5):
            assert await sending.send_one()
            assert not await sending.send_one()
            notice = world.last()
            assert (notice.attempts, notice.sent_at) == (attempt, None)
            assert notice.last_error == "mail: the server answered 451"
            waits.append(notice.due_at - int(world.now.timestamp() * 1000))
            world.wait(milliseconds=waits[-1])
        assert waits == sorted(set(waits))
        world.mailbox.answer = "250 OK"
        assert await sending.send_one()
    assert world.last().last_error is None
    first, last = world.history(flag_id)
    assert "tried again" in first
    assert last == "Notified by e-mail."


async def test_a_server_that_is_down_and_comes_back_gets_it_once(world):
    world.handover()
    port = free_port()
    sending = sender(world, mail(port))
    assert await sending.send_one()
    assert world.last().last_error == "mail: ConnectionRefusedError"
    world.wait(minutes=1)
    with mail_server(world.mailbox, port=port):
        assert await sending.send_one()
        assert not await sending.send_one()
    assert len(world.mailbox.letters) == 1


async def test_a_slow_server_is_given_up_on_for_now(world):
    world.handover()
    world.mailbox.gate = threading.Event()
    with mail_server(world.mailbox) as port:
        assert await sender(world, mail(port, seconds=0.2)).send_one()
        world.mailbox.gate.set()
    assert world.last().last_error in ("mail: SMTPServerDisconnected", "mail: TimeoutError")
    assert world.last().sent_at is None


async def test_what_one_way_took_is_not_sent_there_again_when_the_other_failed(world):
    world.handover()
    world.receiver.status = 500
    with mail_server(world.mailbox) as port, http_server(world.receiver) as url:
        sending = sender(world, mail(port), Webhook(url, SECRET))
        await sending.send_one()
        assert world.last().last_error == "webhook: the receiver answered 500"
        world.receiver.status = 204
        world.wait(minutes=1)
        await sending.send_one()
        await sending.close()
    assert len(world.mailbox.letters) == 1
    assert len(world.receiver.calls) == 2
    assert world.last().sent_at is not None


async def test_after_a_crash_between_sending_and_noting_it_goes_again_under_the_same_name(world, monkeypatch):
    world.handover()
    with mail_server(world.mailbox) as port:
        crashing = sender(world, mail(port))

        def crash(*_args: object, **_more: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(world.storage.outbox, "report", crash)
            with pytest.raises(KeyboardInterrupt):
                await crashing.send_one()
        # Another process must not take it while the first may still be sending.
        assert not await sender(world, mail(port)).send_one()
        world.wait(minutes=3)
        assert await sender(world, mail(port)).send_one()
    first, second = world.mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert world.last().sent_at is not None


async def test_two_processes_send_each_notification_once(world):
    for number in range(12):
        world.handover(f"REF-{number:04}")
    with mail_server(world.mailbox) as port:

        async def empty(sending: Sender) -> None:
            while await sending.send_one():
                pass

        await asyncio.gather(*(empty(sender(world, mail(port))) for _ in range(3)))
    subjects = [letter["Subject"] for letter in world.mailbox.letters]
    assert len(subjects) == len(set(subjects)) == 12


async def test_the_task_goes_on_after_the_database_was_away(world, monkeypatch):
    from assistant.errors import StorageError

    world.handover()
    claim, calls = world.storage.outbox.claim, []

    def flaky() -> Notice | None:
        calls.append(1)
        if len(calls) == 1:
            raise StorageError("gone")
        return claim()

    monkeypatch.setattr(world.storage.outbox, "claim", flaky)
    with mail_server(world.mailbox) as port:
        task = asyncio.create_task(sender(world, mail(port)).run(every=0.01))
        async with asyncio.timeout(20):
            while world.last().sent_at is None:
                await asyncio.sleep(0.01)
        task.cancel()
    assert len(world.mailbox.letters) == 1


async def test_without_a_way_nothing_is_taken_out(world):
    world.handover()
    await sender(world).run(every=0)
    assert world.last().attempts == 0
    assert world.storage.outbox.waiting() == 1


async def test_news_of_last_week_is_not_sent(world):
    world.handover()
    world.wait(days=8)
    with mail_server(world.mailbox) as port:
        assert not await sender(world, mail(port)).send_one()
    assert world.storage.outbox.waiting() == 0


async def test_a_kind_without_words_does_not_stop_the_others(world):
    with world.storage.database.write() as connection:
        queue(connection, "of the future", {}, at=0 + int(world.now.timestamp() * 1000))
    world.handover()
    with mail_server(world.mailbox) as port:
        sending = sender(world, mail(port))
        assert await sending.send_one()
        assert await sending.send_one()
    assert len(world.mailbox.letters) == 1
