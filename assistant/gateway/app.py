"""Joins middleware, routes and error handler; nothing else does."""

import asyncio
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypedDict, Unpack

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from assistant.gateway import (
    conversations,
    events,
    handover,
    housekeeping,
    middleware,
    operations,
    operator,
    pages,
    problems,
)
from assistant.gateway.broker import Broker, MemoryBroker
from assistant.gateway.limits import Limiter
from assistant.gateway.locks import ConversationLocks
from assistant.gateway.metrics import Metrics
from assistant.gateway.ports import Conduct, Guard, NoConduct, NoGuard, NoRedactor, Rasa, Redactor, Replies
from assistant.gateway.rasa_client import RasaClient
from assistant.gateway.services import Services
from assistant.gateway.texts import FileReplies
from assistant.notify.sender import Sender, from_settings
from assistant.review import pages as staff_pages
from assistant.settings import Settings
from assistant.storage.storage import Storage

API = "/api/v1"
_VERSION = "1.0.0"
_WIDGET = Path(__file__).parents[2] / "widget"


class Given(TypedDict, total=False):
    """Parts that replace the usual ones.

    Args:
        rasa: The dialogue; by default over HTTP.
        guard: The safeguarding check; by default none.
        redactor: Takes out personal data; by default none.
        conduct: Tells questions from insults and orders; by default everything is a question.
        replies: The gateway's sentences; by default its text file.
        broker: Carries live news; by default inside this process.
        storage: The database; by default as set.
        limiter: Counts requests; by default inside this process.
        sender: Sends notifications; by default by the ways that are set.
    """

    rasa: Rasa
    guard: Guard
    redactor: Redactor
    conduct: Conduct
    replies: Replies
    broker: Broker
    storage: Storage
    limiter: Limiter
    sender: Sender


def create_app(settings: Settings, **given: Unpack[Given]) -> FastAPI:
    """Build the application; the database is migrated when it starts.

    Args:
        settings: What the operator set.
        **given: Parts in the place of the usual ones.

    Raises:
        SettingsError: The key for contact details cannot be used, or a way of notification is set by halves.
    """
    storage, metrics = given.get("storage") or Storage(settings), Metrics()
    parts = Services(
        settings=settings,
        storage=storage,
        rasa=given.get("rasa") or RasaClient(settings),
        guard=given.get("guard") or NoGuard(),
        redactor=given.get("redactor") or NoRedactor(),
        conduct=given.get("conduct") or NoConduct(),
        replies=given.get("replies") or FileReplies(keep_days=settings.retention_days),
        broker=given.get("broker") or MemoryBroker(),
        limiter=given.get("limiter") or Limiter(),
        locks=ConversationLocks(),
        metrics=metrics,
        sender=given.get("sender") or from_settings(settings, storage.outbox, metrics.event),
    )
    return _joined(parts)


def _joined(parts: Services) -> FastAPI:
    app = _empty_app()
    app.state.services = parts
    problems.install(app)
    _add_routes(app)
    _add_middleware(app, parts)
    return app


def _empty_app() -> FastAPI:
    return FastAPI(
        title="SEND assistant chat API",
        version=_VERSION,
        lifespan=_lifespan,
        openapi_url=f"{API}/openapi.json",
        # The documentation pages load scripts from elsewhere; the OpenAPI file is enough.
        docs_url=None,
        redoc_url=None,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Services = app.state.services
    await run_sync(parts.storage.open)
    contacts = operator.contacts_file(parts.settings)
    await run_sync(operator.follow, parts.storage.operator, contacts)
    tasks = [
        asyncio.create_task(housekeeping.delete_in_time(parts.storage.retention)),
        asyncio.create_task(operator.keep_following(parts.storage.operator, contacts)),
        asyncio.create_task(parts.sender.run()),
    ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await parts.sender.close()
    await parts.rasa.close()
    await run_sync(parts.storage.close)


def _add_routes(app: FastAPI) -> None:
    api = APIRouter(prefix=API, responses={"4XX": problems.DOCUMENTED, "5XX": problems.DOCUMENTED})
    for part in (conversations, events, handover):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(operations.router)
    app.include_router(pages.router)
    staff_pages.install(app)
    # Not every system's table of file types knows modules.
    mimetypes.add_type("text/javascript", ".mjs")
    files = StaticFiles(directory=_WIDGET, check_dir=False)
    app.mount("/widget", GZipMiddleware(files, minimum_size=500), name="widget")
    app.add_api_route("/", _demo, include_in_schema=False)


async def _demo() -> FileResponse:
    if not (_WIDGET / "demo.html").is_file():
        raise HTTPException(404)
    return FileResponse(_WIDGET / "demo.html", headers={"Cache-Control": "no-cache"})


def _add_middleware(app: FastAPI, parts: Services) -> None:
    """Add from the inside out: the last one sees a request first."""
    settings = parts.settings
    app.add_middleware(middleware.BodyLimit, limit=settings.body_limit_bytes, detail=parts.replies.phrase("too_large"))
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
            max_age=600,
        )
    app.add_middleware(middleware.SecurityHeaders)
    app.add_middleware(middleware.Counting, metrics=parts.metrics)
