"""Numbered articles: "the next one", "the third", "and 2?"."""

import pytest

from knowledge.answering.series import AllSeries
from tests import samples

STEPS = {f"step-{n}": samples.simple(f"step-{n}", f"Step {n}", related=("all-steps",)) for n in range(1, 5)}
SERIES = AllSeries({**samples.articles(), **STEPS, "all-steps": samples.simple("all-steps", "All steps")})


@pytest.mark.parametrize(
    ("text", "topic", "member"),
    [
        ("the next one please", "step-2", "step-3"),
        ("what about the one before", "step-2", "step-1"),
        ("and the third one?", "all-steps", "step-3"),
        ("more about number 4", "all-steps", "step-4"),
        ("and 2?", "step-1", "step-2"),
        ("the last one", "all-steps", "step-4"),
        ("the next one", "step-4", None),
        ("the next one", "all-steps", None),
        ("the ninth", "all-steps", None),
        ("the first one", "plan", None),
        ("the first one", None, None),
        ("is that one free", "all-steps", None),
        ("one please", "all-steps", None),
        ("", "all-steps", None),
    ],
)
def test_a_place_in_the_series_is_followed(text, topic, member):
    assert SERIES.follow(text, topic) == member


def test_one_numbered_article_is_no_series():
    assert AllSeries(samples.articles()).follow("the next one", "ambition-5") is None
