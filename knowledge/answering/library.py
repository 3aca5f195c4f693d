"""All content in one place for the answering steps: articles, contacts, services, phrases."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from knowledge.loader import ROOT, load_articles, load_contacts, read_yaml
from knowledge.model import Article, Contact, ReadingMode
from knowledge.services import load_services
from nlu.text import LEXICON


@dataclasses.dataclass(frozen=True)
class Library:
    """The approved content. `today` is asked for, so that facts run out while the service is up."""

    articles: Mapping[str, Article]
    contacts: Mapping[str, Contact]
    services: Mapping[str, Mapping[str, Any]]
    phrases: Mapping[str, Mapping[str, str]]
    today: Callable[[], dt.date] = dt.date.today
    tables: Mapping[str, Any] = dataclasses.field(default_factory=lambda: load_tables(ROOT))

    @classmethod
    def load(cls, root: Path = ROOT, *, contacts: Path | None = None) -> Library:
        """Read all content below a folder; `contacts` is the operator's own file of contact details.

        Raises:
            ContentError: A file is damaged.
        """
        return cls(
            articles=load_articles(root / "articles"),
            contacts=load_contacts(root / "contacts.yml", contacts),
            services=load_services(root / "services"),
            phrases=_yaml(root / "phrases.yml"),
            tables=load_tables(root),
        )

    def phrase(self, name: str, mode: ReadingMode, **values: str) -> str:
        """Return a framing sentence in a reading mode."""
        return self.phrases[mode][name].format(**values)

    def label(self, name: str, **values: str) -> str:
        """Return the words on a choice."""
        return self.phrases["labels"][name].format(**values)


def load_tables(root: Path) -> dict[str, Any]:
    """Return what steers the answering: short forms, how law is cited, how things are compared."""
    schema = {name: _yaml(root / "schema" / f"{name}.yml") for name in ("short_forms", "references")}
    return {**schema, "comparison": _yaml(LEXICON / "comparison.yml")}


def _yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
    return found
