"""Golden questions: JSON lines, one question or dialogue each."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from assistant.errors import ServiceError


class BadCases(ServiceError):
    """A file of golden questions cannot be used."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One question, or the turns of a dialogue; what is expected speaks of the answer to the last turn.

    `must_contain` holds groups of alternatives: of each group one must stand in the answer. `expected` names the
    articles that are right (any of them), none where nothing in the knowledge base is.
    """

    id: str
    kind: str
    turns: tuple[str, ...]
    expected: tuple[str, ...]
    must_contain: tuple[tuple[str, ...], ...] = ()
    statuses: tuple[str, ...] = ()

    @property
    def out_of_scope(self) -> bool:
        """Whether a refusal with a signpost is the right answer."""
        return self.kind == "out_of_scope" or not self.expected or any(key.startswith("oos-") for key in self.expected)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file.

    Raises:
        BadCases: A line is not JSON or lacks a field; the line is named.
    """
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadCases(f"{path}:{number}: not a golden question ({error})") from error
    return cases


def _case(row: dict[str, Any]) -> Case:
    turns = row.get("turns") or [row["text"]]
    expected = row.get("expected")
    return Case(
        id=str(row["id"]),
        kind=row["kind"],
        turns=tuple(turns),
        expected=tuple(key for key in ([expected] if isinstance(expected, str) else expected or ()) if key),
        must_contain=tuple(tuple(group.lower().split("|")) for group in row.get("must_contain", [])),
        statuses=tuple(row.get("status", ())),
    )
