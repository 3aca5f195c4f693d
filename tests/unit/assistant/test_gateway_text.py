"""What is left of a typed text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gateway.text import clean, for_dialogue


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cafe\u0301", "café"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\u200db", "ab"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
        ("\ue000x\ud800", "x"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_clean(typed, kept):
    assert clean(typed) == kept


@given(st.text(st.characters(codec=None)))
def test_cleaning_twice_is_cleaning_once_and_leaves_nothing_invisible(text):
    once = clean(text)
    assert clean(once) == once
    assert not {unicodedata.category(char) for char in once.replace("\u200d", "").replace("\n", "")} & {
        "Cc",
        "Cf",
        "Cs",
    }


@given(st.text())
def test_the_dialogue_never_sees_a_command(text):
    seen = for_dialogue(clean(text))
    assert seen
    assert not seen.startswith("/")
