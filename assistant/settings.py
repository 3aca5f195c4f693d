"""Every setting of the services, read once from the environment and frozen."""

import difflib
import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from assistant.errors import SettingsError

PREFIX = "ASSISTANT_"
# Read by the build, the supervisor and the action server, not by the gateway.
ELSEWHERE = frozenset(
    {
        "ASSISTANT_BUILD_DIR",
        "ASSISTANT_FINE_TUNING",
        "ASSISTANT_RASA_PYTHON",
        "ASSISTANT_ACTIONS_HOST",
        "ASSISTANT_ACTIONS_PORT",
    }
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Secret:
    """A value that prints as stars."""

    value: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Return stars, so that a log line or an error page cannot carry the value."""
        return "****" if self.value else ""

    def __repr__(self) -> str:
        """Return stars here too: dataclass and traceback printing use it."""
        return f"Secret({str(self)!r})"

    def __bool__(self) -> bool:
        """Tell whether a value is set."""
        return bool(self.value)


@dataclass(frozen=True)
class Hours:
    """Weekly opening hours: the days (0 = Monday) and one span a day."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)


@dataclass(frozen=True)
class Settings:
    """What an operator can set; each field is the variable `ASSISTANT_<NAME>`."""

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path = Path("var")
    database_url: Secret = Secret()
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    internal_secret: Secret = Secret()
    redis_url: Secret = Secret()
    rate_limit: bool = True
    limit_conversations_per_hour: int = 60
    limit_client_per_minute: int = 120
    limit_conversation_per_minute: int = 30
    body_limit_bytes: int = 16_384
    rasa_connect_seconds: float = 1.0
    rasa_read_seconds: float = 8.0
    allowed_origins: tuple[str, ...] = ()
    contacts: Path | None = None
    contact_key: Secret = Secret()
    contact_key_file: Path | None = None
    cookie_secure: bool = False
    public_url: str = ""
    staff_idle_minutes: int = 30
    staff_absolute_hours: int = 10
    staff_second_factor: bool = True
    staff_sign_ins_per_minute: int = 20
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Secret = Secret()
    retention_days: int = 30
    retention_handover_days: int = 90
    retention_safeguarding_days: int = 365
    hours: Hours = Hours()
    hours_confirmed: bool = False
    closures: tuple[date, ...] = ()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    reply_target_hours: int = 8
    smtp_url: Secret = Secret()
    notify_from: str = ""
    notify_to: tuple[str, ...] = ()
    notify_safeguarding_to: tuple[str, ...] = ()
    webhook_url: str = ""
    webhook_secret: Secret = Secret()
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """The database address; without a setting, an SQLite file in the data folder."""
        return self.database_url.value or f"sqlite:///{self.data_dir / 'assistant.sqlite3'}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings.

        Args:
            environ: Variables to read instead of the process's own.

        Raises:
            SettingsError: A value cannot be used; the text names the variable and the remedy.
        """
        given = dict(os.environ if environ is None else environ)
        # Hosts of web applications commonly set the plain names.
        for plain in ("HOST", "PORT"):
            if given.get(plain):
                given.setdefault(PREFIX + plain, given[plain])
        names = {PREFIX + item.name.upper(): item.name for item in fields(cls)}
        _warn_of_unknown(given, names)
        values = {
            name: _read(variable, name, given[variable].strip())
            for variable, name in names.items()
            if given.get(variable, "").strip()
        }
        return cls(**values)


def _warn_of_unknown(given: Mapping[str, str], names: Mapping[str, str]) -> None:
    for variable in sorted(set(given) - set(names) - ELSEWHERE):
        if variable.startswith(PREFIX):
            near = difflib.get_close_matches(variable, names, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            _logger.warning("unknown_setting name=%s%s", variable, hint)


def _read(variable: str, name: str, raw: str) -> Any:
    reader, remedy = _READERS.get(name, (str, "any text"))
    try:
        return reader(raw)
    except (ValueError, KeyError, OSError) as error:
        shown = "****" if reader in (Secret, _smtp) else repr(raw)
        raise SettingsError(f"{variable}={shown} cannot be used: give {remedy}.") from error


def _switch(raw: str) -> bool:
    return {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}[raw.lower()]


def _between(low: int, high: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        value = int(raw)
        if not low <= value <= high:
            raise ValueError(raw)
        return value

    return read


def _seconds(raw: str) -> float:
    value = float(raw)
    if not 0 < value <= 120:
        raise ValueError(raw)
    return value


def _url(raw: str) -> str:
    if not raw.startswith(("http://", "https://")) or len(raw) < 10:
        raise ValueError(raw)
    return raw.rstrip("/")


def _origins(raw: str) -> tuple[str, ...]:
    return tuple(_url(part.strip()) for part in raw.split(",") if part.strip())


def _smtp(raw: str) -> Secret:
    address = urlsplit(raw)
    if address.scheme not in ("smtp", "smtp+starttls", "smtps") or not address.hostname or address.port == 0:
        raise ValueError(raw)
    return Secret(raw)


def _mailboxes(raw: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in raw.split(",") if part.strip())
    if not all(re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", one) for one in found):
        raise ValueError(raw)
    return found


def _mailbox(raw: str) -> str:
    (found,) = _mailboxes(raw)
    return found


def _dates(raw: str) -> tuple[date, ...]:
    return tuple(sorted(date.fromisoformat(part.strip()) for part in raw.split(",") if part.strip()))


def _hours(raw: str) -> Hours:
    days, span = raw.lower().split()
    first, _, last = days.partition("-")
    opens, closes = (time.fromisoformat(part) for part in span.split("-"))
    if opens >= closes:
        raise ValueError(raw)
    start, end = _DAYS.index(first), _DAYS.index(last or first)
    return Hours(days=tuple(range(start, end + 1)) or _bad(raw), opens=opens, closes=closes)


def _bad(raw: str) -> tuple[int, ...]:
    raise ValueError(raw)


def _level(raw: str) -> str:
    return {name: name for name in ("DEBUG", "INFO", "WARNING", "ERROR")}[raw.upper()]


_COUNT = (_between(1, 100_000), "a whole number from 1 to 100000")
_DAY_COUNT = (_between(1, 36_500), "a number of days from 1 to 36500")
_SWITCH = (_switch, "on or off")
_PATH = (Path, "a path")
_SECRET = (Secret, "any text")
_URL = (_url, "an address such as http://127.0.0.1:5005")
_SECONDS = (_seconds, "seconds above 0, at most 120")
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "port": (_between(1, 65_535), "a port number from 1 to 65535"),
    "data_dir": _PATH,
    "contacts": _PATH,
    "contact_key_file": _PATH,
    "database_url": _SECRET,
    "internal_secret": _SECRET,
    "redis_url": _SECRET,
    "contact_key": _SECRET,
    "rasa_url": _URL,
    "actions_url": _URL,
    "public_url": _URL,
    "oidc_issuer": _URL,
    "oidc_client_secret": _SECRET,
    "staff_second_factor": _SWITCH,
    "staff_idle_minutes": (_between(1, 720), "minutes from 1 to 720"),
    "staff_absolute_hours": (_between(1, 72), "hours from 1 to 72"),
    "staff_sign_ins_per_minute": _COUNT,
    "rate_limit": _SWITCH,
    "cookie_secure": _SWITCH,
    "hours_confirmed": _SWITCH,
    "limit_conversations_per_hour": _COUNT,
    "limit_client_per_minute": _COUNT,
    "limit_conversation_per_minute": _COUNT,
    "reply_target_hours": _COUNT,
    "body_limit_bytes": (_between(2_048, 10_000_000), "a number of bytes from 2048 to 10000000"),
    "rasa_connect_seconds": _SECONDS,
    "rasa_read_seconds": _SECONDS,
    "allowed_origins": (_origins, "web addresses separated by commas, such as https://www.example.org"),
    "retention_days": _DAY_COUNT,
    "retention_handover_days": _DAY_COUNT,
    "retention_safeguarding_days": _DAY_COUNT,
    "hours": (_hours, "days and times such as 'Mon-Fri 09:00-17:00'"),
    "closures": (_dates, "dates separated by commas, such as 2026-12-24,2026-12-31"),
    "timezone": (ZoneInfo, "a time zone name such as Europe/London"),
    "smtp_url": (_smtp, "an address such as smtps://name:password@mail.example.org:465 (or smtp://, smtp+starttls://)"),
    "notify_from": (_mailbox, "one e-mail address"),
    "notify_to": (_mailboxes, "e-mail addresses separated by commas"),
    "notify_safeguarding_to": (_mailboxes, "e-mail addresses separated by commas"),
    "webhook_url": _URL,
    "webhook_secret": _SECRET,
    "log_level": (_level, "DEBUG, INFO, WARNING or ERROR"),
}
