"""What the tests of the staff's desk share: people who are signed in, and families who have asked for a person."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from assistant.gateway.services import Services
from assistant.review import sessions
from assistant.storage.audit import AuditFilter
from assistant.storage.desk_records import Wanted
from assistant.storage.staff_records import Account, Role

FORM = {
    "name": "A Parent",
    "email": "parent@example.org",
    "preferred_contact": "chat",
    "summary": "Please explain the plan to me",
    "share_transcript": True,
    "consent": True,
}
_HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


def parts(app: FastAPI) -> Services:
    found: Services = app.state.services
    return found


@dataclass
class Desk:
    """One member of staff at the desk, with a browser of their own."""

    client: httpx.AsyncClient
    account: Account
    csrf: str

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(f"/staff{path}", headers=headers)

    async def text(self, path: str) -> str:
        response = await self.get(path)
        assert response.status_code == 200, response.text
        return unescape(response.text)

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        return await self.client.post(f"/staff{path}", data={"csrf": self.csrf, **fields})

    async def act(self, request_id: str, step: str, **fields: Any) -> httpx.Response:
        """Send a form of the page of a request as it stands now."""
        shown = dict(_HIDDEN.findall(await self.text(f"/requests/{request_id}")))
        hidden = {name: shown[name] for name in ("version", "newest", "once") if name in shown}
        return await self.post(f"/requests/{request_id}/{step}", **{**hidden, **fields})


def sign_in(app: FastAPI, role: Role = "reviewer", name: str = "Anna") -> Desk:
    """Begin a session as the sign-in pages do at their end."""
    storage = parts(app).storage
    email = f"{uuid.uuid4().hex}@example.org"
    account = storage.staff.add(email, name=name, role=role, password_hash=None, actor="test")
    value = uuid.uuid4().hex
    storage.staff_sessions.begin(sessions.session_id(value), account, stage="full", device="")
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://gateway",
        cookies={sessions.COOKIE: value},
    )
    browser = Request({"type": "http", "headers": [(b"cookie", f"{sessions.COOKIE}={value}".encode())]})
    return Desk(client, account, sessions.form_token(browser))


async def asked(chat: Any, app: FastAPI, **more: Any) -> str:
    """Let a family ask for a person; return the id of the request."""
    response = await chat.post("/handover", **(FORM | more))
    assert response.status_code == 201, response.text
    reference = response.json()["reference"]
    found = parts(app).storage.queue.all(Wanted())
    return next(one.id for one in found if one.reference == reference)


def actions(app: FastAPI, subject: str) -> list[str]:
    """Return what the audit log holds on something, oldest first."""
    entries, _ = parts(app).storage.audit.page(AuditFilter(subject=subject), limit=200)
    return [entry.action for entry in reversed(entries)]
