"""Normalising: one form, nothing lost that matters, text-speak spelt out, endings cut with care."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import content_words, normalise, plain_words, stem, stop_words, text_speak, words


@given(st.text())
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_nothing_but_single_spaces_is_left_between_words(text):
    plain = normalise(text)
    assert plain == plain.strip()
    assert "  " not in plain
    assert not set(plain) & set("\t\n\r\u00a0\u2019\u2018\u201c\u201d")


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), max_size=60))
def test_no_letter_appears_that_was_not_there(text):
    assert set(normalise(text)) <= set(unicodedata.normalize("NFKC", text)) | {" "}


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("What\u2019s  an\u00a0EHCP?", "What's an EHCP?"),
        ("\u201chelp\u201d \u2013 please", '"help" - please'),
        ("heeeelp meeee", "heelp mee"),
        ("ｓｅｎｃｏ", "senco"),
        ("school ½ day", "school 1⁄2 day"),
        ("too good", "too good"),
        ("", ""),
        ("\n \t", ""),
    ],
)
def test_examples_of_normalising(typed, plain):
    assert normalise(typed) == plain


@given(st.text())
def test_words_are_lower_case_and_stand_in_the_text(text):
    assert all(word == word.lower() and word in text.lower() for word in words(text))


def test_words_keep_figures_and_apostrophes_inside():
    assert words("Isn't it 20 weeks? 'Yes', he's 7!") == ["isn't", "it", "20", "weeks", "yes", "he's", "7"]
    assert words("🙂 … !") == []


def test_text_speak_is_spelt_out():
    assert plain_words("wots that 4 ppl") == ["what", "is", "that", "for", "people"]
    assert plain_words("what is that for people") == ["what", "is", "that", "for", "people"]


def test_text_speak_is_settled_after_one_look():
    again = {
        word: [part for part in plain.split() if text_speak().get(part, part) != part]
        for word, plain in text_speak().items()
    }
    assert {word: parts for word, parts in again.items() if parts} == {}


@pytest.mark.parametrize("word", ["of", "the", "and"])
def test_stop_words_carry_no_meaning(word):
    assert word in stop_words()
    assert content_words(f"{word} appeal {word} plan") == ["appeal", "plan"]


@pytest.mark.parametrize("word", ["school", "plan", "long", "refuse", "appeal", "nursery", "transport"])
def test_words_of_the_subject_are_no_stop_words(word):
    assert word not in stop_words()


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("plans", "plan"),
        ("plan's", "plan"),
        ("bodies", "body"),
        ("bus", "bus"),
        ("class", "class"),
        ("analysis", "analysis"),
        ("ehcps", "ehcp"),
        ("its", "its"),
        ("ties", "tie"),
        ("", ""),
    ],
)
def test_endings(word, cut):
    assert stem(word) == cut


@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=15))
def test_a_stem_is_never_longer_and_keeps_the_beginning(word):
    assert len(stem(word)) <= len(word)
    assert stem(word)[:-1] == word[: max(0, len(stem(word)) - 1)]
