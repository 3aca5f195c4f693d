"""The answering pipeline over the tiny library: answer, ask back, decline, and the ways to more."""

import datetime as dt
import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answering.answer import Request
from knowledge.loader import ROOT, read_yaml
from tests import samples

STATUSES = frozenset(read_yaml((ROOT / "schema" / "statuses.yml").read_text(encoding="utf-8")))


@functools.cache
def pipeline():
    return samples.answering(slips={"writtes": "writes"})


def ask(text, **context):
    return pipeline().answer(Request(text, **context))


def intents(answer):
    return [choice.intent for choice in answer.choices]


def test_a_question_gets_its_direct_answer_first_with_its_sources():
    answer = ask("who writes the plan?")
    assert (answer.status, answer.article_id, answer.group) == ("answered", "plan", 2)
    assert answer.text.startswith("The council writes it.\n\nAn EHC plan is a legal paper.")
    assert [citation["source"]["kind"] for citation in answer.citations] == ["council", "law"]
    assert answer.probability > 0.6
    assert (answer.grade, answer.question) == (7.5, "who writes the plan?")


def test_the_easy_text_is_answered_in_easy_words():
    answer = ask("how long does a plan last", mode="easy")
    assert (answer.text, answer.mode, answer.grade) == ("To 25.\n\nA plan says what help you get.", "easy", 4.0)


@pytest.mark.parametrize("text", ["what is an EHC plan", "WHAT IS AN EHC PLAN??", "EHCP", "wots an ehc plan"])
def test_the_same_asked_in_several_ways_gives_the_same_article(text):
    assert ask(text).article_id == "plan"


def test_short_forms_in_an_answer_are_explained():
    plain = samples.article(title="The plan", standard=(samples.paragraph("An EHCP helps."),))
    library = samples.library()
    own = samples.Answering(
        samples.dataclasses.replace(library, articles={**library.articles, "plan": plain}),
        samples.retriever(),
        samples.calibrator(),
        {},
    )
    assert own.show("plan", mode="standard").terms == {"EHCP": "The plan: A plan says what help you get."}


def test_a_part_of_an_article_cites_the_whole_as_well():
    cited = {citation["article_id"] for citation in ask("what is ambition 5").citations}
    assert cited == {"ambition-5", "ambitions-list"}


def test_a_follow_up_is_looked_up_with_the_topic_before_it():
    alone, leaning = ask("and who is it for"), ask("and who is it for", topic="plan")
    assert (alone.article_id, alone.question) == (None, "and who is it for")
    assert (leaning.article_id, leaning.question) == ("plan", None)


def test_a_follow_up_in_words_that_nobody_knows_is_not_answered_from_the_topic():
    assert ask("and the zebra of it", topic="plan").status == "declined_not_known"


def test_a_topic_that_is_gone_does_no_harm():
    assert ask("who writes the plan", topic="withdrawn").article_id == "plan"


def test_what_nobody_knows_is_declined_with_a_person_at_hand():
    answer = ask("zebra quantum harvest moon")
    assert (answer.status, answer.article_id, answer.citations) == ("declined_not_known", None, ())
    assert answer.text.startswith(pipeline().library.phrase("not_known", "standard"))
    assert intents(answer)[-1] == "talk_to_person"


def test_a_second_miss_shows_how_to_reach_people():
    answer = ask("zebra quantum harvest moon", misses=1)
    assert [block.get("name") for block in answer.blocks if block["type"] == "contact"] == [
        "Medway SENDIAS",
        "Local Offer",
    ]
    assert answer.text.startswith(pipeline().library.phrase("not_known_again", "standard"))


@pytest.mark.parametrize("text", ["", "?", "🙂"])
def test_without_a_word_nothing_is_made_up(text):
    answer = ask(text)
    assert (answer.status, answer.probability) == ("declined_not_known", 0)


def test_two_articles_as_near_as_each_other_lead_to_a_question_back(monkeypatch):
    own = samples.answering()
    monkeypatch.setattr(type(samples.calibrator()), "probability", lambda *_: 0.4)
    answer = own.answer(Request("ambition five ambitions"))
    assert answer.status == "clarify"
    named = [choice.entities["article"] for choice in answer.choices if choice.intent == "choose_option"]
    assert {"ambition-5", "ambitions-list"} <= set(named)
    assert intents(answer)[-1] == "talk_to_person"
    assert own.answer(Request("ambition five ambitions", misses=2)).status == "declined_not_known"


def test_an_article_said_to_be_wrong_is_not_shown_again():
    assert ask("who writes the plan", avoid=("plan",)).article_id != "plan"


