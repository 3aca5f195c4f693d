"""The real gateway with the staff pages, served in a thread over a fake dialogue, on a database of its own."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn

from assistant.gateway.app import create_app
from assistant.gateway.ports import RasaReply, RasaTurn
from assistant.gateway.watch import PersonalDataRedactor, guard
from assistant.review import sessions
from assistant.settings import Settings
from assistant.storage.staff_records import Account, Role
from assistant.storage.storage import Storage

_SOURCE = {"title": "SEND Code of Practice", "url": "https://www.gov.uk/send-code", "kind": "national_guidance"}


def answer(text: str, *, status: str = "answered", probability: float = 0.9) -> dict[str, Any]:
    """Return a payload as the dialogue sends it."""
    cited = [{"article_id": "ehcp", "title": "EHC plans", "source": _SOURCE}] if status == "answered" else []
    return {
        "status": status,
        "text": text,
        "blocks": [{"type": "paragraph", "text": text}],
        "citations": cited,
        "choices": [],
        "reading": {"mode": "standard", "grade": 6.0},
        "debug": {"probability": probability, "article_ids": ["ehcp"] if cited else []},
    }


@dataclass
class FakeDialogue:
    """Knows what a plan is and nothing else."""

    asked: list[str] = field(default_factory=list)

    async def say(self, turn: RasaTurn) -> RasaReply:
        self.asked.append(turn.text or turn.intent or "")
        known = "plan" in (turn.text or "")
        said = answer("A plan is a legal document.") if known else answer("I do not know.", status="declined_not_known")
        return RasaReply(messages=(said,), state={"turns": len(self.asked)})

    async def health(self) -> Mapping[str, bool]:
        return {"rasa": True, "actions": True}

    async def close(self) -> None:
        return None


@dataclass
class Clock:
    """A clock that tests move ahead of the real one."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Running:
    """The gateway at an address of its own."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.settings = Settings(data_dir=folder, rate_limit=False, **more)
        self.clock, self.dialogue = Clock(), FakeDialogue()
        self.storage = Storage(self.settings, now=self.clock)
        app = create_app(
            self.settings, rasa=self.dialogue, storage=self.storage, guard=guard(), redactor=PersonalDataRedactor()
        )
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        ready = threading.Event()
        while not self._server.started:
            assert self._thread.is_alive(), "the gateway did not start"
            ready.wait(0.01)

    def account(self, name: str, role: Role = "reviewer") -> Account:
        """Add somebody."""
        email = f"{uuid.uuid4().hex}@example.org"
        return self.storage.staff.add(email, name=name, role=role, password_hash=None, actor="test")

    def cookie(self, account: Account) -> dict[str, str]:
        """Begin a session as the sign-in pages do at their end."""
        value = uuid.uuid4().hex
        self.storage.staff_sessions.begin(sessions.session_id(value), account, stage="full", device="")
        return {"name": sessions.COOKIE, "value": value, "url": f"{self.url}/staff"}

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive(), "the gateway does not stop"
