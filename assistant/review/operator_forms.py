"""What managers type on the settings page, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from assistant.gateway.text import clean
from assistant.operating import hours_entry
from assistant.settings import Hours
from knowledge.model import Contact

REASON_LIMIT, TITLE_LIMIT, REPLY_LIMIT, LINE_LIMIT = 300, 80, 2000, 300
CONTACT_FIELDS = ("phone", "text_number", "email", "hours", "url", "what", "note")
_MOST_CLOSURES = 200
_PERIODS = ("conversations", "handovers", "safeguarding")
_MOST_DAYS = 36_500
_MOST_HOURS = 1000
_SHAPES = {
    "phone": re.compile(r"[+0-9][0-9 ()-]{1,23}[0-9]( ?(ext|x)\.? ?[0-9]{1,5}|,? option [0-9])?", re.IGNORECASE),
    "text_number": re.compile(r"[+0-9][0-9 ]{2,20}"),
    "email": re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"),
    "url": re.compile(r"https?://[^\s.]+\.\S+"),
}


class Fault(Exception):
    """A field that cannot be used.

    Args:
        field: Its id on the page.
        key: Why, a key of `settings.problems` in texts.yml.
    """

    def __init__(self, field: str, key: str) -> None:
        """Remember the parts."""
        super().__init__(key)
        self.field, self.key = field, key


def hours(form: Mapping[str, str], days: Sequence[str]) -> dict[str, Any]:
    """Return the entry for opening hours.

    Args:
        form: `opens`, `closes` as 09:00; `confirmed`.
        days: Chosen days, 0 (Monday) to 6.

    Raises:
        Fault: No day, or times that make no span.
    """
    chosen = sorted({int(day) for day in days if day in "0123456" and len(day) == 1})
    if not chosen:
        raise Fault("day-0", "no_day")
    try:
        opens, closes = (time.fromisoformat(form.get(name, "")) for name in ("opens", "closes"))
    except ValueError:
        raise Fault("opens", "bad_time") from None
    if opens >= closes:
        raise Fault("closes", "closes_first")
    return hours_entry(Hours(tuple(chosen), opens, closes), confirmed=bool(form.get("confirmed")))


def closures(form: Mapping[str, str]) -> list[str]:
    """Return the closed days, sorted, as 2026-12-24; typed so or as 24/12/2026.

    Raises:
        Fault: A line is not a date, or there are too many.
    """
    typed = form.get("closures", "").replace(",", " ").split()
    try:
        days = sorted({_day(one) for one in typed})
    except ValueError:
        raise Fault("closures-box", "bad_date") from None
    if len(days) > _MOST_CLOSURES:
        raise Fault("closures-box", "too_many_dates")
    return [day.isoformat() for day in days]


def reply_target(form: Mapping[str, str]) -> int:
    """Return the opening hours within which a person should reply.

    Raises:
        Fault: Not a number from 1 to 1000.
    """
    return _number(form, "target", _MOST_HOURS, name="reply_target")


def retention(form: Mapping[str, str]) -> dict[str, int]:
    """Return the days of keeping.

    Raises:
        Fault: Not a number of days from 1 to 36500.
    """
    return {name: _number(form, f"days-{name}", _MOST_DAYS, name=name) for name in _PERIODS}


def pause(form: Mapping[str, str], *, at: int) -> dict[str, Any] | None:
    """Return the entry for the off switch; None switches the assistant on.

    Args:
        form: `off` and `reason`.
        at: Now, in ms since 1970.

    Raises:
        Fault: Off without a reason, or one that is too long.
    """
    if not form.get("off"):
        return None
    reason = clean(form.get("reason", ""))
    if not reason:
        raise Fault("reason", "no_reason")
    if len(reason) > REASON_LIMIT:
        raise Fault("reason", "too_long")
    return {"reason": reason, "since": at}


def canned_reply(form: Mapping[str, str], place: str) -> tuple[str, str]:
    """Return title and text of a ready reply.

    Args:
        form: `title`, `text`.
        place: Ending of the fields' ids on the page.

    Raises:
        Fault: One is missing or too long.
    """
    title, text = clean(form.get("title", "")), clean(form.get("text", ""))
    for field, words, most in (("title", title, TITLE_LIMIT), ("text", text, REPLY_LIMIT)):
        if not words:
            raise Fault(f"{field}-{place}", f"no_{field}")
        if len(words) > most:
            raise Fault(f"{field}-{place}", "too_long")
    return title, text


def contact(form: Mapping[str, str], base: Contact, *, today: date) -> dict[str, str | None]:
    """Return the entry for a contact: what differs from the file, and when somebody made sure.

    Args:
        form: The fields, and `checked` as 2026-11-23.
        base: The contact without what managers have set.
        today: Dates after it are refused.

    Raises:
        Fault: A field has a shape that cannot be right, or the date is missing or in the future.
    """
    typed = {name: clean(form.get(name, "")) or None for name in CONTACT_FIELDS}
    for name, value in typed.items():
        if value and len(value) > LINE_LIMIT:
            raise Fault(name, "too_long")
        if value and name in _SHAPES and not _SHAPES[name].fullmatch(value):
            raise Fault(name, f"bad_{name}")
    changed = {name: value for name, value in typed.items() if value != getattr(base, name)}
    try:
        checked = date.fromisoformat(form.get("checked", ""))
    except ValueError:
        raise Fault("checked", "no_checked") from None
    if checked > today:
        raise Fault("checked", "future")
    return {**changed, "checked": checked.isoformat()}


def _number(form: Mapping[str, str], field: str, most: int, *, name: str | None = None) -> int:
    raw = form.get(name or field, "").strip()
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= most):
        raise Fault(field, "bad_number")
    return int(raw)


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = (int(part) for part in text.split("/"))
        return date(year, month, day)
    return date.fromisoformat(text)
