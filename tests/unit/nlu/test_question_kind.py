"""What a question wants to hear first."""

import pytest

from nlu.question_kind import kinds_of, tells_time


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how long does it take", "time"),
        ("when is the deadline", "time"),
        ("how many weeks have they got", "time"),
        ("how much is it", "amount"),
        ("what percentage is that", "number"),
        ("who decides", "who"),
        ("where do I send it", "where"),
        ("why is that so", "why"),
        ("how do I appeal", "how"),
        ("can they refuse", "yes_no"),
        ("so is it free", "yes_no"),
    ],
)
def test_the_kind_is_seen(question, kind):
    assert kind in kinds_of(question)


def test_a_question_after_a_meaning_has_no_kind():
    assert kinds_of("what is an annual review") == frozenset()


@pytest.mark.parametrize(
    "answer", ["Within 6 weeks.", "At most 45 school days.", "From 16.", "At any time.", "In 2025."]
)
def test_a_length_of_time_is_seen(answer):
    assert tells_time(answer)


def test_other_answers_tell_no_time():
    assert not tells_time("The council writes it, and you may comment.")
