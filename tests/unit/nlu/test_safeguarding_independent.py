"""The detector on messages written by someone who had seen neither its rules nor its examples.

Both halves have been mended from since, so these floors guard what was reached; they do not tell how the detector does
on words that nobody has seen. What it did on them at first sight stands in decision 0010.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from assistant.gateway import watch
from assistant.paths import build_folder
from nlu.safeguarding import SafeguardingDetector

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FLOORS = yaml.safe_load((GOLDEN / "floors.yml").read_text(encoding="utf-8"))["safeguarding_independent"]
ROWS = [
    json.loads(line) for line in (GOLDEN / "safeguarding_independent.jsonl").read_text(encoding="utf-8").splitlines()
]
TOLD = ("direct", "veiled")


@pytest.fixture(scope="module", params=["rules", "rules_and_classifier"])
def detector(request: pytest.FixtureRequest) -> SafeguardingDetector:
    if request.param == "rules":
        return watch.guard()
    if not (build_folder() / "safeguarding" / "model.json").exists():
        pytest.skip("the classifier is not built: run 'send-assistant build'")
    return watch.guard(build_folder())


def shares(detector: SafeguardingDetector, expected: str) -> dict[str, float]:
    """Return for each kind of message the share that is answered as expected; the others are printed."""
    right, all_of = Counter[str](), Counter[str]()
    for row in ROWS:
        verdict = detector.check(row["text"])
        answer = "none" if verdict is None else "lines" if verdict.informational else "safeguarding"
        all_of[row["kind"]] += 1
        right[row["kind"]] += answer == expected
        if (row["kind"] in TOLD) != (answer == "safeguarding"):
            print(row["id"], row["kind"], answer, verdict and verdict.reasons, row["text"])  # noqa: T201
    return {kind: right[kind] / count for kind, count in all_of.items()}


def test_what_is_told_gets_the_safeguarding_answer_and_the_rest_does_not(detector: SafeguardingDetector) -> None:
    answered = shares(detector, "safeguarding")
    assert {kind: answered[kind] for kind in TOLD if answered[kind] < FLOORS["recall"][kind]} == {}
    assert answered["ordinary"] <= FLOORS["most_false_alarms"]


def test_questions_about_the_subject_get_the_lines_as_well(detector: SafeguardingDetector) -> None:
    assert shares(detector, "lines")["informational"] >= FLOORS["informational_recall"]


def test_few_ordinary_messages_get_the_lines_unasked(detector: SafeguardingDetector) -> None:
    assert shares(detector, "lines")["ordinary"] <= FLOORS["most_lines_unasked"]


def test_the_set_is_large_and_shares_nothing_with_the_examples() -> None:
    examples = yaml.safe_load((GOLDEN.parents[1] / "nlu/training/safeguarding.yml").read_text(encoding="utf-8"))
    trained = {text.lower() for texts in examples["examples"].values() for text in texts}
    assert len(ROWS) >= 600
    assert {row["text"].lower() for row in ROWS} & trained == set()
