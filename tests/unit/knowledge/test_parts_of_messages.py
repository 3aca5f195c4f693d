"""Two questions in one message, and the short beginnings of two answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.parts import brief, cut, headed
from knowledge.markdown import block_text
from tests import samples
from tests.samples import paragraph


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("what is a plan and who pays for a bus", "what is a plan", "who pays for a bus"),
        ("What is a plan? Who pays for a bus?", "What is a plan", "Who pays for a bus?"),
        ("what is a plan, also must mediation come first?", "what is a plan", "must mediation come first?"),
    ],
)
def test_two_questions_are_cut(text, first, second):
    assert [piece.rstrip("?") for piece in cut(text)] == [first, second.rstrip("?")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what is a plan? and the bus?",
        "what is a plan",
        "my son was excluded and the head will not talk to me",
        "speech and language therapy",
        "difference between a plan and a bus",
        "they refused and can they do that",
        "what is a? what is b? what is c plan?",
    ],
)
def test_one_question_or_one_story_stays_whole(text):
    assert cut(text) is None


@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.integers(5, 80))
def test_a_beginning_is_whole_sentences_within_its_words(lengths, most):
    text = " ".join(f"{' '.join(['Word'] * length)}." for length in lengths)
    [kept] = brief([paragraph(text)], most=most)
    assert text.startswith(kept["text"])
    assert kept["text"].endswith(".")
    assert len(kept["text"].split()) <= max(most, lengths[0])


def test_cards_are_left_out_of_a_beginning():
    blocks = [{"type": "contact", "key": "sendias"}, paragraph("Ring them.")]
    assert brief(blocks) == [paragraph("Ring them.")]


def test_a_beginning_stands_under_its_title():
    blocks = headed(samples.article(), mode="standard", group=2, section=None)
    assert [block_text(block) for block in blocks[:2]] == ["EHC plan", "The council writes it."]
