"""Passages: every text of an article is in one of them, each says what it is about."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunker import Passage, chunk, passages
from knowledge.loader import load_articles
from knowledge.markdown import block_text
from knowledge.model import QuestionGroup, Section
from tests import samples

LINE = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
PARAGRAPHS = st.lists(LINE.map(samples.paragraph), max_size=4).map(tuple)
GROUP = st.builds(QuestionGroup, st.lists(LINE, min_size=1, max_size=3).map(tuple), st.none() | LINE)
ARTICLES = st.builds(
    lambda title, groups, standard, easy, sections, own: samples.article(
        title=title, questions=tuple(groups), standard=standard, easy=easy, details=tuple(sections), for_audience=own
    ),
    LINE,
    st.lists(GROUP, max_size=3),
    PARAGRAPHS,
    PARAGRAPHS,
    st.lists(st.builds(Section, LINE, PARAGRAPHS), max_size=3),
    st.dictionaries(st.sampled_from(["family", "professional"]), LINE, max_size=2),
)


def texts_of(article):
    """Every text by which the article should be found: all but the easy one, which says the standard one again."""
    blocks = [*article.standard, *(block for s in article.details for block in s.blocks)]
    asked = [text for group in article.questions for text in (*group.ask, group.lead)]
    headings = [section.heading for section in article.details]
    names = (article.title, *article.aliases, *article.acronyms, *article.for_audience.values())
    return [text for text in (*names, *asked, *headings, *map(block_text, blocks)) if text]


@given(ARTICLES)
def test_no_text_is_lost(article):
    found = [passage.text for passage in chunk(article)]
    assert [text for text in texts_of(article) if not any(text in passage for passage in found)] == []


def test_no_text_of_the_real_articles_is_lost():
    for article in load_articles().values():
        found = "\n\n".join(passage.text for passage in chunk(article))
        assert [text for text in texts_of(article) if text not in found] == []


def test_an_answer_read_alone_says_what_it_is_about():
    for passage in chunk(samples.article()):
        if passage.kind in ("text", "lead", "section"):
            assert passage.text.startswith("EHC plan")


def test_the_easy_text_is_searched_by_nobody():
    assert not [passage for passage in chunk(samples.article()) if "what help you get" in passage.text]


def test_wordings_and_leads_carry_the_number_of_their_group():
    found = list(chunk(samples.article()))
    assert Passage("plan", "question", "how long does a plan last", group=1) in found
    assert Passage("plan", "lead", "EHC plan: A plan lasts to 25.", group=1) in found
    assert {p.group for p in found if p.kind not in ("question", "lead")} == {None}


def test_a_section_carries_its_heading():
    [_, second] = [passage for passage in chunk(samples.article()) if passage.kind == "section"]
    assert (second.section, second.text) == ("Who can ask", "EHC plan > Who can ask - a parent\n- a school")


def test_the_order_is_fixed_and_articles_stay_apart():
    articles = list(samples.articles().values())
    assert passages(articles) == passages(articles)
    assert passages(articles[:2]) == [*chunk(articles[0]), *chunk(articles[1])]
    assert passages([]) == []


def test_passages_are_frozen_and_can_be_written_as_json():
    passage = next(chunk(samples.article()))
    assert Passage(**dataclasses.asdict(passage)) == passage
