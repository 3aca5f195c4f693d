"""Golden safeguarding messages and how the detector answers them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from nlu.safeguarding import SafeguardingDetector

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FLOORS = yaml.safe_load((GOLDEN / "floors.yml").read_text(encoding="utf-8"))
TOLD = ("direct", "veiled")


def rows(name: str) -> list[dict[str, Any]]:
    """Return the messages of one file."""
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def shares(detector: SafeguardingDetector, messages: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Return for each kind of message the share of each answer: safeguarding, lines, none; what is off is printed."""
    given: dict[str, Counter[str]] = {row["kind"]: Counter() for row in messages}
    for row in messages:
        verdict = detector.check(row["text"])
        answer = "none" if verdict is None else "lines" if verdict.informational else "safeguarding"
        given[row["kind"]][answer] += 1
        if (row["kind"] in TOLD) != (answer == "safeguarding"):
            print(row["id"], row["kind"], answer, verdict and verdict.reasons, row["text"])  # noqa: T201
    return {
        kind: Counter({answer: n / count.total() for answer, n in count.items()})  # type: ignore[misc]
        for kind, count in given.items()
    }
