"""The detector on messages written by someone who had seen neither its rules nor its examples.

Both halves have been mended from since, so these floors guard what was reached; they do not tell how the detector does
on words that nobody has seen. What it did on them at first sight stands in decision 0010.
"""

import pytest

from assistant.gateway import watch
from assistant.paths import build_folder
from nlu.safeguarding import SafeguardingDetector, examples
from tests.unit.nlu.safeguarding_sets import FLOORS, TOLD, rows, shares

ROWS = rows("safeguarding_independent.jsonl")
FLOOR = FLOORS["safeguarding_independent"]
Case = tuple[str, SafeguardingDetector]


@pytest.fixture(scope="module", params=["rules", "rules_and_classifier"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "rules":
        return request.param, watch.guard()
    if not (build_folder() / "safeguarding" / "kernel.npz").exists():
        pytest.skip("the classifier is not built: run 'send-assistant build'")
    return request.param, watch.guard(build_folder())


def test_what_is_told_gets_the_safeguarding_answer_and_the_rest_does_not(case: Case) -> None:
    name, detector = case
    given = shares(detector, ROWS)
    answered = {kind: given[kind]["safeguarding"] for kind in TOLD}
    assert {kind: share for kind, share in answered.items() if share < FLOOR["recall"][kind]} == {}
    assert given["ordinary"]["safeguarding"] <= FLOOR["most_false_alarms"][name]


def test_questions_about_the_subject_get_the_lines_as_well(case: Case) -> None:
    assert shares(case[1], ROWS)["informational"]["lines"] >= FLOOR["informational_recall"]


def test_few_ordinary_messages_get_the_lines_unasked(case: Case) -> None:
    name, detector = case
    assert shares(detector, ROWS)["ordinary"]["lines"] <= FLOOR["most_lines_unasked"][name]


def test_the_set_is_large_and_shares_nothing_with_the_examples() -> None:
    trained = {example.text.lower() for example in examples.load()}
    assert len(ROWS) >= 600
    assert {row["text"].lower() for row in ROWS} & trained == set()
