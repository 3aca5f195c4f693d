"""Features: what speaks for an article, each between 0 and 1 and each for its own reason."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.features import FEATURES
from tests import samples
from tests.fakes import FakeEncoder

PARTS = ["plan", "EHCP", "bus", "school", "how long", "zzz", "ambition", "5", "sendias", "the", "?", "talk"]


@functools.cache
def extractor():
    return samples.retriever().features


def table_of(text):
    vectors = FakeEncoder().encode([text])
    likely = samples.index().topics.log_probabilities(vectors[0], text)[:-1]
    return extractor().extract(text, extractor().passage_similarity(vectors), likely)


def features_of(text):
    table = table_of(text)
    return {
        article: dict(zip(FEATURES, row.tolist(), strict=True))
        for article, row in zip(extractor().article_ids, table, strict=True)
    }


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map(" ".join))
def test_every_feature_lies_between_nought_and_one(text):
    table = table_of(text)
    assert table.shape == (len(extractor().article_ids), len(FEATURES))
    assert table.dtype == np.float32
    assert table.min() >= -1e-5
    assert table.max() <= 1 + 1e-5


def test_a_wording_of_an_article_speaks_for_it_in_every_column_but_the_name():
    rows = features_of("how long does a plan last")
    for name in ("name_similarity", "words", "letters", "coverage", "topic"):
        assert max(rows, key=lambda article: rows[article][name]) == "plan"


@pytest.mark.parametrize(("text", "article"), [("EHCP", "plan"), ("fifth ambition", "ambition-5"), ("ehcps", None)])
def test_a_name_is_found_word_for_word(text, article):
    named = [key for key, row in features_of(text).items() if row["term"] > 0]
    assert named == ([article] if article else [])
    assert extractor().names_a_topic(text) is bool(article)


def test_a_name_in_a_long_question_counts_for_its_share():
    short, long = features_of("EHCP")["plan"]["term"], features_of("does an EHCP pay for the free bus")["plan"]["term"]
    assert 0 < long < short


def test_words_that_no_article_has_weigh_most():
    assert not extractor().known("zzz")
    assert extractor().known("plan")
    assert extractor().weight(["zzz"]) >= max(extractor().weight([word]) for word in ("plan", "bus", "sendia"))


def test_coverage_is_the_share_of_the_question_that_the_article_knows():
    rows = features_of("bus zzz")
    assert 0 < rows["transport"]["coverage"] < features_of("bus")["transport"]["coverage"] == pytest.approx(1)
    assert rows["plan"]["coverage"] == 0


@pytest.mark.parametrize("text", ["", "?", "the of and"])
def test_a_text_without_content_covers_nothing(text):
    assert all(row["coverage"] == row["term"] == 0 for row in features_of(text).values())


def test_similarity_takes_the_nearest_of_several_wordings():
    one, other = FakeEncoder().encode(["free bus"]), FakeEncoder().encode(["talk to someone"])
    both = extractor().passage_similarity(np.concatenate([one, other]))
    apart = np.maximum(extractor().passage_similarity(one), extractor().passage_similarity(other))
    assert both == pytest.approx(apart)
