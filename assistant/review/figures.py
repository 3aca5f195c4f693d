"""The figures of the insight page, small numbers hidden; page and CSV show the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.review.suppression import Table, single, table, together
from assistant.storage.insight import Figures, Period
from assistant.storage.ticket_records import ORIGINS

# Above so many days a column stands for a week.
_MOST_COLUMNS = 31
_REPLIES = ("in_time", "late", "no_reply", "waiting")
_HOUR = "handover.hour."
_ABOUT = "handover.about."
_REPLY = "reply."
_MOST_ARTICLES = 10


@dataclass(frozen=True)
class Chart:
    """One table of figures; `series` are columns in time, the others bars by size."""

    key: str
    table: Table
    series: bool = False


@dataclass(frozen=True)
class Overview:
    """Everything with numbers on the insight page; figures that stand alone are None where hidden."""

    period: Period
    conversations: int | None
    handovers: int | None
    charts: tuple[Chart, ...]

    def chart(self, key: str) -> Chart:
        """Return one chart."""
        return next(chart for chart in self.charts if chart.key == key)


def overview(figures: Figures, period: Period, *, zone: ZoneInfo, topic: Callable[[str], str]) -> Overview:
    """Put the figures together.

    Args:
        figures: What happened.
        period: When.
        zone: In which hours are counted.
        topic: Gives the topic of an article id.
    """
    totals = _totals(figures)
    topics: Counter[str] = Counter()
    for name, value in totals.items():
        if name.startswith(_ABOUT):
            topics[topic(name.removeprefix(_ABOUT))] += value
    replies = {name: totals[f"handover.{name}"] for name in _REPLIES}
    handovers = together(dict(topics.most_common()), _hours(figures, zone), replies)
    statuses = {name.removeprefix(_REPLY): n for name, n in totals.most_common() if name.startswith(_REPLY)}
    wrong = dict(Counter(figures.wrong_articles).most_common(_MOST_ARTICLES))
    days = table(_days(figures, period))
    return Overview(
        period=period,
        conversations=single(totals["conversation"]) if days.total is not None else None,
        handovers=handovers[0].total,
        charts=(
            Chart("conversations", days, series=True),
            Chart("answers", table(statuses)),
            Chart("helped", table({name: totals[name] for name in ("helpful", "not_helpful")})),
            Chart("reports", table({name: figures.tickets.get(name, 0) for name in ORIGINS})),
            Chart("wrong_articles", table(wrong)),
            Chart("topics", handovers[0]),
            Chart("hours", handovers[1], series=True),
            Chart("replies", handovers[2]),
        ),
    )


def _totals(figures: Figures) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_day, name), value in figures.counts.items():
        found[name] += value
    return found


def _days(figures: Figures, period: Period) -> dict[str, int]:
    """Count conversations by day, or by week (named by its Monday) where that would be too many columns."""
    length = (period.last - period.first).days + 1
    by_week = length > _MOST_COLUMNS
    found = {_column(period.first + timedelta(days=n), by_week): 0 for n in range(length)}
    for (day, name), value in figures.counts.items():
        if name == "conversation":
            found[_column(date.fromisoformat(day), by_week)] += value
    return found


def _column(day: date, by_week: bool) -> str:
    return (day - timedelta(days=day.weekday()) if by_week else day).isoformat()


def _hours(figures: Figures, zone: ZoneInfo) -> dict[str, int]:
    found = {f"{hour:02}": 0 for hour in range(24)}
    for (day, name), value in figures.counts.items():
        if name.startswith(_HOUR):
            hour = int(name.removeprefix(_HOUR))
            moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)
            found[f"{moment.astimezone(zone).hour:02}"] += value
    return found
