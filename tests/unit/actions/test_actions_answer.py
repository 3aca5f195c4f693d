"""Actions that look something up or show more of it: what they say, what they remember."""

import dataclasses
import json

import pytest

from actions.answer_audience import ActionAnswerAudience
from actions.answer_question import ActionAnswerQuestion
from actions.change_reading import ActionChangeReading
from actions.correct_topic import ActionCorrectTopic
from actions.go_back import ActionGoBack
from actions.offer_person import ActionOfferPerson
from actions.repeat_answer import ActionRepeatAnswer
from actions.show_source import ActionShowSource
from actions.tell_more import ActionTellMore


def test_a_question_is_answered_and_remembered(act):
    said = act(ActionAnswerQuestion, "who writes the plan?", topic="transport", trail=["ambition-5"], misses=1.0)
    assert said.status == "answered"
    assert said.text.startswith("The council writes it.")
    assert said.slots["topic"] == "plan"
    assert said.slots["trail"] == ["transport", "ambition-5"]
    assert said.slots["question"] == "who writes the plan?"
    assert (said.slots["group"], said.slots["misses"], said.slots["sections_shown"]) == (2.0, 0.0, 0.0)
    assert said.slots["offer"][0] == {"intent": "tell_more", "entities": {"article": "plan", "option": "0"}}


def test_what_is_said_and_remembered_can_travel_as_json(act):
    said = act(ActionAnswerQuestion, "who writes the plan?")
    assert json.loads(json.dumps([said.payload, said.slots])) == [said.payload, said.slots]
    assert said.payload["debug"]["article_ids"] == ["plan"]


def test_a_miss_is_counted_and_leaves_the_topic_alone(act):
    said = act(ActionAnswerQuestion, "zebra quantum harvest", topic="plan", misses=0.0)
    assert (said.status, said.slots["misses"]) == ("declined_not_known", 1.0)
    assert "topic" not in said.slots


def test_the_reading_mode_is_kept_to(act):
    said = act(ActionAnswerQuestion, "what is an EHC plan", reading_mode="easy")
    assert said.text == "A plan says what help you get."


def test_a_topic_of_an_earlier_release_does_no_harm(act):
    said = act(ActionAnswerQuestion, "who writes the plan", topic="withdrawn", trail=["gone"])
    assert (said.slots["topic"], said.slots["trail"]) == ("plan", ["gone"])


def test_the_trail_keeps_five_and_names_each_once(act):
    said = act(
        ActionAnswerQuestion, "who writes the plan", topic="transport", trail=["a", "transport", "b", "c", "d", "e"]
    )
    assert said.slots["trail"] == ["transport", "a", "b", "c", "d"]


def test_more_goes_on_where_it_stopped(act):
    first = act(ActionTellMore, "more", topic="plan")
    assert (first.payload["blocks"][0]["text"], first.slots["sections_shown"]) == ("How long it lasts", 2.0)
    second = act(ActionTellMore, "more", topic="plan", sections_shown=1.0)
    assert second.payload["blocks"][0]["text"] == "Who can ask"
    pressed = act(ActionTellMore, entities={"article": "plan", "option": "1"}, topic="transport")
    assert pressed.payload["blocks"][0]["text"] == "Who can ask"


@pytest.mark.parametrize("kind", [ActionTellMore, ActionRepeatAnswer, ActionGoBack])
def test_without_a_topic_the_family_is_asked_for_one(act, answering, kind):
    said = act(kind, "that one")
    assert (said.status, said.text) == ("clarify", answering.library.phrase("no_topic", "standard"))


@pytest.mark.parametrize("kind", [ActionTellMore, ActionShowSource, ActionAnswerAudience, ActionChangeReading])
def test_a_message_that_names_another_subject_is_a_question_of_its_own(act, kind):
    said = act(kind, "free bus to school", entities={"term": "transport", "audience": "family"}, topic="plan")
    assert said.slots["topic"] == "transport"


@pytest.mark.parametrize(
    ("intent", "mode", "text"),
    [
        ("explain_simply", "easy", "A plan says what help you get."),
        ("explain_standard", "standard", "An EHC plan is a legal paper. It says what help must be given."),
    ],
)
def test_the_last_answer_is_shown_in_the_other_mode_and_the_mode_stays(act, intent, mode, text):
    said = act(ActionChangeReading, "say it differently", intent=intent, topic="plan")
    assert (said.text, said.slots["reading_mode"], said.payload["reading"]["mode"]) == (text, mode, mode)


def test_the_part_that_was_asked_for_stays_when_the_mode_changes(act):
    said = act(ActionChangeReading, intent="explain_simply", topic="plan", group=1.0)
    assert said.text.startswith("To 25.")
    assert act(ActionChangeReading, intent="explain_simply", topic="plan", group=9.0).status == "answered"


def test_a_mode_can_be_chosen_before_anything_was_asked(act, answering):
    said = act(ActionChangeReading, "easy please", intent="explain_simply")
    assert (said.text, said.slots["reading_mode"]) == (answering.library.phrase("easy_on", "easy"), "easy")


def test_what_it_means_for_an_audience(act):
    said = act(ActionAnswerAudience, "and for teachers?", entities={"audience": "professional"}, topic="ambition-5")
    assert (said.text, said.slots["audience"]) == ("Teachers will be trained.", "professional")


def test_without_a_topic_an_audience_makes_a_question(act):
    said = act(ActionAnswerAudience, "free bus to school for parents", entities={"audience": "family"})
    assert (said.slots["topic"], said.slots["audience"]) == ("transport", "family")


def test_the_sources_of_the_last_answer(act):
    said = act(ActionShowSource, "says who?", topic="plan")
    assert "Children and Families Act 2014" in said.text
    assert act(ActionShowSource, "says who?").slots["topic"] == "about-sources"


def test_the_same_once_more(act):
    said = act(ActionRepeatAnswer, "again", topic="plan", group=2.0)
    assert said.text.startswith("The council writes it.")


def test_back_to_what_was_shown_before(act):
    said = act(ActionGoBack, "go back", topic="plan", trail=["gone", "transport"])
    assert said.slots["topic"] == "transport"
    assert act(ActionGoBack, "go back", topic="plan", trail=[]).slots["topic"] == "plan"


def test_a_correction_leaves_out_what_was_wrong(act):
    said = act(ActionCorrectTopic, "no, the bus to school", topic="plan", question="is it free")
    assert said.slots["topic"] == "transport"


def test_a_person_can_be_reached(act):
    said = act(ActionOfferPerson, "can I talk to someone")
    assert (said.status, said.payload["blocks"][-1]["name"]) == ("handover_offer", "Medway SENDIAS")


def test_a_joke_in_between_is_not_what_is_spoken_of(act, answering, monkeypatch):
    joke = dataclasses.replace(answering.show("transport", mode="standard"), status="smalltalk")
    monkeypatch.setattr(answering, "answer", lambda _: joke)
    said = act(ActionAnswerQuestion, "tell me a joke", topic="plan")
    assert (said.status, "topic" in said.slots) == ("smalltalk", False)
