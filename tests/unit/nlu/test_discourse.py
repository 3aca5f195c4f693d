"""What a message opens with is left out; how it stands to the turns before is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.discourse import read


@pytest.mark.parametrize(
    ("said", "text", "move"),
    [
        ("ok, new question: who pays for lunch", "who pays for lunch", "fresh"),
        ("changing the subject, what is a hub", "what is a hub", "fresh"),
        ("anyway how do we claim it", "how do we claim it", "resume"),
        ("no I meant the other school", "the other school", "meant"),
        ("not that one, the college one", "the college one", "meant"),
        ("no, he is nineteen", "he is nineteen", "corrected"),
        ("sorry she is 12 not 11", "she is 12", "corrected"),
        ("not for good, only two days. may he come back", "only two days. may he come back", "corrected"),
        ("hi there, what is a hub", "what is a hub", None),
        ("thanks for that, and who pays", "and who pays", None),
    ],
)
def test_opening_words_are_left_out(said, text, move):
    assert (read(said).text, read(said).move) == (text, move)


def test_what_a_message_returns_to_is_named():
    heard = read("going back to the meeting, who comes")
    assert (heard.text, heard.move, heard.named) == ("who comes", "back", "meeting")


@pytest.mark.parametrize(
    "said",
    [
        "ok", "no", "yes please", "no thanks", "thank you for your help", "right to choose", "well being",
        "wait times for autism", "can i ask for a plan myself", "no one at school listens", "sorry for asking but why",
        "what about nursery", "not sure what a hub is", "",
    ],
)  # fmt: skip
def test_a_message_that_says_something_stays_whole(said):
    heard = read(said)
    assert (heard.text, heard.move) == (said, None)


@given(st.text(max_size=80))
def test_any_text_is_read_and_nothing_is_added(said):
    heard = read(said)
    assert set(heard.text.split()) <= set(heard.said.split()) | {
        piece.strip(" ,.;:!-–") for piece in heard.said.split()
    }
