"""What a list of requests is narrowed to, read from the address; anything unknown there is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from assistant.storage import moments
from assistant.storage.desk_records import PRIORITIES, REQUEST_STATES, Wanted

_STATES = ("open", *REQUEST_STATES, "all")
_WAYS = ("chat", "email", "phone")
_LONGEST = 60
_MOST_PAGES = 100_000


@dataclass(frozen=True)
class Filters:
    """The fields of the form above the list, as text; empty means any."""

    state: str = "open"
    who: str = ""
    priority: str = ""
    tag: str = ""
    way: str = ""
    late: str = ""
    q: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Take what can be used."""
        given = {name: query.get(name, "").strip()[:_LONGEST] for name in cls.__dataclass_fields__}
        return cls(
            state=_one_of(given["state"], _STATES) or "open",
            who=given["who"],
            priority=_one_of(given["priority"], tuple(map(str, PRIORITIES))),
            tag=given["tag"],
            way=_one_of(given["way"], _WAYS),
            late="1" if given["late"] else "",
            q=given["q"],
            since=_day(given["since"]),
            until=_day(given["until"]),
        )

    def wanted(self, *, me: str, now: datetime, zone: ZoneInfo) -> Wanted:
        """Return what storage is asked for.

        Args:
            me: The account that `who=me` stands for.
            now: What is late was due before.
            zone: In which days begin and end.
        """
        people = {"": None, "nobody": "", "me": me}
        return Wanted(
            state=None if self.state == "all" else self.state,
            assignee=people.get(self.who, self.who),
            priority=int(self.priority) if self.priority else None,
            tag=self.tag or None,
            preferred_contact=self.way or None,
            late_at=moments.to_ms(now) if self.late else None,
            search=self.q or None,
            since=_begins(self.since, zone),
            until=_begins(self.until, zone, days_later=1),
        )

    def address(self, **changes: str) -> str:
        """Return these filters as the query of an address, with some changed."""
        fields = {**vars(self), **changes}
        return urlencode({name: value for name, value in fields.items() if value})

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the state is chosen."""
        return any(value for name, value in vars(self).items() if name != "state")


def page_number(query: Mapping[str, str]) -> int:
    """Return the page that is asked for, from 1."""
    given = query.get("page", "")
    return min(max(int(given), 1), _MOST_PAGES) if given.isascii() and given.isdigit() else 1


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


def _begins(day: str, zone: ZoneInfo, *, days_later: int = 0) -> int | None:
    if not day:
        return None
    local = datetime.combine(date.fromisoformat(day) + timedelta(days=days_later), time(), zone)
    return moments.to_ms(local)
