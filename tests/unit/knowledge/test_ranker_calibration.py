"""Order and probability: two scores apart, each saved with the names of what it weighs."""

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import EVIDENCE, Calibrator, Odds, evidence
from knowledge.errors import IndexOutOfDate
from knowledge.features import FEATURES
from knowledge.ranker import Ranker
from knowledge.retriever import Retrieval, SearchHit
from tests import samples

SHARE = st.floats(0, 1)
ROW = st.tuples(*[SHARE] * len(FEATURES))


def retrieval(*scores, features=None, words=3, unknown=0.0):
    row = features or (0.5,) * len(FEATURES)
    hits = tuple(SearchHit(f"a{number}", score, row) for number, score in enumerate(scores))
    return Retrieval("q", "q", hits, unknown, words)


def named(found):
    return dict(zip(EVIDENCE, evidence(found), strict=True))


@given(st.lists(ROW, min_size=1, max_size=9), st.randoms())
def test_the_order_of_articles_in_makes_no_difference_to_their_scores(rows, random):
    ranker = Ranker(tuple(float(n) for n in range(len(FEATURES))))
    mixed = random.sample(range(len(rows)), len(rows))
    table = np.array(rows, np.float32)
    assert ranker.scores(table[mixed]) == pytest.approx(ranker.scores(table)[mixed])


def test_the_even_ranker_adds_up():
    assert Ranker.even().scores(np.eye(len(FEATURES), dtype=np.float32)).tolist() == [1.0] * len(FEATURES)


def test_a_ranker_comes_back_as_saved(tmp_path):
    ranker = Ranker(tuple(number / 3 for number in range(len(FEATURES))))
    ranker.save(tmp_path / "ranker.json")
    assert Ranker.load(tmp_path / "ranker.json") == ranker


def test_a_calibrator_comes_back_as_saved(tmp_path):
    odds = [Odds(tuple(number / part for number in range(len(EVIDENCE))), -1.5) for part in (7, 3)]
    calibrator = Calibrator(*odds, 0.7, 0.35)
    calibrator.save(tmp_path / "calibration.json")
    assert Calibrator.load(tmp_path / "calibration.json") == calibrator


@pytest.mark.parametrize("kind", [Ranker, Calibrator])
@pytest.mark.parametrize("text", [None, "", "[1]", "{", "{}", '{"weights": {}}', '{"weights": 5}', "null"])
def test_a_file_that_cannot_be_used_is_refused_with_the_remedy(tmp_path, kind, text):
    path = tmp_path / "file.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(IndexOutOfDate, match="run 'send-assistant build'"):
        kind.load(path)


@pytest.mark.parametrize("gone", ["margin", "term"])
def test_a_calibration_for_other_evidence_is_refused(tmp_path, gone):
    path = tmp_path / "calibration.json"
    samples.calibrator().save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["any"]["weights"][gone]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(IndexOutOfDate):
        Calibrator.load(path)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=5), ROW, SHARE, st.integers(0, 200))
def test_the_probability_is_one(scores, row, unknown, words):
    found = retrieval(*sorted(scores, reverse=True), features=row, unknown=unknown, words=words)
    odds = Odds((1.0,) * len(EVIDENCE), -3.0)
    calibrator = Calibrator(odds, odds, 0.6, 0.3)
    assert 0 <= calibrator.probability(found) <= 1
    assert all(-1e-6 <= value <= 4 for value in evidence(found))


def test_nothing_found_is_nought():
    assert samples.calibrator().probability(retrieval()) == 0


def test_people_are_asked_only_where_what_is_offered_is_likely_to_hold_the_answer():
    never, always = (Odds((0.0,) * len(EVIDENCE), intercept) for intercept in (-9.0, 9.0))
    assert Calibrator(never, always, 0.6, 0.5).worth_asking(retrieval(1))
    assert not Calibrator(always, never, 0.6, 0.5).worth_asking(retrieval(1))
    assert not Calibrator(always, always, 0.6, 0.5).worth_asking(retrieval())


def test_what_is_likely_is_told_as_it_is_and_as_its_logarithm():
    found = named(dataclasses.replace(retrieval(2), outside=math.log(0.5)))
    assert found["outside"] == pytest.approx(0.5)
    assert 0.9 < found["log_outside"] < 1
    assert named(retrieval(2))["log_outside"] == 0


def test_more_evidence_means_more_probability():
    calibrator = samples.calibrator(margin=1.0)
    assert calibrator.probability(retrieval(5, 1)) > calibrator.probability(retrieval(5, 4.9))
    assert samples.calibrator(unknown=-2.0).probability(retrieval(1, unknown=1.0)) < 0.5


def test_evidence_of_one_hit_alone():
    found = named(retrieval(2))
    assert (found["margin"], found["share"], found["length"]) == (4.0, 1.0, 3 / 8)
    assert found["agreement"] == 1.0


def test_evidence_of_two_level_hits():
    found = named(retrieval(2, 2, words=50))
    assert (found["margin"], found["share"], found["length"]) == (0.0, 0.5, 1.0)


def test_agreement_counts_the_signals_that_put_the_first_hit_first():
    found = retrieval(2, 1)
    better = dataclasses.replace(found.hits[1], features=tuple(1.0 if n == "words" else 0.1 for n in FEATURES))
    assert named(dataclasses.replace(found, hits=(found.hits[0], better)))["agreement"] == 0.75
