"""What every speller promises."""

from __future__ import annotations

import abc

import pytest

from knowledge.ports import Speller
from nlu.spelling import SpellingHelper
from tests.fakes import ListSpeller

VOCABULARY = ["tribunal", "appeal", "assessment", "the"]


class SpellerContract(abc.ABC):
    @pytest.fixture
    @abc.abstractmethod
    def speller(self) -> Speller: ...

    def test_a_slip_becomes_the_word_of_the_articles(self, speller):
        assert speller.correct("the tribunel") == "the tribunal"

    @pytest.mark.parametrize("text", ["the tribunal", "assessment appeal", "the SENCO", "42", ""])
    def test_what_is_right_stays(self, speller, text):
        assert speller.correct(text) == text

    def test_mending_twice_is_mending_once(self, speller):
        once = speller.correct("a tribunel and an asessment")
        assert speller.correct(once) == once

    def test_a_word_that_nobody_knows_is_named(self, speller):
        assert speller.unknown("the Xqzzptk tribunal 42") == ["xqzzptk"]

    def test_nothing_is_unknown_in_nothing(self, speller):
        assert speller.unknown("") == []


class TestSpellingHelper(SpellerContract):
    @pytest.fixture
    def speller(self) -> Speller:
        return SpellingHelper(VOCABULARY)


class TestListSpeller(SpellerContract):
    @pytest.fixture
    def speller(self) -> Speller:
        return ListSpeller(VOCABULARY, {"tribunel": "tribunal", "asessment": "assessment"})
