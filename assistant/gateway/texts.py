"""Reads the gateway's sentences from `texts.yml` and turns them into payloads."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.gateway.blocks import plain_text
from assistant.gateway.ports import Payload
from assistant.gateway.safeguarding import SafeguardingArticles

_FILE = Path(__file__).with_name("texts.yml")
_FALLBACK_ARTICLE = "crisis-immediate"


class FileReplies:
    """The sentences of one YAML file.

    Args:
        keep_days: Days an ordinary conversation is kept, named in the welcome.
        contacts: Gives contact blocks that replace those of the file (the operator's own), as they are now.
        safeguarding: The safeguarding articles; without them the file's shorter words are used.
        path: The file.
    """

    def __init__(
        self,
        *,
        keep_days: int,
        contacts: Callable[[], Sequence[Mapping[str, Any]]] = tuple,
        safeguarding: SafeguardingArticles | None = None,
        path: Path = _FILE,
    ) -> None:
        """Remember the parts; the file is read at the first use."""
        self._keep_days, self._contacts, self._path = keep_days, contacts, path
        self._safeguarding = safeguarding

    @cached_property
    def _file(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load(self._path.read_text(encoding="utf-8"))
        return loaded

    def welcome(self, mode: str, *, keep_days: int | None = None) -> Sequence[Payload]:
        """Return the first messages."""
        entries = self._file["welcome"][mode]
        return [self._payload(entry, mode, keep_days=str(keep_days or self._keep_days)) for entry in entries]

    def unavailable(self, mode: str) -> Payload:
        """Return the apology with contacts."""
        entry = self._file["unavailable"][mode]
        return self._payload({**entry, "more": self._contacts() or entry["more"]}, mode)

    def safeguarding(self, article_id: str, mode: str, category: str | None = None) -> Payload:
        """Return the words for a safeguarding article; an unknown one gets those for immediate danger."""
        person = {"label": self.phrase("talk_to_person"), "intent": "talk_to_person", "entities": {}}
        found = self._safeguarding.payload(article_id, category, mode) if self._safeguarding else None
        if found is not None:
            return {**found, "choices": [person]}
        articles = self._file["safeguarding"]
        return {**self._payload(articles.get(article_id, articles[_FALLBACK_ARTICLE])[mode], mode), "choices": [person]}

    def help_lines(self, mode: str) -> Payload:
        """Return the help lines that go under an answer."""
        return self._payload(self._file["help_lines_note"][mode], mode)

    def hidden_data(self, kinds: Sequence[str], mode: str, *, nothing_left: bool) -> Payload:
        """Say what was hidden."""
        entry = self._file["hidden_data_only" if nothing_left else "hidden_data"][mode]
        return self._payload(entry, mode, kinds=self.phrase("kind_separator").join(kinds))

    def with_person(self, mode: str) -> Payload:
        """Say that a person has the conversation."""
        return self._payload(self._file["with_person"][mode], mode)

    def handed_back(self, mode: str) -> Payload:
        """Say that the assistant answers again."""
        return self._payload(self._file["handed_back"][mode], mode)

    def handed_over(self, mode: str, *, reference: str, expected: str) -> Payload:
        """Confirm a request for a person."""
        return self._payload(self._file["handed_over"][mode], mode, reference=reference, expected=expected)

    def notice(self, key: str, mode: str, **values: str) -> Payload:
        """Return a notice, with values in its places."""
        entry = self._file[key][mode]
        more = self._contacts() or entry["more"] if "more" in entry else ()
        return self._payload({**entry, "more": more}, mode, **values)

    def phrase(self, key: str) -> str:
        """Return one short sentence."""
        words: str = self._file["phrases"][key]
        return words

    def _payload(self, entry: Mapping[str, Any], mode: str, **values: str) -> Payload:
        said = [{**block, "text": _filled(block["text"], values)} for block in entry["blocks"]]
        blocks = [*said, *(dict(block) for block in entry.get("more", ()))]
        return {
            "status": entry.get("status"),
            "text": plain_text(blocks),
            "blocks": blocks,
            "citations": [],
            "choices": list(entry.get("choices", ())),
            "reading": {"mode": mode, "grade": None},
        }


def _filled(text: str, values: Mapping[str, str]) -> str:
    # Not str.format: a brace in a sentence must not become an error while someone waits.
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
