"""One finding about one place in a content file."""

from __future__ import annotations

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where, and whether it stops a release (`error`) or only needs a look (`warning`)."""

    path: str
    line: int
    rule: str
    message: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: [{self.rule}] {self.message}"


def line_of(path: str, needle: str) -> int:
    """Return the first line of a file that holds some text (1 if none does), for an editor to jump to."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return 1
    return next((number for number, line in enumerate(lines, 1) if needle and needle in line), 1)
