"""How the service is run right now: the environment's settings, with what managers have set on the staff pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from assistant.settings import Hours, Settings

# Prefix of the entries that hold the details of one contact.
CONTACT = "contact."
# What an entry may be named, apart from contacts.
NAMES = ("hours", "closures", "reply_target", "retention", "pause")
_RETENTION = {
    "conversations": "retention_days",
    "handovers": "retention_handover_days",
    "safeguarding": "retention_safeguarding_days",
}


@dataclass(frozen=True)
class Pause:
    """The assistant is switched off; `since` in ms since 1970, UTC."""

    reason: str
    since: int


@dataclass(frozen=True)
class Operating:
    """What holds at this moment.

    Args:
        settings: The environment's settings with the staff pages' values in their places.
        pause: Why families get no answers just now; None in ordinary times.
        contacts: Fields of contacts by key, as managers have set them; a field set to None is not shown.
    """

    settings: Settings
    pause: Pause | None = None
    contacts: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


def operating(settings: Settings, entries: Mapping[str, Any]) -> Operating:
    """Lay what managers have set over the environment.

    Args:
        settings: As the environment gives them.
        entries: Name to JSON value, as stored.
    """
    changes: dict[str, Any] = {}
    if hours := entries.get("hours"):
        changes |= {"hours": _hours(hours), "hours_confirmed": bool(hours["confirmed"])}
    if "closures" in entries:
        changes["closures"] = tuple(date.fromisoformat(day) for day in entries["closures"])
    if "reply_target" in entries:
        changes["reply_target_hours"] = int(entries["reply_target"])
    for name, days in (entries.get("retention") or {}).items():
        changes[_RETENTION[name]] = int(days)
    pause = entries.get("pause")
    return Operating(
        settings=dataclasses.replace(settings, **changes),
        pause=Pause(reason=pause["reason"], since=pause["since"]) if pause else None,
        contacts={name.removeprefix(CONTACT): value for name, value in entries.items() if name.startswith(CONTACT)},
    )


def hours_entry(hours: Hours, *, confirmed: bool) -> dict[str, Any]:
    """Return the JSON value for opening hours."""
    return {
        "days": list(hours.days),
        "opens": hours.opens.isoformat("minutes"),
        "closes": hours.closes.isoformat("minutes"),
        "confirmed": confirmed,
    }


def retention_entry(settings: Settings) -> dict[str, int]:
    """Return the JSON value for the days of keeping."""
    return {name: getattr(settings, attribute) for name, attribute in _RETENTION.items()}


def _hours(value: Mapping[str, Any]) -> Hours:
    return Hours(
        days=tuple(value["days"]),
        opens=time.fromisoformat(value["opens"]),
        closes=time.fromisoformat(value["closes"]),
    )
