"""The detector's rules alone on the golden messages; misses are printed, floors are held."""

from collections import defaultdict
from typing import Any

import pytest

from nlu.safeguarding import SafeguardingDetector, examples, load_patterns
from tests.unit.nlu import safeguarding_sets

FLOORS = safeguarding_sets.FLOORS["safeguarding"]
Row = dict[str, Any]


def rows(name: str, split: str) -> list[Row]:
    return [row for row in safeguarding_sets.rows(name) if row["split"] == split]


@pytest.fixture(scope="module")
def detector() -> SafeguardingDetector:
    return SafeguardingDetector(load_patterns())


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_recall_holds_its_floor_in_every_style(detector: SafeguardingDetector, split: str) -> None:
    caught: dict[str, list[bool]] = defaultdict(list)
    for row in rows("safeguarding.jsonl", split):
        verdict = detector.check(row["text"])
        hit = verdict is not None and not verdict.informational
        caught[row["style"]].append(hit)
        if not hit:
            print("missed", row["id"], row["category"], row["text"])  # noqa: T201
    recall = {style: sum(hits) / len(hits) for style, hits in caught.items()}
    assert {style: value for style, value in recall.items() if value < FLOORS["recall"][style]} == {}


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_the_right_article_answers(detector: SafeguardingDetector, split: str) -> None:
    right = []
    for row in rows("safeguarding.jsonl", split):
        verdict = detector.check(row["text"])
        right.append(verdict is not None and verdict.article_id == row["kind"])
        if verdict and not right[-1]:
            print("article", row["id"], row["kind"], "but", verdict.article_id, row["text"])  # noqa: T201
    assert sum(right) / len(right) >= FLOORS["article_accuracy"]


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_ordinary_questions_do_not_alarm(detector: SafeguardingDetector, split: str) -> None:
    ordinary = rows("safeguarding_ordinary.jsonl", split)
    alarms = []
    for row in ordinary:
        verdict = detector.check(row["text"])
        if verdict is not None and not verdict.informational:
            alarms.append(row)
            print("false alarm", row["id"], row["text"], verdict.reasons)  # noqa: T201
    assert len(alarms) / len(ordinary) <= FLOORS["most_false_alarms"]


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_questions_about_the_subject_get_the_lines_as_well(detector: SafeguardingDetector, split: str) -> None:
    asked = [row for row in rows("safeguarding_ordinary.jsonl", split) if row["expect"] == "informational"]
    shown = []
    for row in asked:
        verdict = detector.check(row["text"])
        shown.append(verdict is not None and verdict.informational)
        if not shown[-1]:
            print("no lines", row["id"], row["text"])  # noqa: T201
    assert sum(shown) / len(shown) >= FLOORS["informational_recall"]


def test_the_golden_set_is_large_and_split_by_author() -> None:
    told = rows("safeguarding.jsonl", "dev") + rows("safeguarding.jsonl", "held_out")
    plain = rows("safeguarding_ordinary.jsonl", "dev") + rows("safeguarding_ordinary.jsonl", "held_out")
    splits_of: dict[str, set[str]] = defaultdict(set)
    for row in told + plain:
        splits_of[row["group"]].add(row["split"])
    assert len(told) >= 330
    assert len(plain) >= 650
    assert all(len(splits) == 1 for splits in splits_of.values())


def test_training_shares_no_message_with_the_golden_set() -> None:
    trained = {example.text.lower() for example in examples.load()}
    golden = {
        row["text"].lower()
        for name in ("safeguarding.jsonl", "safeguarding_ordinary.jsonl")
        for split in ("dev", "held_out")
        for row in rows(name, split)
    }
    assert trained & golden == set()
