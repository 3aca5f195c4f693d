"""A gateway with canned answers: the whole chat contract, no Rasa, no database, and knobs that tests can turn."""

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.browser.widget.canned_answers import ANSWERS, EASY

ROOT = Path(__file__).resolve().parents[3]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'"
)
CLOCK = "2026-11-23T14:00:00Z"


@dataclass
class Talk:
    """One conversation as the canned gateway keeps it."""

    id: str
    token: str
    mode: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    handover: str = "none"
    done: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Canned:
    """State and knobs shared by the tests and the application."""

    talks: dict[str, Talk] = field(default_factory=dict)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    held: set[str] = field(default_factory=set)  # path endings whose answers wait
    failing: dict[str, tuple[int, str]] = field(default_factory=dict)  # path ending -> (status, detail)
    lose_next_reply: bool = False  # do the work, then answer 502, as a broken line would
    can_stream: bool = True
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def message(self, sender: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return a whole Message with ids for itself and its choices."""
        number = next(self.numbers)
        choices = [{"id": f"c{number}-{at}", "label": label} for at, label in enumerate(body.get("choices", []))]
        empty = {
            "status": "answered",
            "blocks": [],
            "citations": [],
            "reading": {"mode": "standard", "grade": 6.0},
        }
        return {
            **empty,
            **body,
            "id": f"m{number}",
            "sender": sender,
            "created_at": CLOCK,
            "choices": choices,
        }


def problem(status: int, detail: str) -> JSONResponse:
    """Return an RFC 9457 answer."""
    body = {"type": "about:blank", "title": detail, "status": status, "detail": detail}
    headers = {"Retry-After": "1"} if status == 429 else {}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


class CannedGateway:
    """The routes; `canned` is what tests look at and change."""

    def __init__(self, canned: Canned) -> None:
        self.canned = canned

    def _talk(self, request: Request) -> Talk:
        talk = self.canned.talks.get(request.path_params["id"])
        if talk is None:
            raise Refused(problem(404, "No such conversation."))
        if request.headers.get("authorization") != f"Bearer {talk.token}":
            raise Refused(problem(401, "Wrong token."))
        return talk

    async def _gate(self, request: Request) -> Any:
        body = json.loads(await request.body() or b"null")
        path = request.url.path
        self.canned.calls.append((request.method, path, body))
        for ending, (status, detail) in self.canned.failing.items():
            if path.endswith(ending) and request.method != "GET":
                raise Refused(problem(status, detail))
        while any(path.endswith(ending) for ending in self.canned.held) and request.method != "GET":
            await asyncio.sleep(0.02)
        return body

    async def create(self, request: Request) -> Response:
        """Begin a conversation."""
        body = await self._gate(request) or {}
        talk = Talk(uuid.uuid4().hex, uuid.uuid4().hex, body.get("reading_mode", "standard"))
        talk.messages.append(self.canned.message("assistant", ANSWERS["welcome"]))
        self.canned.talks[talk.id] = talk
        reply = {
            "conversation_id": talk.id,
            "token": talk.token,
            "expires_at": "2099-01-01T00:00:00Z",
            "messages": talk.messages,
        }
        return JSONResponse(reply, 201)

    def _reply(self, talk: Talk, body: dict[str, Any]) -> list[dict[str, Any]]:
        labels = {c["id"]: c["label"] for m in talk.messages for c in m["choices"]}
        if "choice" in body and body["choice"] not in labels:
            raise Refused(problem(422, "unknown choice"))
        words = labels[body["choice"]] if "choice" in body else body["text"]
        new = [self.canned.message("user", {"text": words})]
        if talk.handover in {"waiting", "with_person"}:
            return new
        key = next((key for key in ANSWERS if key in words.lower()), "plan")
        answer = EASY if talk.mode == "easy" and key == "plan" else ANSWERS[key]
        reading = {"mode": talk.mode, "grade": 4.0 if talk.mode == "easy" else 6.0}
        return [*new, self.canned.message("assistant", {**answer, "reading": reading})]

    async def say(self, request: Request) -> Response:
        """Answer by the first known word in the text."""
        talk = self._talk(request)
        body = await self._gate(request)
        key = body.get("client_message_id") or uuid.uuid4().hex
        if key not in talk.done:
            messages = self._reply(talk, body)
            talk.messages += messages
            talk.done[key] = {"messages": messages, "handover": talk.handover}
        if self.canned.lose_next_reply:
            self.canned.lose_next_reply = False
            return problem(502, "The line broke.")
        return JSONResponse(talk.done[key])

    async def news(self, request: Request) -> Response:
        """Return messages, all or after one."""
        talk = self._talk(request)
        await self._gate(request)
        start = self._after(request, talk)
        return JSONResponse({"messages": talk.messages[start:], "handover": talk.handover})

    @staticmethod
    def _after(request: Request, talk: Talk) -> int:
        ids = [message["id"] for message in talk.messages]
        after = request.query_params.get("after")
        return ids.index(after) + 1 if after in ids else 0

    async def patch(self, request: Request) -> Response:
        """Change the reading mode and word the last answer again."""
        talk = self._talk(request)
        body = await self._gate(request)
        talk.mode = body["reading_mode"]
        answers = [message for message in talk.messages if message["sender"] == "assistant" and message["citations"]]
        if not answers:
            return JSONResponse({"messages": [], "handover": talk.handover})
        wording = EASY if talk.mode == "easy" else ANSWERS["plan"]
        changed = {
            **self.canned.message("assistant", wording),
            "id": answers[-1]["id"],
            "reading": {"mode": talk.mode, "grade": 4.0},
        }
        talk.messages[talk.messages.index(answers[-1])] = changed
        return JSONResponse({"messages": [changed], "handover": talk.handover})

    async def feedback(self, request: Request) -> Response:
        """Accept feedback."""
        self._talk(request)
        await self._gate(request)
        return Response(status_code=204)

    async def handover(self, request: Request) -> Response:
        """Take a request for a person."""
        talk = self._talk(request)
        body = await self._gate(request)
        if not body.get("consent"):
            return problem(422, "Consent is needed.")
        talk.handover = "waiting"
        talk.messages.append(
            self.canned.message("system", {"status": "handover_done", "text": "Your request is ABC-123."})
        )
        reply = {
            "reference": "ABC-123",
            "state": "waiting",
            "expected_reply": "By 5pm on Tuesday 24 November 2026.",
        }
        return JSONResponse(reply, 201)

    async def transcript(self, request: Request) -> Response:
        """Return the words as plain text."""
        talk = self._talk(request)
        await self._gate(request)
        return PlainTextResponse("\n".join(f"{m['sender']}: {m['text']}" for m in talk.messages))

    async def remove(self, request: Request) -> Response:
        """Delete the conversation."""
        talk = self._talk(request)
        await self._gate(request)
        del self.canned.talks[talk.id]
        return Response(status_code=204)

    async def events(self, request: Request) -> Response:
        """Stream what happens from now on."""
        talk = self._talk(request)
        await self._gate(request)
        if not self.canned.can_stream:
            return problem(503, "No streams here.")
        return StreamingResponse(self._stream(talk, self._after(request, talk)), media_type="text/event-stream")

    async def _stream(self, talk: Talk, start: int) -> AsyncIterator[str]:
        seen, state = start, talk.handover
        yield ": hello\r\n\r\n"
        while True:
            await asyncio.sleep(0.02)
            for message in talk.messages[seen:]:
                yield f"event: message\r\ndata: {json.dumps(message)}\r\n\r\n"
            seen = len(talk.messages)
            if talk.handover != state:
                state = talk.handover
                yield f"event: handover\r\ndata: {json.dumps({'handover': state})}\r\n\r\n"


class Refused(Exception):
    """Carries a ready answer out of a helper."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error.response


async def _demo(_request: Request) -> Response:
    return FileResponse(ROOT / "widget/demo.html", headers={"Content-Security-Policy": POLICY})


async def _page(request: Request) -> Response:
    return FileResponse(Path(__file__).parent / "pages" / f"{request.path_params['name']}.html")


def create_app(canned: Canned) -> Starlette:
    """Return the application; the demo page is served with the real, strict policy."""
    gateway, one = CannedGateway(canned), "/api/v1/conversations/{id}"
    routes = [
        Route("/", _demo),
        Route("/pages/{name}", _page),
        Route("/api/v1/conversations", gateway.create, methods=["POST"]),
        Route(one + "/messages", gateway.news, methods=["GET"]),
        Route(one + "/messages", gateway.say, methods=["POST"]),
        Route(one + "/messages/{message}/feedback", gateway.feedback, methods=["POST"]),
        Route(one + "/handover", gateway.handover, methods=["POST"]),
        Route(one + "/transcript", gateway.transcript),
        Route(one + "/events", gateway.events),
        Route(one, gateway.patch, methods=["PATCH"]),
        Route(one, gateway.remove, methods=["DELETE"]),
        Mount("/widget", StaticFiles(directory=ROOT / "widget")),
        Route("/favicon.ico", lambda _request: Response(status_code=204)),
        Mount("/tests/widget", StaticFiles(directory=ROOT / "tests/widget")),
        Mount("/shims", StaticFiles(directory=Path(__file__).parent / "pages")),
    ]
    return Starlette(routes=routes, exception_handlers={Refused: _refused})