def test_facts_that_have_run_out_are_shown_with_a_warning():
    day = dt.timedelta(days=1)
    expired = samples.answering(today=samples.TODAY + day).answer(Request("free bus to school"))
    assert expired.blocks[0] == {"type": "notice", "text": pipeline().library.phrase("expired", "standard")}
    assert expired.text.startswith("Please note")
    assert ask("free bus to school").blocks[0]["type"] == "paragraph"


def test_an_article_shown_by_id_has_the_choices_that_fit_it():
    answer = pipeline().show("plan", mode="standard")
    assert intents(answer) == ["tell_more", "explain_simply", "choose_option", "choose_option", "talk_to_person"]
    assert intents(pipeline().show("plan", mode="easy"))[1] == "explain_standard"
    assert "tell_more" not in intents(pipeline().show("transport", mode="standard"))


def test_more_goes_on_until_there_is_no_more():
    more = pipeline().more("plan", mode="standard", shown=0)
    assert (more.sections_shown, [b["text"] for b in more.blocks if b["type"] == "heading"]) == (
        2,
        ["How long it lasts", "Who can ask"],
    )
    over = pipeline().more("plan", mode="standard", shown=2)
    assert over.text == pipeline().library.phrase("no_more", "standard")
    assert over.sections_shown == 2
    assert "tell_more" not in intents(over)


def test_what_an_article_says_for_an_audience():
    own = pipeline().for_audience("ambition-5", "professional", mode="standard")
    assert own.text == "Teachers will be trained."
    same = pipeline().for_audience("plan", "professional", mode="standard")
    assert same.text.startswith(pipeline().library.phrase("no_audience", "standard"))
    assert "An EHC plan is a legal paper." in same.text


def test_sources_come_with_their_dates():
    text = pipeline().sources("plan", mode="standard").text
    assert "Children and Families Act 2014, section 42, https://example.org/42 (checked 2026-11-23)" in text


def test_a_person_can_be_reached_with_what_is_known():
    answer = pipeline().person(mode="standard")
    assert (answer.status, answer.article_id) == ("handover_offer", "sendias-handoff")
    assert answer.blocks[-1]["name"] == "Medway SENDIAS"
    assert pipeline().library.phrase("contact_missing", "standard") in answer.text


def test_an_unknown_article_is_an_error():
    with pytest.raises(KeyError):
        pipeline().show("nowhere", mode="standard")


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=60) | st.sampled_from(["plan", "bus", "who?", "and then"]),
    st.sampled_from(["standard", "easy"]),
    st.sampled_from([None, *samples.articles(), "gone"]),
    st.integers(0, 5),
)
def test_any_message_gets_a_whole_answer(text, mode, topic, misses):
    answer = pipeline().answer(Request(text, mode=mode, topic=topic, misses=misses))
    assert answer.status in STATUSES
    assert answer.text
    assert answer.choices
    assert bool(answer.citations) == (answer.article_id is not None)
    assert answer.payload()["reading"]["mode"] == mode


def test_the_framing_sentences_are_the_same_in_both_modes():
    phrases = pipeline().library.phrases
    assert phrases["standard"].keys() == phrases["easy"].keys()


def test_two_questions_get_two_short_answers_with_their_sources():
    answer = ask("what is an EHC plan? how do I get a free bus to school?")
    assert answer.status == "answered"
    assert [block["text"] for block in answer.blocks if block["type"] == "heading"] == ["EHC plan", "School transport"]
    assert {citation["article_id"] for citation in answer.citations} == {"plan", "transport"}
    assert [choice.entities.get("article") for choice in answer.choices] == ["plan", "transport", None]


def test_what_nobody_compares_is_set_side_by_side():
    answer = ask("is an EHC plan better than school transport")
    assert answer.text.startswith(pipeline().library.phrase("no_better", "standard"))
    assert [block["text"] for block in answer.blocks if block["type"] == "heading"] == ["EHC plan", "School transport"]


def test_a_paragraph_that_is_not_held_is_never_made_up():
    answer = ask("what does section 99 of the children and families act say")
    assert (answer.status, answer.article_id) == ("declined_not_known", None)
    named = pipeline().library.phrase("no_reference", "standard", reference="section 99 (Children and Families Act)")
    assert answer.text.startswith(named)
    assert answer.choices[0].entities == {"article": "plan"}


def test_a_section_that_is_held_is_answered_from_its_article():
    assert ask("section 42").article_id == "plan"


def test_going_back_to_a_subject_looks_it_up_there():
    assert ask("back to the plan, who writes it", topic="transport", trail=("plan",)).article_id == "plan"


def test_another_subject_does_not_lean_on_the_one_before():
    assert ask("new question: what about it", topic="plan").status == "declined_not_known"


def test_a_correction_leaves_out_what_was_wrong():
    assert ask("no, not that", topic="plan", question="who writes the plan", corrects=True).article_id != "plan"
