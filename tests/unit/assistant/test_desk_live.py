"""Open staff pages hear of changes over a real connection."""

import asyncio

import httpx
import pytest

from assistant.review import live
from assistant.storage.desk_records import Seen
from tests.unit.assistant.desk_samples import asked, parts, sign_in
from tests.unit.assistant.test_gateway_events import served, until


class Stream:
    """The names of events, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> str:
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith("event: "):
                    return line.removeprefix("event: ")
        return "end"


@pytest.fixture
def anna(gateway):
    return sign_in(gateway.app)


async def listening(gateway, anna, address):
    client = httpx.AsyncClient(cookies=anna.client.cookies, timeout=10)
    return client, client.stream("GET", f"{address}/staff/events", headers={"accept": "text/event-stream"})


async def test_news_of_a_request_a_message_and_danger_arrive_within_five_seconds(gateway, anna, chat):
    async with served(gateway.app) as address:
        client, opened = await listening(gateway, anna, address)
        async with client, opened as response:
            stream = Stream(response)
            assert await stream.next() == "ready"
            request_id = await asked(chat, gateway.app)
            assert await stream.next() == "changed"
            await chat.say("hello?")
            assert await stream.next() == "changed"
            await chat.say("I am in danger")
            assert await stream.next() == "changed"
            await anna.act(request_id, "priority", priority=1)
            assert await stream.next() == "changed"


async def test_what_another_process_stored_is_seen_as_well(gateway, anna, chat, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    request_id = await asked(chat, gateway.app)
    async with served(gateway.app) as address:
        client, opened = await listening(gateway, anna, address)
        async with client, opened as response:
            stream = Stream(response)
            assert await stream.next() == "ready"
            parts(gateway.app).storage.desk.prioritise(Seen(request_id, 1), priority=2, by=anna.account.id)
            assert await stream.next() == "changed"


async def test_the_stream_ends_with_the_session_and_does_not_keep_it_alive(gateway, anna, chat, monkeypatch):
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    storage = parts(gateway.app).storage
    [session] = storage.staff_sessions.of(anna.account.id)
    async with served(gateway.app) as address:
        client, opened = await listening(gateway, anna, address)
        async with client, opened as response:
            stream = Stream(response)
            assert await stream.next() == "ready"
            assert storage.staff_sessions.of(anna.account.id)[0].last_seen == session.last_seen
            storage.staff_sessions.end_all(anna.account.id, actor="test")
            assert await stream.next() == "ended"
        await until(lambda: parts(gateway.app).broker.listeners("staff") == 0)


async def test_a_stream_needs_a_session(gateway):
    response = await gateway.client.get("/staff/events", headers={"accept": "text/event-stream"})
    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
