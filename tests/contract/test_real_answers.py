"""The served pipeline as a whole, on the built index: the same asked in several ways, one article, always cited."""

from __future__ import annotations

import pytest

from knowledge.answering.answer import Request

ASKED = [
    ("ehcp", "what is an EHCP?"),
    ("ehcp", "ehcp"),
    ("ehcp", "wots an ehc plan"),
    ("process-senco", "wots senco"),
    ("process-senco", "what is a SENCO"),
    ("ambition-5", "what would ambition 5 do for teachers"),
    ("ambition-5", "tell me about ambition five"),
]


@pytest.mark.parametrize(("article", "question"), ASKED)
def test_the_same_asked_in_several_ways_gives_the_same_cited_article(real_answering, article, question):
    answer = real_answering.answer(Request(question))
    assert (answer.status, answer.article_id) == ("answered", article)
    assert article in {citation["article_id"] for citation in answer.citations}


@pytest.mark.parametrize("question", ["", "🙂", "xqzzptk vvblorf", "who won the football on saturday"])
def test_what_is_not_in_the_articles_is_not_answered_from_them(real_answering, question):
    assert real_answering.answer(Request(question)).status not in ("answered", "safeguarding")


@pytest.mark.parametrize("mode", ["standard", "easy"])
def test_every_article_can_be_shown_with_its_sources(real_answering, mode):
    for article_id in real_answering.library.articles:
        answer = real_answering.show(article_id, mode=mode)
        assert answer.text
        assert answer.citations
        assert all(block["type"] != "contact" or "name" in block for block in answer.blocks)
