"""Content for editors: all articles with what needs looking at, and how one reads, standard and easy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.gateway.contacts import live_contacts
from assistant.gateway.services import Parts, Services
from assistant.review.access import Signed
from assistant.review.filters import page_number
from assistant.review.problems import StaffProblem
from assistant.review.shelf import Entry, shelf
from assistant.review.view import page
from knowledge.errors import ContentError

if TYPE_CHECKING:
    from assistant.preview import Preview

router = APIRouter()
SIZE = 50
_LONGEST = 60


@router.get("/content")
async def listed(request: Request, parts: Parts, _account: Signed) -> Response:
    """List articles, narrowed by topic, what is wrong with them, or words in id and title."""
    all_of_it = await run_sync(shelf)
    given = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("topic", "look", "q")}
    today = parts.storage.now().date()
    looks: Mapping[str, Callable[[Entry], bool]] = {
        "late": lambda entry: entry.is_late(today),
        "old": lambda entry: entry.certainty == "old",
        "draft": lambda entry: entry.article.status != "published",
    }
    look = looks.get(given["look"])
    found = sorted(
        (entry for entry in all_of_it.entries.values() if _fits(entry, given) and (look is None or look(entry))),
        key=lambda entry: entry.article.review_due(),
    )
    last = max(1, -(-len(found) // SIZE))
    number = min(page_number(request.query_params), last)
    return page(
        request,
        "content.html",
        entries=found[(number - 1) * SIZE : number * SIZE],
        total=len(found),
        number=number,
        last=last,
        given=given,
        shelf=all_of_it,
        today=today,
    )


@router.get("/content/{article_id}")
async def show(request: Request, parts: Parts, _account: Signed, article_id: str) -> Response:
    """Show an article as families see it, with the findings of the check."""
    all_of_it = await run_sync(shelf)
    if article_id not in all_of_it.entries:
        raise StaffProblem(404, "no_such_page")
    entry = all_of_it.entries[article_id]
    try:
        shown = await run_sync(_previewed, parts, Path(entry.article.path))
    except (ContentError, OSError):
        # The file was changed after the service had read it.
        raise StaffProblem(404, "no_such_page") from None
    topic = all_of_it.topics[entry.article.topic]
    today = parts.storage.now().date()
    return page(request, "content_article.html", **vars(shown), entry=entry, topic=topic, today=today)


def _previewed(parts: Services, path: Path) -> Preview:
    # The check brings 20 MB of word lists that no family's question needs.
    from assistant.preview import preview

    return preview(path, contacts=live_contacts(parts.settings))


def _fits(entry: Entry, given: Mapping[str, str]) -> bool:
    if given["topic"] and entry.article.topic != given["topic"]:
        return False
    words = f"{entry.article.id} {entry.article.title}".casefold()
    return all(word in words for word in given["q"].casefold().split())
