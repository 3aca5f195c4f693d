"""Health, readiness, figures, headers, the committed OpenAPI file."""

import dataclasses
import json
from pathlib import Path

import pytest

from assistant.errors import StorageError

OPENAPI = Path(__file__).parents[3] / "docs" / "openapi.json"


async def test_healthz_and_readyz(gateway):
    assert (await gateway.client.get("/healthz")).json() == {"status": "ok"}
    ready = await gateway.client.get("/readyz")
    assert ready.status_code == 200
    parts = {"storage": "ok", "rasa": "ok", "actions": "ok"}
    assert ready.json() == {"status": "ready", "parts": parts, "assistant": "on"}


async def test_readyz_names_the_part_that_is_down(gateway, monkeypatch):
    def fail():
        raise StorageError("gone")

    gateway.rasa.down = True
    monkeypatch.setattr(gateway.app.state.services.storage.database, "check", fail)
    response = await gateway.client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["parts"] == {"storage": "down", "rasa": "down", "actions": "ok"}


async def test_metrics_count_replies_and_routes_without_what_was_sent(gateway, chat):
    await chat.say("my private words")
    await gateway.client.get("/private-address")
    await gateway.client.request("PRIVATE", "/healthz")
    text = (await gateway.client.get("/metrics")).text
    assert 'assistant_replies_total{status="answered"} 1.0' in text
    assert 'route="/conversations/{conversation_id}/messages"' in text
    assert "private" not in text.lower()
    assert chat.id not in text


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/chat", "/widget/send-chat.mjs", "/api/v1/openapi.json"])
async def test_security_headers_on_everything(gateway, path):
    headers = (await gateway.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "cache-control" in headers
    assert "access-control-allow-origin" not in headers


async def test_other_origins_are_let_in_only_when_set(open_gateway, settings):
    asked = {"Origin": "https://school.example", "Access-Control-Request-Method": "POST"}
    chosen = dataclasses.replace(settings, allowed_origins=("https://school.example",))
    async with open_gateway(chosen) as gateway:
        allowed = await gateway.client.options("/api/v1/conversations", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://school.example"
        refused = await gateway.client.options("/api/v1/conversations", headers=asked | {"Origin": "https://x.example"})
        assert "access-control-allow-origin" not in refused.headers


async def test_the_committed_openapi_file_is_what_the_server_gives(gateway):
    served = (await gateway.client.get("/api/v1/openapi.json")).json()
    assert served == json.loads(OPENAPI.read_text(encoding="utf-8")), "run: python -m assistant.gateway.openapi"


async def test_every_address_of_the_contract_is_described(gateway):
    paths = (await gateway.client.get("/api/v1/openapi.json")).json()["paths"]
    one = "/api/v1/conversations/{conversation_id}"
    expected = {
        "/api/v1/conversations": {"post"},
        one: {"delete", "patch"},
        f"{one}/messages": {"get", "post"},
        f"{one}/events": {"get"},
        f"{one}/messages/{{message_id}}/feedback": {"post"},
        f"{one}/handover": {"post"},
        f"{one}/transcript": {"get"},
        "/healthz": {"get"},
        "/readyz": {"get"},
        "/metrics": {"get"},
    }
    assert {path: set(methods) for path, methods in paths.items()} == expected
