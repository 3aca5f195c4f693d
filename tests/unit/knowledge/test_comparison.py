"""Comparisons: the two things that are named, and the article that compares them already."""

import pytest

from knowledge.answering.comparison import Comparisons
from knowledge.answering.names import Names
from knowledge.answering.parallel import same_question
from knowledge.loader import read_yaml
from nlu.text import LEXICON
from tests import samples

ARTICLES = {
    **samples.articles(),
    "bus-or-taxi": samples.simple(
        "bus-or-taxi", "Plan or school transport", "is the plan the same as school transport"
    ),
}
NAMES = Names(ARTICLES.values())
LEXICON_ROWS = read_yaml((LEXICON / "comparison.yml").read_text(encoding="utf-8"))
COMPARISONS = Comparisons(LEXICON_ROWS, NAMES, ARTICLES.values())


@pytest.mark.parametrize(
    "text",
    [
        "what is the difference between an EHC plan and school transport",
        "EHCP vs school transport",
        "is an EHCP the same as school transport",
        "EHCP or school transport?",
        "which is better, an EHC plan or school transport",
        "compare the EHC plan with school transport please",
    ],
)
def test_both_things_are_found(text):
    pair = COMPARISONS.read(text)
    assert [set(ids) for ids in pair.ids] == [{"plan"}, {"transport"}]
    assert pair.better == ("better" in text)


@pytest.mark.parametrize(
    "text", ["", "is it free or not", "a laptop or a tablet", "EHCP", "an EHC plan or an EHCP", "or"]
)
def test_what_compares_nothing_is_left_alone(text):
    assert COMPARISONS.read(text) is None


def test_it_stands_for_the_article_before():
    pair = COMPARISONS.read("how is that different from school transport", "plan")
    assert [set(ids) for ids in pair.ids] == [{"plan"}, {"transport"}]
    assert COMPARISONS.read("how is that different from school transport") is None


def test_words_that_are_nobodys_name_may_be_looked_up():
    pair = COMPARISONS.read("difference between the EHCP and lifts", None, lambda words: frozenset({words}))
    assert [set(ids) for ids in pair.ids] == [{"plan"}, {"lifts"}]


def test_the_article_that_compares_is_known():
    assert COMPARISONS.made(COMPARISONS.read("school transport vs EHCP")) is None
    own = Names([*samples.articles().values()])
    made = Comparisons(LEXICON_ROWS, own, [samples.simple("both", "Both", "EHCP versus school transport")])
    assert made.made(made.read("school transport vs EHCP")).article_id == "both"


@pytest.mark.parametrize(
    ("text", "question", "topic", "expected"),
    [
        ("and for school transport?", "how many have an EHC plan", "figures", "how many have an school transport"),
        ("and school transport", "what is an EHC plan", "plan", None),
        ("and who pays for it", "how many have an EHC plan", "figures", None),
        ("school transport", "how many have an EHC plan", "figures", None),
        ("and for school transport?", "how many are there", "figures", None),
    ],
)
def test_the_same_is_asked_about_something_else(text, question, topic, expected):
    assert same_question(text, question, topic, NAMES) == expected
