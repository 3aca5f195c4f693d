"""Whatever is sent, the answer is a clear 4xx or a kind reply, and never HTML."""

import asyncio
import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PROBLEM = "application/problem+json"


def assert_problem(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    assert {"type", "title", "status", "detail"} <= set(response.json())


@pytest.mark.parametrize("text", ["", "   \n ", "a" * 501, "\u0000\u202e\u200b", "\ud800"])
async def test_text_without_content_or_too_long_is_refused(gateway, chat, text):
    body = json.dumps({"text": text})
    headers = chat.headers | {"Content-Type": "application/json"}
    assert_problem(await chat.client.post(chat.url + "/messages", content=body, headers=headers), 422)
    assert gateway.rasa.asked == []


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a" * 500, "a" * 500),
        ("  hello  ", "hello"),
        ("he\u0000l\u202elo", "hello"),
        ("👩‍👧 🙂", "👩‍👧 🙂"),
        ("/restart", "restart"),
        ('/handoff{"x":1}', 'handoff{"x":1}'),
        (" / /slot", "slot"),
        ("///", "?"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
async def test_what_the_dialogue_sees(gateway, chat, typed, seen):
    await chat.say(typed)
    assert gateway.rasa.asked[-1].text == seen


async def test_a_slash_command_is_kept_as_typed(chat):
    await chat.say("/restart")
    assert "/restart" in [message["text"] for message in await chat.messages()]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "a", "choice": "b"},
        {"text": None},
        {"text": 5},
        {"choice": "unknown"},
        [],
        "x",
        None,
        {"text": "a", "client_message_id": "not-a-uuid"},
    ],
)
async def test_a_body_of_the_wrong_shape_is_refused(gateway, chat, body):
    assert_problem(await chat.client.post(chat.url + "/messages", json=body, headers=chat.headers), 422)
    assert gateway.rasa.asked == []


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"text": "a"', b"[" * 5000])
async def test_invalid_json_is_400(chat, content):
    headers = chat.headers | {"Content-Type": "application/json"}
    assert_problem(await chat.client.post(chat.url + "/messages", content=content, headers=headers), 400)


async def test_a_large_body_is_413_announced_or_not(chat):
    async def chunks():
        for _ in range(64):
            yield b"x" * 16_384

    for content in (b"x" * 1_000_000, chunks()):
        assert_problem(await chat.client.post(chat.url + "/messages", content=content, headers=chat.headers), 413)


async def test_unknown_addresses_and_methods_are_problems(chat):
    assert_problem(await chat.client.get("/nowhere"), 404)
    assert_problem(await chat.client.get("/api/v1/nowhere"), 404)
    assert_problem(await chat.client.put(chat.url), 405)
    assert_problem(await chat.client.get("/widget/../../secret"), 404)


async def test_an_unexpected_error_is_a_problem_without_details(gateway, chat, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError("my private words")

    monkeypatch.setattr(gateway.guard, "check", fail)
    response = await chat.post(text="my private words")
    assert_problem(response, 500)
    assert "private" not in response.text + caplog.text


async def test_a_problem_names_fields_but_never_values(chat):
    response = await chat.post(f"/messages/{'0' * 32}/feedback", helpful="my private words")
    assert response.json()["fields"] == ["helpful"]
    assert "private" not in response.text


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["text", "choice", "client_message_id", "helpful", "summary", "consent", "preferred_contact"]
            )
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)
_content = st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_content, path=st.sampled_from(["", "/messages", "/handover", "/messages/0/feedback"]))
def test_no_body_makes_the_gateway_answer_500(open_gateway, content, path):
    async def sent() -> list[httpx.Response]:
        async with open_gateway() as gateway:
            chat = await gateway.start()
            headers = chat.headers | {"Content-Type": "application/json"}
            url = chat.url + path if path else "/api/v1/conversations"
            return [
                await chat.client.post(url, content=content, headers=headers),
                await chat.client.request("PATCH", chat.url, content=content, headers=headers),
                await chat.client.post("/chat/say", content=content, headers=headers),
            ]

    for response in asyncio.run(sent()):
        assert response.status_code < 500, response.text
