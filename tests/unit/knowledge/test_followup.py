"""Does a question stand on its own?"""

import pytest

from knowledge.answering.followup import leans_on_context


def names_plan(text):
    return "plan" in text.lower().split()


@pytest.mark.parametrize(
    "text",
    [
        "and does it cost anything",
        "what about nursery?",
        "who does it?",
        "why",
        "how long?",
        "can they refuse",
        "but they said no though",
        "ok and the school?",
        "when",
        "is there one for college",
    ],
)
def test_these_lean_on_what_was_said_before(text):
    assert leans_on_context(text, names_plan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "what about the plan",
        "and who writes a plan",
        "how do I appeal to the tribunal about a school place",
        "my son has been excluded from his school again and nobody told me why",
        "free school transport",
        "speech therapy waiting list",
    ],
)
def test_these_stand_on_their_own(text):
    assert not leans_on_context(text, names_plan)


def test_a_long_message_says_what_it_is_about_even_with_a_pointer():
    text = "and if it goes wrong who would then have to pay for it"
    assert not leans_on_context(text, names_plan)
