"""What every index of meaning and every index of words promises."""

from __future__ import annotations

import abc
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.faiss_index import FaissIndex
from knowledge.lexical_index import Bm25Index
from knowledge.ports import LexicalIndex, Vector, VectorIndex
from tests.fakes import BruteForceIndex, SharedTokens

DOCUMENTS = [["appeal", "tribunal"], [], ["plan", "plan", "school"], ["school"], ["odd"]]
TOKENS = st.lists(st.sampled_from(["appeal", "tribunal", "plan", "school", "odd", "zzz", "", "é"]), max_size=8)

# The classes that inherit a test differ on purpose; the test itself keeps no state between them.
inherited = settings(suppress_health_check=[HealthCheck.differing_executors])


def unit_rows(rows: int, dimension: int = 16) -> Vector:
    drawn = np.random.default_rng(7).normal(size=(rows, dimension))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


class VectorIndexContract(abc.ABC):
    @abc.abstractmethod
    def make(self, vectors: Vector) -> VectorIndex: ...

    def test_a_passage_is_nearest_to_itself(self):
        vectors = unit_rows(50)
        index = self.make(vectors)
        for number, vector in enumerate(vectors):
            numbers, scores = index.search(vector, limit=1)
            assert (numbers[0], scores[0]) == (number, pytest.approx(1, abs=1e-5))

    def test_hits_are_exact_and_best_first(self):
        vectors, [query] = unit_rows(50), unit_rows(1)
        numbers, scores = self.make(vectors).search(query, limit=10)
        exact = np.sort(vectors @ query)[::-1][:10]
        assert scores == pytest.approx(exact, abs=1e-5)
        assert vectors[numbers] @ query == pytest.approx(exact, abs=1e-5)

    @pytest.mark.parametrize(("limit", "count"), [(1, 1), (4, 4), (5, 5), (100, 5)])
    def test_no_more_hits_than_asked_for_or_there_are(self, limit, count):
        numbers, scores = self.make(unit_rows(5)).search(unit_rows(1)[0], limit=limit)
        assert len(set(numbers.tolist())) == len(scores) == count

    def test_numbers_and_scores_have_their_types(self):
        numbers, scores = self.make(unit_rows(3)).search(unit_rows(1)[0], limit=2)
        assert (numbers.dtype, scores.dtype) == (np.int64, np.float32)

    def test_an_empty_index_finds_nothing(self):
        numbers, scores = self.make(np.zeros((0, 16), np.float32)).search(unit_rows(1)[0], limit=3)
        assert (len(numbers), len(scores)) == (0, 0)

    def test_searching_changes_nothing(self):
        index, query = self.make(unit_rows(9)), unit_rows(1)[0]
        before = query.copy()
        first, second = index.search(query, limit=4), index.search(query, limit=4)
        assert np.array_equal(first[0], second[0])
        assert np.array_equal(query, before)


class TestFaissIndex(VectorIndexContract):
    def make(self, vectors: Vector) -> VectorIndex:
        return FaissIndex.build(vectors)


class TestBruteForceIndex(VectorIndexContract):
    def make(self, vectors: Vector) -> VectorIndex:
        return BruteForceIndex(vectors)


class LexicalIndexContract(abc.ABC):
    @abc.abstractmethod
    def make(self, documents: Sequence[Sequence[str]]) -> LexicalIndex: ...

    @inherited
    @given(TOKENS)
    def test_one_score_a_document_and_none_below_zero(self, tokens):
        scores = self.make(DOCUMENTS).scores(tokens)
        assert (scores.shape, scores.dtype) == ((len(DOCUMENTS),), np.float32)
        assert (scores >= 0).all()

    @inherited
    @given(TOKENS)
    def test_only_what_shares_a_word_scores(self, tokens):
        scores = self.make(DOCUMENTS).scores(tokens)
        shares = [bool(set(tokens) & set(document)) for document in DOCUMENTS]
        assert (scores > 0).tolist() == shares

    def test_the_order_of_the_question_makes_no_difference(self):
        index = self.make(DOCUMENTS)
        assert index.scores(["plan", "school"]) == pytest.approx(index.scores(["school", "plan"]))

    def test_more_words_in_common_score_higher(self):
        scores = self.make(DOCUMENTS).scores(["plan", "school"])
        assert scores[2] > scores[3] > scores[0]

    @pytest.mark.parametrize("tokens", [[], ["nowhere"], [""]])
    def test_nothing_in_common_is_nought_everywhere(self, tokens):
        assert not self.make(DOCUMENTS).scores(tokens).any()


class TestBm25Index(LexicalIndexContract):
    def make(self, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        return Bm25Index.build(documents)


class TestSharedTokens(LexicalIndexContract):
    def make(self, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        return SharedTokens(documents)
