"""Questions that no article answers: what may stand in their file, and that nothing is measured by them."""

import json
import re

import pytest

from knowledge.errors import ContentError
from knowledge.loader import ROOT, load_articles, load_outside

GOLDEN = ROOT.parent / "tests" / "golden"
MEASURING = [ROOT / "calibration" / "questions.jsonl", GOLDEN / "questions.jsonl", GOLDEN / "out_of_scope.jsonl"]


def plain(text):
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def test_nothing_is_measured_or_calibrated_by_what_was_learned_from():
    learned = {plain(text) for text in load_outside()}
    asked = {plain(json.loads(line)["text"]) for path in MEASURING for line in path.read_text("utf-8").splitlines()}
    assert len(learned) > 1000
    assert learned & asked == set()


def test_no_article_is_worded_so():
    worded = {plain(ask) for article in load_articles().values() for group in article.questions for ask in group.ask}
    assert {plain(text) for text in load_outside()} & worded == set()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "'questions' is missing"),
        ("[]", "'questions' is missing"),
        ("other: []", "'questions' is missing"),
        ("questions: [", "'questions' is missing"),
        ("questions: what", "must be a text"),
        ("questions: [1]", "must be a text"),
        ('questions: [" "]', "must be a text"),
        ("questions: [Who won, who won]", "stands there twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, content, said):
    path = tmp_path / "outside.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        load_outside(path)
