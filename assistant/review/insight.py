"""Insight: what is asked, what helped, what is missing, how soon people reply; as a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assistant.gateway.services import Parts, Services
from assistant.gateway.text import clean
from assistant.review import figures
from assistant.review.access import Reader
from assistant.review.grouping import Group, groups
from assistant.review.shelf import Shelf, shelf
from assistant.review.suppression import SMALLEST
from assistant.review.view import back, page, wording
from assistant.storage.insight import Period

router = APIRouter()
_USUAL_DAYS, _MOST_DAYS = 28, 366
_SUMMARY_LIMIT = 1000
_HIDDEN = "hidden"


@dataclass(frozen=True)
class _Found:
    overview: figures.Overview
    groups: tuple[Group, ...]
    shelf: Shelf


@router.get("/insight")
async def show(request: Request, parts: Parts, account: Reader) -> Response:
    """Show the figures of a period, with questions of families, redacted: who looked is written down."""
    today = parts.storage.now().date()
    period = asked_period(request.query_params, today=today)
    found = await run_sync(lambda: _read(parts, period))
    await run_sync(lambda: parts.storage.audit.record(None, actor=account.id, action="insight.viewed"))
    return page(
        request,
        "insight.html",
        overview=found.overview,
        groups=found.groups,
        late=found.shelf.late(today),
        labels=_labels(request, found.shelf),
        smallest=SMALLEST,
    )


@router.get("/insight.csv")
async def as_csv(request: Request, parts: Parts, _account: Reader) -> Response:
    """Give the same figures as CSV; the questions themselves stay on the page."""
    today = parts.storage.now().date()
    period = asked_period(request.query_params, today=today)
    found = await run_sync(lambda: _read(parts, period))
    text = _csv(found.overview, _labels(request, found.shelf), [entry.article.id for entry in found.shelf.late(today)])
    name = f"insight-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/insight/ticket")
async def raise_ticket(
    parts: Parts,
    account: Reader,
    message_ids: Annotated[list[str], Form(max_length=50)],
    summary: Annotated[str, Form(max_length=_SUMMARY_LIMIT)] = "",
) -> Response:
    """Raise a ticket for a group of questions that nothing answers."""
    number = await run_sync(
        lambda: parts.storage.tickets.raise_for_questions(
            "unknown_question", message_ids, summary=clean(summary), by=account.id
        )
    )
    return back(f"/tickets/{number}", said="ticket_raised")


def asked_period(query: Mapping[str, str], *, today: date) -> Period:
    """Return the days that the address names, put right where they make no sense; usually the last four weeks."""
    last = min(_day(query.get("until")) or today, today)
    first = _day(query.get("since")) or last - timedelta(days=_USUAL_DAYS - 1)
    first = max(min(first, last), last - timedelta(days=_MOST_DAYS - 1))
    return Period(first, last)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _read(parts: Services, period: Period) -> _Found:
    found, store = shelf(), parts.storage.insight
    whole = figures.overview(store.figures(period), period, zone=parts.settings.timezone, topic=found.topic)
    return _Found(whole, groups(store.unanswered(period)), found)


def _labels(request: Request, found: Shelf) -> dict[str, dict[str, Any]]:
    """Return the words for the keys of each chart."""
    own: dict[str, dict[str, Any]] = wording(request, "insight", "labels")
    topics = {**found.topics, **own["topics"]}
    titles = {key: entry.article.title for key, entry in found.entries.items()}
    return {**own, "topics": topics, "wrong_articles": titles}


def _csv(overview: figures.Overview, labels: Mapping[str, Mapping[str, str]], late: list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["table", "key", "label", "value"])
    writer.writerow(["period", "first", "", overview.period.first.isoformat()])
    writer.writerow(["period", "last", "", overview.period.last.isoformat()])
    for chart in overview.charts:
        words = labels.get(chart.key, {})
        for cell in chart.table.cells:
            writer.writerow([chart.key, cell.key, words.get(cell.key, cell.key), _shown(cell.value)])
        writer.writerow([chart.key, "total", "", _shown(chart.table.total)])
    writer.writerows(["past_review", article_id, "", ""] for article_id in late)
    return text.getvalue()


def _shown(value: int | None) -> str:
    return _HIDDEN if value is None else str(value)
