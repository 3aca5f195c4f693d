"""The words of a notification, from templates; ids and an address only."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.storage.outbox import Notice

_FOLDER = Path(__file__).with_name("templates")
_PLACES = {"handover": "requests", "safeguarding": "safeguarding"}


@dataclass(frozen=True)
class Letter:
    """What is sent.

    Args:
        id: The same at every attempt, so that a receiver can tell a repeat from news.
        kind: `safeguarding`, `handover` or `test`.
        reference: What staff know it by.
        created_at: When it happened, ms since 1970, UTC.
        subject: One line.
        text: The message.
        link: Its place on the staff pages; empty where the public address is not set.
    """

    id: str
    kind: str
    reference: str
    created_at: int
    subject: str
    text: str
    link: str


class Letters:
    """Writes letters.

    Args:
        public_url: Where staff reach the service; empty if it is not set.
    """

    def __init__(self, public_url: str) -> None:
        """Read the templates' folder."""
        self._public_url = public_url
        self._templates = Environment(  # plain text: there is nothing to escape
            loader=FileSystemLoader(_FOLDER), autoescape=False, undefined=StrictUndefined, trim_blocks=True
        )
        self._history: dict[str, str] = yaml.safe_load((_FOLDER / "history.yml").read_text(encoding="utf-8"))

    def write(self, notice: Notice) -> Letter:
        """Return the letter for a notification."""
        link = self._link(notice)
        words = self._templates.get_template(f"{notice.kind}.txt").render(subject=notice.subject, link=link)
        subject, _, text = words.partition("\n")
        return Letter(
            id=f"send-assistant-{notice.number}-{notice.created_at}",
            kind=notice.kind,
            reference=notice.subject,
            created_at=notice.created_at,
            subject=subject,
            text=text.strip() + "\n",
            link=link,
        )

    def history(self, key: str) -> str:
        """Return the line of a safeguarding record's history for a channel, or for `failed`."""
        return self._history[key]

    def _link(self, notice: Notice) -> str:
        if not self._public_url or notice.kind not in _PLACES or not notice.record:
            return ""
        return f"{self._public_url}/staff/{_PLACES[notice.kind]}/{notice.record}"
