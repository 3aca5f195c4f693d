"""The settings page: hours, closures, target, keeping, ready replies, notifications and the off switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assistant.errors import Stale
from assistant.gateway.operator import contacts_file, follow
from assistant.gateway.services import Parts, Services
from assistant.operating import NAMES
from assistant.review import operator_forms as forms
from assistant.review.access import Manager
from assistant.review.contacts import by_want, shown_contacts
from assistant.review.operator_forms import Fault
from assistant.review.problems import StaffProblem
from assistant.review.view import back, page
from assistant.storage import moments
from assistant.storage.operator import CannedReply, Entry
from assistant.storage.outbox import Notice
from knowledge.model import Contact

router = APIRouter(prefix="/settings")
_RECENT = 10
_Version = Annotated[int, Form()]


@dataclass(frozen=True)
class _Found:
    """What the page shows, as stored."""

    entries: Mapping[str, Entry]
    replies: tuple[CannedReply, ...]
    notices: tuple[Notice, ...]
    waiting: int
    incomplete: tuple[Contact, ...]
    names: Mapping[str, str]


@router.get("")
async def show(request: Request, parts: Parts, _account: Manager) -> Response:
    """Show everything that managers can set."""
    return await _render(request, parts)


@router.post("/{name}")
async def save(request: Request, parts: Parts, account: Manager, name: str, version: _Version) -> Response:
    """Save one part of the page; what was typed stays there if something is wrong with it."""
    form = await request.form()
    readers = _readers(form, at=moments.to_ms(parts.storage.now()))
    if name not in readers:
        raise StaffProblem(404, "no_such_page")
    try:
        value = readers[name]()
        await run_sync(lambda: parts.storage.operator.set(name, value, version=version, by=account.id))
    except (Fault, Stale) as error:
        return await _refused(request, parts, error, name, form)
    await run_sync(follow, parts.storage.operator, contacts_file(parts.settings))
    said = {"pause": "switched_off" if value else "switched_on"}.get(name, "setting_saved")
    return back(f"/settings#{name}", said=said)


@router.post("/notifications/test")
async def test_notification(parts: Parts, account: Manager) -> Response:
    """Queue a notification that somebody can see arrive."""

    def queue() -> None:
        parts.storage.outbox.add_test()
        parts.storage.audit.record(None, actor=account.id, action="settings.test_notification")

    await run_sync(queue)
    return back("/settings#notifications", said="test_queued")


@router.post("/replies/add")
async def add_reply(request: Request, parts: Parts, account: Manager) -> Response:
    """Add a ready reply."""
    form = await request.form()
    try:
        title, text = forms.canned_reply(_plain(form), "new")
        await run_sync(lambda: parts.storage.operator.save_canned_reply(title, text, by=account.id))
    except Fault as error:
        return await _refused(request, parts, error, "replies", form)
    return back("/settings#replies", said="reply_saved")


@router.post("/replies/{id}")
async def change_reply(request: Request, parts: Parts, account: Manager, id: str, version: _Version) -> Response:
    """Change or remove a ready reply."""
    form, store = await request.form(), parts.storage.operator
    try:
        if form.get("remove"):
            await run_sync(lambda: store.remove_canned_reply(id, version=version, by=account.id))
            return back("/settings#replies", said="reply_removed")
        title, text = forms.canned_reply(_plain(form), id)
        await run_sync(lambda: store.save_canned_reply(title, text, by=account.id, id=id, version=version))
    except (Fault, Stale) as error:
        return await _refused(request, parts, error, f"reply-{id}", form)
    return back("/settings#replies", said="reply_saved")


def _readers(form: FormData, *, at: int) -> Mapping[str, Callable[[], Any]]:
    fields = _plain(form)
    return {
        "hours": lambda: forms.hours(fields, [str(day) for day in form.getlist("days")]),
        "closures": lambda: forms.closures(fields),
        "reply_target": lambda: forms.reply_target(fields),
        "retention": lambda: forms.retention(fields),
        "pause": lambda: forms.pause(fields, at=at),
    }


async def _refused(request: Request, parts: Services, error: Exception, part: str, form: FormData) -> Response:
    """Show the page again with what was typed in the part that was refused."""
    problem = (error.field, error.key) if isinstance(error, Fault) else (part, "stale")
    typed = {**_plain(form), "days": [str(day) for day in form.getlist("days")]}
    status = 422 if isinstance(error, Fault) else 409
    return await _render(request, parts, status=status, problem=problem, part=part, typed=typed)


async def _render(
    request: Request,
    parts: Services,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    part: str = "",
    typed: Mapping[str, Any] | None = None,
) -> Response:
    found = await run_sync(_read, parts)
    now = parts.storage.operator.current
    return page(
        request,
        "settings.html",
        status=status,
        found=found,
        settings=now.settings,
        pause=now.pause,
        channels=parts.sender.channels,
        problem=problem,
        part=part,
        typed=typed or {},
        limits=forms,
    )


def _read(parts: Services) -> _Found:
    store = parts.storage.operator
    store.refresh()
    contacts = shown_contacts(parts)
    return _Found(
        entries={name: store.entry(name) for name in NAMES},
        replies=store.canned_replies(),
        notices=parts.storage.outbox.recent(limit=_RECENT),
        waiting=parts.storage.outbox.waiting(),
        incomplete=tuple(one for one in by_want(contacts) if one.missing()),
        names={state.account.id: state.account.name for state in parts.storage.staff.all()},
    )


def _plain(form: FormData) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}
