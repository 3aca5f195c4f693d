"""The gateway with fakes at its ports, driven over ASGI."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.errors import RasaUnavailable
from assistant.gateway.app import create_app
from assistant.gateway.ports import RasaReply, RasaTurn, Redaction
from assistant.settings import Settings


def payload(text: str = "An answer.", **more: Any) -> dict[str, Any]:
    """A payload as the dialogue sends it."""
    return {
        "status": "answered",
        "text": text,
        "blocks": [{"type": "paragraph", "text": text}],
        "citations": [
            {"article_id": "ehcp", "title": "EHCP", "source": {"title": "Law", "url": "https://example.org"}}
        ],
        "choices": [{"label": "Tell me more", "intent": "tell_more", "entities": {"article_id": "ehcp"}}],
        "reading": {"mode": "standard", "grade": 6.1},
        "debug": {"probability": 0.9},
    } | more


@dataclass
class FakeRasa:
    """Answers what it is told; counts what it is asked and how much at once."""

    replies: list[dict[str, Any]] = field(default_factory=lambda: [payload()])
    asked: list[RasaTurn] = field(default_factory=list)
    down: bool = False
    gate: asyncio.Event | None = None
    running: int = 0
    most_at_once: int = 0

    async def say(self, turn: RasaTurn) -> RasaReply:
        if self.down:
            raise RasaUnavailable("down")
        self.asked.append(turn)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.running -= 1
        return RasaReply(messages=tuple(self.replies), state={"turns": len(self.asked)})

    async def health(self) -> Mapping[str, bool]:
        return {"rasa": not self.down, "actions": True}

    async def close(self) -> None:
        return None


@dataclass(frozen=True)
class FakeVerdict:
    """What the fake guard finds."""

    kind: str = "crisis"
    score: float = 1.0
    reasons: tuple[str, ...] = ("word",)
    informational: bool = False
    article_id: str = "mental-health-crisis"
    category: str = "self_harm"


class FakeGuard:
    """Finds a word; remembers what it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def check(self, text: str, previous: Any = ()) -> FakeVerdict | None:
        self.seen.append((text, tuple(previous)))
        if "policy on danger" in text:
            return FakeVerdict(informational=True)
        return FakeVerdict() if "danger" in text else None


class FakeRedactor:
    """Masks anything with an @."""

    def redact(self, text: str) -> Redaction:
        masked = re.sub(r"[\w.]+@[\w.]+\w", "[email]", text)
        return Redaction(masked, ("e-mail address",) if masked != text else ())


@dataclass
class Chat:
    """One conversation as a client sees it."""

    client: httpx.AsyncClient
    id: str
    token: str
    begun: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, path: str = "/messages", **body: Any) -> httpx.Response:
        return await self.client.post(self.url + path, json=body, headers=self.headers)

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        response = await self.post(text=text, **more)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def get(self, path: str = "/messages") -> httpx.Response:
        return await self.client.get(self.url + path, headers=self.headers)

    async def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get()).json()["messages"]
        return found


@dataclass
class Gateway:
    """A running application, its client and the fakes behind it."""

    app: FastAPI
    client: httpx.AsyncClient
    rasa: FakeRasa
    guard: FakeGuard
    settings: Settings

    async def start(self, **wish: Any) -> Chat:
        response = await self.client.post("/api/v1/conversations", json=wish)
        assert response.status_code == 201, response.text
        begun = response.json()
        return Chat(self.client, begun["conversation_id"], begun["token"], begun)


Opener = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, rate_limit=False)


@pytest.fixture
def open_gateway(settings: Settings) -> Opener:
    """Opens a gateway; twice in one test is a restart on the same database."""

    @asynccontextmanager
    async def opened(chosen: Settings = settings, **more: Any) -> AsyncIterator[Gateway]:
        rasa, guard = FakeRasa(), FakeGuard()
        app = create_app(chosen, **{"rasa": rasa, "guard": guard, "redactor": FakeRedactor()} | more)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
        ):
            yield Gateway(app, client, rasa, guard, chosen)

    return opened


@pytest.fixture
async def gateway(open_gateway: Opener) -> AsyncIterator[Gateway]:
    async with open_gateway() as opened:
        yield opened


@pytest.fixture
async def chat(gateway: Gateway) -> Chat:
    return await gateway.start()


@pytest.fixture
def make_payload() -> Callable[..., dict[str, Any]]:
    return payload
