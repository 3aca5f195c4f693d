"""What the tests of signing in share: a browser of a member of staff, and a clock that tests move."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pyotp
from fastapi import FastAPI

from assistant.gateway.services import Services
from assistant.review import passwords
from assistant.review.sessions import COOKIE
from assistant.storage.audit import AuditFilter
from assistant.storage.staff_records import Account, Role

PASSWORD = "tiny purple kettle"
# Hashing takes a tenth of a second; every test account has the same password.
HASH = passwords.hashed(PASSWORD)
EMAIL = "mo@example.org"


@dataclasses.dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = datetime(2026, 6, 3, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **step: float) -> None:
        self.now += timedelta(**step)


@dataclasses.dataclass
class Browser:
    """A browser with cookies of its own; forms are sent with the token of the page they stand on."""

    client: httpx.AsyncClient

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(f"/staff{path}", **options)

    async def text(self, path: str) -> str:
        response = await self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.headers)
        return unescape(response.text)

    async def token(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="csrf-token" content="(\w+)"', (await self.get(path)).text)
        assert found, path
        return found[1]

    async def send(self, path: str, *, page: str | None = None, **fields: str) -> httpx.Response:
        """Send a form from a page; by default the address that it is sent to."""
        return await self.client.post(f"/staff{path}", data={"csrf": await self.token(page or path), **fields})

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **more: str) -> httpx.Response:
        return await self.send("/sign-in", email=email, password=password, **more)

    @property
    def cookie(self) -> str:
        return self.client.cookies.get(COOKIE) or ""

    async def is_in(self) -> bool:
        return (await self.get("/account")).status_code == 200


def parts(app: FastAPI) -> Services:
    found: Services = app.state.services
    return found


def browser(app: FastAPI, address: str = "http://gateway") -> Browser:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return Browser(httpx.AsyncClient(transport=transport, base_url=address))


def add(app: FastAPI, email: str = EMAIL, role: Role = "manager", name: str = "Mo", secret: str = "") -> Account:
    """Open an account with the password of all tests; with a second factor if its secret is given."""
    staff = parts(app).storage.staff
    account = staff.add(email, name=name, role=role, password_hash=HASH, actor="test")
    if secret:
        staff.set_totp(account.id, secret, step=0, recovery=[], actor="test")
    return account


def code(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(clock.now)


def actions(app: FastAPI) -> list[str]:
    """Return the whole audit log's actions, oldest first."""
    entries, _ = parts(app).storage.audit.page(AuditFilter(), limit=1000)
    return [entry.action for entry in reversed(entries)]
