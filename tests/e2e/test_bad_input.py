"""Whatever is sent: a clear 4xx as problem+json or a kind reply, never a 500, and nothing of the chat is lost."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.talk import Talk
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(420)]
QUESTION = "What is mediation?"
NUL, RIGHT_TO_LEFT, NO_WIDTH = "\x00", "\u202e", "\u200b"


@pytest.fixture
def talk(stack: Stack) -> Iterator[Talk]:
    """A conversation with one question in it; afterwards that is still there and the chat goes on."""
    with Talk(stack.url) as begun:
        before = [begun.say(QUESTION).messages[0]["id"]]
        yield begun
        kept = begun.history()
        assert before[0] in [message["id"] for message in kept]
        again = begun.say(QUESTION)
        assert again.statuses == ["answered"]
        assert again.cited == ["process-mediation"]


def is_problem(response: httpx.Response, status: int) -> None:
    """Check an error: RFC 9457, no HTML, and nothing of what was sent."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == status
    assert body["detail"].endswith(".")


def count(talk: Talk) -> int:
    """Return how many messages are kept."""
    return len(talk.history())


BAD_BODIES: dict[str, tuple[Any, int]] = {
    "nothing": ({}, 422),
    "empty text": ({"text": ""}, 422),
    "spaces": ({"text": " \n\t "}, 422),
    "invisible marks alone": ({"text": NUL + RIGHT_TO_LEFT + NO_WIDTH}, 422),
    "501 characters": ({"text": "a" * 501}, 422),
    "text and choice": ({"text": "hello", "choice": uuid.uuid4().hex}, 422),
    "both null": ({"text": None, "choice": None}, 422),
    "unknown choice": ({"choice": uuid.uuid4().hex}, 422),
    "choice of another kind": ({"choice": {"id": 1}}, 422),
    "text as a number": ({"text": 12}, 422),
    "text as a list": ({"text": ["hello"]}, 422),
    "a list": (["hello"], 422),
    "a word": ("hello", 422),
    "null": (None, 422),
    "an id that is none": ({"text": "hello", "client_message_id": "../../etc"}, 422),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_bad_body_is_refused(talk: Talk, name: str) -> None:
    body, status = BAD_BODIES[name]
    before = count(talk)
    is_problem(talk.client.post(talk.path, json=body), status)
    assert count(talk) == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"text": "hel', b"\xff\xfe\x00", b"text=hello", b'{"text": "\\ud800"']
)
def test_invalid_json_is_refused(talk: Talk, content: bytes) -> None:
    before = count(talk)
    response = talk.client.post(talk.path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    is_problem(response, response.status_code)
    assert count(talk) == before


def test_a_lone_surrogate_is_no_error_of_ours(talk: Talk) -> None:
    content = b'{"text": "What is mediation \\ud800 ?"}'
    response = talk.client.post(talk.path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 400, 422)


@pytest.mark.parametrize("announced", [True, False])
def test_a_megabyte_is_refused(stack: Stack, talk: Talk, announced: bool) -> None:
    # By hand: the service answers and hangs up early, and an ordinary client then sees a broken connection alone.
    before = count(talk)
    sender = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    sender.putrequest("POST", f"/api/v1{talk.path}")
    length = ("Content-Length", "1000000") if announced else ("Transfer-Encoding", "chunked")
    for name, value in (length, ("Content-Type", "application/json"), ("Authorization", f"Bearer {talk.token}")):
        sender.putheader(name, value)
    sender.endheaders()
    if not announced:
        sender.send(b"8000\r\n" + b"a" * 0x8000 + b"\r\n")
    response = sender.getresponse()
    assert response.status == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(response.read())["status"] == 413
    sender.close()
    assert count(talk) == before


def test_exactly_500_characters_are_taken(talk: Talk) -> None:
    words = ("What is mediation? " + "I would like to know. " * 30)[:500].strip().ljust(500, "?")
    assert talk.say(f"  {words}\n").code == 200
    assert talk.say(words + "?").code == 422


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc=", "wrong"])
def test_wrong_token_is_refused(stack: Stack, talk: Talk, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    with httpx.Client(base_url=f"{stack.url}/api/v1", headers=headers, timeout=60, trust_env=False) as stranger:
        is_problem(stranger.post(talk.path, json={"text": QUESTION}), 401)
        is_problem(stranger.get(talk.path), 401)
        is_problem(stranger.get(f"/conversations/{talk.id}/transcript"), 401)
        is_problem(stranger.delete(f"/conversations/{talk.id}"), 401)


def test_the_token_of_another_conversation_is_refused(stack: Stack, talk: Talk) -> None:
    with Talk(stack.url) as other:
        is_problem(other.client.post(talk.path, json={"text": QUESTION}), 401)
        is_problem(other.client.get(talk.path), 401)


def test_a_choice_of_another_conversation_is_refused(stack: Stack, talk: Talk) -> None:
    with Talk(stack.url) as other:
        theirs = other.welcome.messages[0]["choices"][0]["id"]
        is_problem(talk.client.post(talk.path, json={"choice": theirs}), 422)


@pytest.mark.parametrize("name", ["unknown", "..%2f..%2fetc", "a" * 3000, "%00", "'; drop table messages; --"])
def test_unknown_conversation_is_refused(stack: Stack, talk: Talk, name: str) -> None:
    response = talk.client.post(f"/conversations/{name}/messages", json={"text": QUESTION})
    assert response.status_code in (401, 404, 405, 422)
    is_problem(response, response.status_code)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/conversations", 405)])
def test_wrong_address_or_method_is_a_problem_too(talk: Talk, method: str, path: str, status: int) -> None:
    is_problem(talk.client.request(method, path), status)


STRANGE = {
    "emoji": "\U0001f600\U0001f680",
    "marks within": f"What is{RIGHT_TO_LEFT} med{NO_WIDTH}iation{NUL}?",
    "restart": "/restart",
    "injected intent": '/handoff{"x":1}',
    "back to the start": "/back",
    "slashes": "////",
    "html": "<h1>hello</h1><img src=x onerror=alert(1)>",
    "script": "<script>document.location='https://example.org/'</script>",
    "template": "{{7*7}} ${7*7} {x}",
    "format": "%s%n%x \\u0000 \\x00",
    "other scripts": "\u0627\u0644\u0633\u0644\u0627\u0645 \u4f60\u597d \u041f\u0440\u0438\u0432\u0435\u0442",
    "combining marks": "e" + "\u0301" * 300,
    "one letter": "a",
    "a mark": "?",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_words_get_a_kind_reply(talk: Talk, name: str) -> None:
    reply = talk.say(STRANGE[name])
    assert reply.code == 200, reply.body
    assert reply.messages
    assert "error_unavailable" not in reply.statuses
    assert "<script" not in reply.text
    assert "onerror" not in reply.text


def test_hidden_marks_are_not_kept(talk: Talk) -> None:
    talk.say(STRANGE["marks within"])
    assert [message["text"] for message in talk.history()][-2] == "What is mediation?"


def test_the_same_message_twice_is_said_once(talk: Talk) -> None:
    body = {"text": "What is a SENCO?", "client_message_id": str(uuid.uuid4())}
    first, before = talk.send(body), count(talk)
    assert talk.send(body).messages == first.messages
    assert count(talk) == before
