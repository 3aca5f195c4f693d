"""Retrieval over the tiny library: the right article, the part asked for, context, and what nobody knows."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.features import FEATURES
from knowledge.retriever import feature
from tests import samples


@functools.cache
def retriever():
    return samples.retriever({"lasst": "last", "buss": "bus"})


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("how long does a plan last?", "plan"),
        ("free bus to school", "transport"),
        ("phone number of sendias", "sendias-contact"),
        ("list the ambitions", "ambitions-list"),
        ("EHC plan", "plan"),
    ],
)
def test_a_wording_finds_its_article(question, article):
    assert retriever().search(question).hits[0].article_id == article


def test_spelling_is_mended_before_the_search():
    found = retriever().search("how long does a plan lasst")
    assert found.mended == "how long does a plan last"
    assert found.hits[0].article_id == "plan"


def test_case_and_text_speak_make_no_difference():
    asked = [
        retriever().search(text).hits[0]
        for text in ("who writes the plan", "WHO WRITES THE PLAN", "hu writes the plan")
    ]
    assert {hit.article_id for hit in asked} == {"plan"}
    assert asked[0].features[0] == pytest.approx(asked[2].features[0])


def test_context_turns_the_search_towards_the_subject():
    alone, leaning = retriever().search("who pays"), retriever().search("who pays", context="School transport")
    assert alone.hits[0].article_id != "transport"
    assert leaning.hits[0].article_id == "transport"


def test_articles_to_leave_out_are_left_out():
    hits = retriever().search("who writes the plan", without=("plan",)).hits
    assert hits
    assert "plan" not in {hit.article_id for hit in hits}


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_hits_fall_in_score_and_keep_to_the_limit(limit):
    hits = retriever().search("the plan for the school bus", limit=limit).hits
    assert len(hits) == min(limit, len(samples.articles()))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.article_id for hit in hits}) == len(hits)


@pytest.mark.parametrize("question", ["", "?!", "🙂🙂", "\u200f"])
def test_without_a_letter_or_figure_nothing_is_found(question):
    found = retriever().search(question)
    assert (found.hits, found.unknown, found.words) == ((), 1.0, 0)


def test_the_unknown_share_is_the_weight_of_words_that_no_article_has():
    assert retriever().search("plan").unknown == pytest.approx(0)
    assert retriever().search("zzyx").unknown == pytest.approx(1)
    assert 0 < retriever().search("plan zzyx").unknown < 1


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_an_ordered_result(question):
    found = retriever().search(question)
    assert found.question == question
    assert 0 <= found.unknown <= 1.0001
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


def test_another_ranker_leaves_the_first_as_it_was():
    plain = retriever()
    other = plain.with_ranker(samples.Ranker(tuple(float(name == "term") for name in FEATURES)))
    before = plain.search("EHCP").hits[0].score
    assert other.search("EHCP").hits[0].score == pytest.approx(feature(other.search("EHCP").hits[0], "term"))
    assert plain.search("EHCP").hits[0].score == before
