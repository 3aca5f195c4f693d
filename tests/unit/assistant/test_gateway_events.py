"""Live news over a real connection: the ASGI test transport would wait for the end of the stream."""

import asyncio
import contextlib
import json
import socket

import httpx
import pytest
import uvicorn

from assistant.gateway.broker import MemoryBroker, News
from assistant.gateway.events import message_news
from assistant.storage.records import Change, NewMessage


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def served(app):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
        server = uvicorn.Server(config)
        # The test process's own signal handling stays as it is.
        setattr(server, "capture_signals", contextlib.nullcontext)  # noqa: B010 - mypy refuses a plain assignment
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            async with asyncio.timeout(10):
                await running


async def read_events(lines, count):
    found: list[tuple[str, dict[str, str]]] = []
    current: dict[str, str] = {}
    async with asyncio.timeout(10):
        async for line in lines:
            if not line and current:
                found.append((current["event"], json.loads(current["data"])))
                current = {}
                if len(found) == count:
                    return found
            elif ": " in line and not line.startswith(":"):
                key, _, value = line.partition(": ")
                current[key] = value
    raise AssertionError("the stream ended early")


async def test_a_persons_reply_and_the_handover_arrive_and_deletion_ends_it(gateway, chat):
    parts = gateway.app.state.services
    async with (
        served(gateway.app) as address,
        httpx.AsyncClient() as client,
        client.stream("GET", address + chat.url + "/events", headers=chat.headers) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        await until(lambda: parts.broker.listeners(chat.id) == 1)
        await chat.post("/handover", preferred_contact="chat", summary="help", consent=True)
        person = NewMessage(sender="person", text="Hello, I am Sam.")
        stored = parts.storage.conversations.add(chat.id, person, Change(handover="with_person"))
        await parts.broker.publish(chat.id, message_news(stored, mode="standard"))
        [handover, message] = await read_events(lines, 2)
        assert handover == ("handover", {"handover": "waiting"})
        assert message[0] == "message"
        assert (message[1]["sender"], message[1]["text"]) == ("person", "Hello, I am Sam.")
        await chat.client.delete(chat.url, headers=chat.headers)
        assert (await read_events(lines, 1))[0][0] == "gone"
        await until(lambda: parts.broker.listeners(chat.id) == 0)


@pytest.mark.parametrize("how", ["after", "header"])
async def test_what_was_missed_comes_first(gateway, chat, how):
    [welcome] = await chat.messages()
    await chat.say("hello")
    url, headers = chat.url + "/events", chat.headers
    if how == "after":
        url += f"?after={welcome['id']}"
    else:
        headers = headers | {"Last-Event-ID": welcome["id"]}
    async with (
        served(gateway.app) as address,
        httpx.AsyncClient() as client,
        client.stream("GET", address + url, headers=headers) as stream,
    ):
        missed = await read_events(stream.aiter_lines(), 2)
    assert [data["sender"] for _, data in missed] == ["user", "assistant"]


async def test_a_stream_needs_the_token_and_a_known_message(gateway, chat):
    assert (await gateway.client.get(chat.url + "/events")).status_code == 401
    assert (await chat.get("/events?after=unknown")).status_code == 422


async def test_a_listener_that_does_not_read_is_cut_off():
    broker = MemoryBroker()
    queue = broker.listen("topic")
    for number in range(101):
        await broker.publish("topic", News("message", {"id": str(number)}))
    assert broker.listeners("topic") == 0
    received = [queue.get_nowait() for _ in range(queue.qsize())]
    assert received[-1] is None
