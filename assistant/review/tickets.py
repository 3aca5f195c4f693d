"""Tickets for content: what is wrong or missing, who mends it, and telling those who asked."""

from __future__ import annotations

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assistant.errors import Stale
from assistant.gateway import rendering
from assistant.gateway.events import message_news
from assistant.gateway.services import Parts, Services
from assistant.gateway.text import clean
from assistant.review.access import Editor, Signed
from assistant.review.filters import page_number
from assistant.review.problems import StaffProblem
from assistant.review.shelf import shelf
from assistant.review.view import back, page
from assistant.storage.records import NewMessage
from assistant.storage.staff_records import Account
from assistant.storage.ticket_records import TICKET_STATES, AskedQuestion, Ticket, TicketChange, TicketState

router = APIRouter()
SIZE = 25
_LONGEST = 2000
_Text = Annotated[str, Form(max_length=4 * _LONGEST)]


@router.get("/tickets")
async def listed(request: Request, parts: Parts, account: Signed) -> Response:
    """List tickets: open or done, all or one's own."""
    query = request.query_params
    done, mine, number = query.get("done") == "1", query.get("mine") == "1", page_number(query)
    owner = account.id if mine else None
    found, total = await run_sync(
        lambda: parts.storage.tickets.page(done=done, owner=owner, offset=(number - 1) * SIZE, limit=SIZE)
    )
    people = await run_sync(_people, parts)
    last = max(1, -(-total // SIZE))
    return page(
        request,
        "tickets.html",
        tickets=found,
        total=total,
        number=number,
        last=last,
        done=done,
        mine=mine,
        names=people,
    )


@router.post("/tickets")
async def raise_own(parts: Parts, account: Signed, summary: _Text = "") -> Response:
    """Raise a ticket for something that a member of staff has noticed."""
    words = clean(summary)
    if not 1 <= len(words) <= _LONGEST:
        raise StaffProblem(422, "invalid")
    number = await run_sync(
        lambda: parts.storage.tickets.raise_for_questions("staff", (), summary=words, by=account.id)
    )
    return back(f"/tickets/{number}", said="ticket_raised")


@router.get("/tickets/{number}")
async def show(request: Request, parts: Parts, account: Signed, number: int) -> Response:
    """Show a ticket with the questions behind it, redacted as they are kept."""
    await run_sync(
        lambda: parts.storage.audit.record(None, actor=account.id, action="ticket.viewed", subject=str(number))
    )
    return await _render(request, parts, account, number)


@router.post("/tickets/{number}")
async def change(
    request: Request,
    parts: Parts,
    account: Editor,
    number: int,
    version: Annotated[int, Form()],
    state: Annotated[TicketState, Form()],
    owner: Annotated[str, Form(max_length=32)] = "",
    work_note: _Text = "",
    articles: Annotated[str, Form(max_length=1000)] = "",
    tell: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Change a ticket; what was typed stays on the page if something is wrong with it."""
    ids = tuple(dict.fromkeys(articles.replace(",", " ").split()))
    typed = {"state": state, "owner": owner, "work_note": work_note, "articles": articles}
    problem = await run_sync(_fault, parts, owner, ids, work_note)
    if problem:
        return await _render(request, parts, account, number, status=422, problem=problem, typed=typed)
    wanted = TicketChange(state, owner or None, clean(work_note) or None, ids)
    try:
        await run_sync(lambda: parts.storage.tickets.change(number, wanted, version=version, by=account.id))
    except Stale:
        return await _render(request, parts, account, number, status=409, problem=("state", "stale"), typed=typed)
    except LookupError:
        raise StaffProblem(404, "no_such_page") from None
    told = await _tell(parts, number, ids, by=account.id) if tell and state == "mended" else 0
    return back(f"/tickets/{number}", said="askers_told" if told else "ticket_changed")


def _fault(parts: Services, owner: str, ids: tuple[str, ...], work_note: str) -> tuple[str, str] | None:
    """Return the field that cannot be used and why."""
    if owner and owner not in {account.id for account in _menders(parts)}:
        return "owner", "no_such_colleague"
    if not all(one in shelf().entries for one in ids):
        return "articles", "no_such_article"
    return ("work_note", "too_long") if len(clean(work_note)) > _LONGEST else None


async def _render(
    request: Request,
    parts: Services,
    account: Account,
    number: int,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    def read() -> tuple[tuple[Ticket, tuple[AskedQuestion, ...]] | None, dict[str, str], tuple[Account, ...]]:
        return parts.storage.tickets.find(number), _people(parts), _menders(parts)

    found, people, menders = await run_sync(read)
    if found is None:
        raise StaffProblem(404, "no_such_page")
    ticket, questions = found
    shown: dict[str, Any] = {
        "state": ticket.state,
        "owner": ticket.owner or "",
        "work_note": ticket.work_note or "",
        "articles": ", ".join(ticket.article_ids),
    }
    return page(
        request,
        "ticket.html",
        status=status,
        ticket=ticket,
        questions=questions,
        names=people,
        menders=menders,
        may_change=account.role in ("editor", "manager"),
        states=TICKET_STATES,
        untold=sum(question.told_at is None for question in questions),
        shelf=shelf(),
        form=shown | (typed or {}),
        problem=problem,
    )


def _people(parts: Services) -> dict[str, str]:
    return {state.account.id: state.account.name for state in parts.storage.staff.all()}


def _menders(parts: Services) -> tuple[Account, ...]:
    """Return the accounts that can look after a ticket."""
    states = parts.storage.staff.all()
    return tuple(one.account for one in states if one.account.role != "reviewer" and not one.disabled)


async def _tell(parts: Services, number: int, article_ids: tuple[str, ...], *, by: str) -> int:
    """Write into the conversations that still exist that the answer has been mended; return how many."""
    found = await run_sync(parts.storage.tickets.find, number)
    questions = found[1] if found else ()
    waiting = {question.message_id: question.conversation_id for question in questions if question.told_at is None}
    fresh = await run_sync(lambda: parts.storage.tickets.mark_told(number, tuple(waiting), by=by))
    chats = dict.fromkeys(waiting[message_id] for message_id in fresh)
    return sum([await _tell_one(parts, chat, article_ids) for chat in chats])


async def _tell_one(parts: Services, conversation_id: str, article_ids: tuple[str, ...]) -> bool:
    async with parts.locks.hold(conversation_id):
        conversation = await run_sync(parts.storage.conversations.find, conversation_id)
        if conversation is None:
            return False
        message = _mended(parts, conversation.reading_mode, article_ids)
        stored = await run_sync(parts.storage.conversations.add, conversation_id, message)
    if stored is None:
        return False
    await parts.broker.publish(conversation_id, message_news(stored, mode=conversation.reading_mode))
    return True


def _mended(parts: Services, mode: str, article_ids: tuple[str, ...]) -> NewMessage:
    label = parts.replies.phrase("show_mended")
    choices = [
        {"label": label, "intent": "choose_option", "entities": {"article": article_id}}
        for article_id in article_ids[:1]
    ]
    payload = {**parts.replies.notice("mended", mode), "choices": choices}
    return rendering.from_payload(payload, mode=mode, sender="system")
