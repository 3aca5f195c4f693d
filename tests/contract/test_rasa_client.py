"""What the gateway and Rasa agreed on, with the network replaced."""

import json

import httpx
import pytest

from assistant.errors import RasaUnavailable
from assistant.gateway.ports import RasaTurn
from assistant.gateway.rasa_client import RasaClient
from assistant.settings import Secret, Settings

SETTINGS = Settings(rasa_url="http://rasa.test", actions_url="http://actions.test", internal_secret=Secret("hush"))
ANSWER = {"messages": [{"status": "answered", "text": "Hi"}], "state": {"slots": {}}}


async def ask(handler, turn):
    client = RasaClient(SETTINGS, transport=httpx.MockTransport(handler))
    try:
        return await client.say(turn)
    finally:
        await client.close()


@pytest.mark.parametrize(
    ("turn", "body"),
    [
        (
            RasaTurn(conversation="c", text="hello", context={"audience": None}),
            {"conversation": "c", "text": "hello", "state": None, "context": {"audience": None}},
        ),
        (
            RasaTurn(conversation="c", intent="show_article", entities={"article_id": "ehcp"}, state={"a": 1}),
            {
                "conversation": "c",
                "intent": "show_article",
                "entities": {"article_id": "ehcp"},
                "state": {"a": 1},
                "context": {},
            },
        ),
    ],
)
async def test_a_turn_is_sent_as_agreed(turn, body):
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    reply = await ask(handler, turn)
    [request] = seen
    assert (request.method, str(request.url)) == ("POST", "http://rasa.test/webhooks/gateway/webhook")
    assert request.headers["authorization"] == "Bearer hush"
    assert json.loads(request.content) == body
    assert (reply.messages[0]["text"], reply.state) == ("Hi", {"slots": {}})


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(401, json=ANSWER),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"messages": []}),
        httpx.Response(200, json={"messages": ["x"], "state": {}}),
        httpx.Response(200, json={"messages": [{}], "state": 5}),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
    ],
    ids=str,
)
async def test_everything_else_is_unavailable(answer):
    def handler(_request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(RasaUnavailable):
        await ask(handler, RasaTurn(conversation="c", text="hello"))


async def test_health_asks_both_parts():
    def handler(request):
        if request.url.host == "actions.test":
            assert request.url.path == "/health"
            raise httpx.ConnectError("refused")
        assert request.url.path == "/webhooks/gateway/"
        return httpx.Response(200, json={"status": "ok"})

    client = RasaClient(SETTINGS, transport=httpx.MockTransport(handler))
    assert await client.health() == {"rasa": True, "actions": False}
    await client.close()
