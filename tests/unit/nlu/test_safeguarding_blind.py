"""Rules and classifier on messages by writers who had seen neither; nothing was mended or learned from them.

Set A chose how early the classifier is believed, by one half of it; set B was written afterwards and chose nothing.
"""

import pytest

from assistant.gateway import watch
from assistant.paths import build_folder
from nlu.safeguarding import SafeguardingDetector, examples
from tests.unit.nlu.safeguarding_sets import FLOORS, TOLD, rows, shares

ROWS = rows("safeguarding_blind.jsonl")
FLOOR = FLOORS["safeguarding_blind"]


@pytest.fixture(scope="module")
def detector() -> SafeguardingDetector:
    if not (build_folder() / "safeguarding" / "kernel.npz").exists():
        pytest.skip("the classifier is not built: run 'send-assistant build'")
    return watch.guard(build_folder())


def test_most_of_what_is_told_is_heard(detector: SafeguardingDetector) -> None:
    given = shares(detector, ROWS)
    answered = {kind: given[kind]["safeguarding"] for kind in TOLD}
    with_lines = {kind: given[kind]["safeguarding"] + given[kind]["lines"] for kind in TOLD}
    assert {kind: share for kind, share in answered.items() if share < FLOOR["recall"][kind]} == {}
    assert {kind: share for kind, share in with_lines.items() if share < FLOOR["recall_with_lines"][kind]} == {}


def test_ordinary_messages_and_questions_about_the_subject_are_answered(detector: SafeguardingDetector) -> None:
    given = shares(detector, ROWS)
    assert given["ordinary"]["safeguarding"] <= FLOOR["most_false_alarms"]
    assert given["ordinary"]["lines"] <= FLOOR["most_lines_unasked"]
    assert given["informational"]["lines"] >= FLOOR["informational_recall"]


def test_nothing_was_learned_from_it() -> None:
    assert len(ROWS) >= 1190
    assert {row["text"].lower() for row in ROWS} & {example.text.lower() for example in examples.load()} == set()
