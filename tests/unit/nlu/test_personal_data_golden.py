"""Masking of personal data on the golden messages; misses are printed, floors are held."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.personal_data import redact

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FLOORS = yaml.safe_load((GOLDEN / "floors.yml").read_text(encoding="utf-8"))["personal_data"]


def rows(split: str) -> list[dict[str, Any]]:
    lines = (GOLDEN / "personal_data.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["split"] == split]


@pytest.mark.parametrize(
    ("split", "floor"),
    # The last part holds names that stand in no list of ours: only the words around them give them away.
    [("dev", "recall"), ("held_out", "recall"), ("fresh", "recall"), ("unlisted", "recall_of_unlisted_names")],
)
def test_every_kind_is_masked(split: str, floor: str) -> None:
    masked: dict[str, list[bool]] = defaultdict(list)
    for row in rows(split):
        result = redact(row["text"])
        for secret in row["secrets"]:
            gone = secret["value"] not in result.text and secret["kind"] in {item.kind for item in result.found}
            masked[secret["kind"]].append(gone)
            if not gone:
                print("missed", row["id"], secret["kind"], "in", row["text"])  # noqa: T201
    recall = {kind: sum(hits) / len(hits) for kind, hits in masked.items()}
    assert {kind: value for kind, value in recall.items() if value < FLOORS[floor]} == {}


@pytest.mark.parametrize("split", ["dev", "held_out", "fresh"])
def test_ordinary_messages_stay_as_they_are(split: str) -> None:
    ordinary = [row for row in rows(split) if not row["secrets"]]
    changed = [(row["id"], redact(row["text"]).text) for row in ordinary if redact(row["text"]).found]
    print("changed", changed)  # noqa: T201
    assert len(changed) / len(ordinary) <= FLOORS["most_false_alarms"]
