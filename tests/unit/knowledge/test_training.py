"""Learning: the limit that a chosen risk allows, labelled questions, and weights that order better than none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import EVIDENCE
from knowledge.features import FEATURES
from knowledge.training import Labelled, evidence_table, look_at, read_questions, risk_limit, train_ranker
from tests import samples

JUDGED = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=40)


@given(JUDGED)
def test_from_the_limit_on_no_more_is_wrong_than_the_risk(rows):
    guessed, right = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    limit = risk_limit(guessed, right, risk=0.1)
    above = right[guessed >= limit]
    assert 0 <= limit <= 1
    assert not len(above) or (1 - above).mean() <= 0.1 or limit == 0.99


def test_the_limit_is_the_lowest_that_keeps_the_risk():
    guessed, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1, 1, 0, 0])
    assert risk_limit(guessed, right, risk=0.02) == 0.8
    assert risk_limit(guessed, right, risk=0.34) == 0.7
    assert risk_limit(guessed, 1 - right, risk=0.02) == 0.99


@pytest.mark.parametrize(
    ("expected", "ids"), [('"plan"', ("plan",)), ('["plan", "bus"]', ("plan", "bus")), ("null", ())]
)
def test_labelled_questions_are_read(tmp_path, expected, ids):
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"text": "what", "expected": {expected}}}\n\n', encoding="utf-8")
    assert read_questions(path) == [Labelled("what", ids)]


def test_evidence_is_right_where_the_first_hit_is_expected():
    second = samples.retriever().search("who writes the plan").hits[1].article_id
    asked = [
        Labelled("who writes the plan", ("plan",)),
        Labelled("who writes the plan", (second,)),
        Labelled("?", ()),
    ]
    rows, right = evidence_table(samples.retriever(), look_at(samples.retriever(), asked))
    assert (rows.shape, right.tolist()) == ((2, len(EVIDENCE)), [[1, 1], [0, 1]])


ASKED = [
    Labelled("who writes the plan", ("plan",)),
    Labelled("free bus", ("transport",)),
    Labelled("ambition five", ("ambition-5", "ambitions-list")),
    Labelled("weather tomorrow", ()),
    Labelled("an article that is gone", ("gone",)),
]


def learn():
    return train_ranker(samples.retriever(), look_at(samples.retriever(), ASKED))


def test_learned_weights_are_never_negative_and_the_same_each_time():
    first, again = learn(), learn()
    assert first == again
    assert len(first.weights) == len(FEATURES)
    assert min(first.weights) >= 0
    assert max(first.weights) > 0


def test_learning_puts_what_was_expected_first():
    learned = samples.retriever().with_ranker(learn())
    for question in ASKED[:3]:
        assert learned.search(question.text).hits[0].article_id in question.expected
