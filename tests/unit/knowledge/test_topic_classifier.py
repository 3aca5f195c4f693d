"""The topic classifier: it tells articles apart by meaning and words, and gives true probabilities."""

import math

import numpy as np
import pytest

from knowledge.chunker import Passage
from knowledge.topic_training import train_topics
from knowledge.word_grams import WordGrams, grams
from tests.fakes import FakeEncoder

WORDINGS = {
    "fees": ["who pays for the plan", "who pays for the bus", "who pays the school"],
    "choice": ["who decides about the plan", "who decides about the bus", "who decides on the school"],
    "length": ["how long does a plan last", "how long does it last", "how long is the bus ride"],
}


def classifier(wordings=WORDINGS):
    passages = [Passage(article, "question", text) for article, texts in wordings.items() for text in texts]
    vectors = FakeEncoder().encode([passage.text for passage in passages])
    return train_topics(passages, vectors, list(wordings))


def likeliest(model, text, wordings=WORDINGS):
    return list(wordings)[int(np.argmax(model.log_probabilities(FakeEncoder().encode([text])[0], text)))]


@pytest.mark.parametrize(
    ("text", "article"), [("who pays taxi", "fees"), ("who decides it", "choice"), ("how long then", "length")]
)
def test_it_tells_apart_what_shares_its_subject(text, article):
    assert likeliest(classifier(), text) == article


@pytest.mark.parametrize("text", ["who pays", "", "zzz", "?"])
def test_the_probabilities_of_all_articles_and_of_none_sum_to_one(text):
    found = classifier().log_probabilities(FakeEncoder().encode([text])[0], text)
    assert found.shape == (4,)
    assert np.exp(found).sum() == pytest.approx(1, abs=1e-5)


def test_two_articles_are_enough_and_one_is_certain():
    two = {key: WORDINGS[key] for key in ("fees", "choice")}
    assert likeliest(classifier(two), "who decides now", two) == "choice"
    assert likeliest(classifier(two), "who pays now", two) == "fees"
    alone = classifier({"fees": WORDINGS["fees"]})
    assert alone.log_probabilities(FakeEncoder().encode(["x"])[0], "x")[0] > math.log(0.9)


def test_what_no_article_answers_is_the_last_class():
    outside = ["weather on sunday", "weather at the beach", "football on sunday"]
    passages = [Passage(article, "question", text) for article, texts in WORDINGS.items() for text in texts]
    vectors = FakeEncoder().encode([*(passage.text for passage in passages), *outside])
    model = train_topics(passages, vectors, list(WORDINGS), outside)
    assert model.size == 3
    asked = {text: model.log_probabilities(FakeEncoder().encode([text])[0], text) for text in (outside[0], "who pays")}
    assert int(np.argmax(asked["weather on sunday"])) == 3
    assert int(np.argmax(asked["who pays"])) == 0


def test_only_names_and_leads_are_learned_from():
    names = [Passage("a", "question", "who pays"), Passage("b", "question", "who decides")]
    long = [*names, Passage("a", "section", "who decides who decides"), Passage("a", "text", "who decides")]
    rows = [FakeEncoder().encode([passage.text for passage in found]) for found in (names, long)]
    with_, without = (
        train_topics(found, vectors, ["a", "b"]) for found, vectors in zip((names, long), rows, strict=True)
    )
    query = (FakeEncoder().encode(["who decides"])[0], "who decides")
    assert with_.log_probabilities(*query) == pytest.approx(without.log_probabilities(*query))


def test_grams_are_words_and_neighbours_that_several_texts_share():
    assert grams("Wots a plan") == ["what", "is", "a", "plan", "what is", "is a", "a plan"]
    known = WordGrams.of([*["a plan"] * 6, *["a bus"] * 5])
    assert len(known) == 3
    numbers, values = known.weigh("a plan plan bus")
    assert len(numbers) == 3
    assert sum(value * value for value in values) == pytest.approx(1)
    assert known.weigh("nothing known") == ([], [])
