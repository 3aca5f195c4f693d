"""What the assistant never does is known by its words, and near misses that can be answered are left alone."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge.loader import load_articles
from nlu.limits import PATTERNS, LimitMatcher
from nlu.phrases import PhraseRules

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FLOORS = yaml.safe_load((GOLDEN / "floors.yml").read_text(encoding="utf-8"))["limits"]
ROWS = [json.loads(line) for line in (GOLDEN / "limits.jsonl").read_text(encoding="utf-8").splitlines()]
MATCHER = LimitMatcher.load()


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_limits_are_found_and_near_misses_pass(split: str) -> None:
    right, all_of = Counter[bool](), Counter[bool]()
    for row in (row for row in ROWS if row["split"] == split):
        found, expected = MATCHER.find(row["text"]), row["expected"]
        ok = found is None if expected is None else found in expected
        all_of[expected is None] += 1
        right[expected is None] += ok
        if not ok:
            print(row["id"], expected, "but", found, row["text"])  # noqa: T201
    assert right[False] / all_of[False] >= FLOORS["recall"]
    assert 1 - right[True] / all_of[True] <= FLOORS["most_false_alarms"]


def test_no_golden_question_inside_the_scope_is_refused() -> None:
    rows = map(json.loads, (GOLDEN / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    assert [(row["id"], MATCHER.find(row["text"])) for row in rows if MATCHER.find(row["text"])] == []


def test_hardly_a_wording_of_another_article_is_refused() -> None:
    articles = [article for article in load_articles().values() if not article.id.startswith("oos-")]
    wordings = [wording for article in articles for group in article.questions for wording in group.ask]
    refused = [wording for wording in wordings if MATCHER.find(wording)]
    print(refused)  # noqa: T201
    assert len(refused) / len(wordings) <= 0.002


def test_every_limit_is_an_article_that_declines_and_says_what_it_can_tell() -> None:
    articles = load_articles()
    kinds = list(yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))["kinds"])
    assert len(kinds) >= 12
    for kind in kinds:
        assert articles[kind].answer_status.startswith("declined_"), kind
        said = " ".join(str(block.get("text", "")) for block in articles[kind].standard)
        assert any(word in said for word in ("because", "so I", "I only")), f"{kind} does not say why"
        assert any(word in said for word in ("I can", "Ask me")), f"{kind} does not say what it can tell"


def test_the_set_is_large() -> None:
    assert len(ROWS) >= 150
    assert sum(row["expected"] is None for row in ROWS) >= 60


def test_the_first_rule_of_the_file_wins_whatever_comes_first_in_the_message() -> None:
    one = {"id": "x", "any": ["apple"]}
    both = PhraseRules({"kinds": {"first": [one], "second": [{"id": "x", "any": ["pear"]}]}})
    assert LimitMatcher(both).find("a pear and an apple") == "first"
    assert LimitMatcher(both).find("a plum") is None
