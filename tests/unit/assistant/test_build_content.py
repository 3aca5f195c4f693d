"""What the build hands to serving beside the index: names, words, grades, and examples for the dialogue."""

import pytest
import yaml

from assistant.build import content, dialogue, terms
from knowledge.chunker import passages
from tests import samples


def test_a_name_of_one_article_leads_to_it_and_a_shared_one_to_none():
    other = samples.simple("other", "Other plan?", aliases=("Shared", "EHCP"))
    found = terms.terms({"plan": samples.article(aliases=("shared", "My Plan")), "other": other})
    assert found == {"ehc plan": "plan", "my plan": "plan", "other plan": "other"}


def test_words_of_the_questions_are_not_taught_to_the_speller():
    asked = samples.article(questions=(samples.QuestionGroup(("wots a plann",), "A plan helps."),))
    words = content.own_words(tuple(passages([asked])))
    assert "plann" not in words
    assert {"plan", "helps", "education"} <= set(words)
    assert words == sorted(set(words))


def test_grades_are_given_for_both_texts():
    assert set(content.grades(samples.articles())["plan"]) == {"standard", "easy"}


def test_the_inputs_of_the_index_are_the_same_twice():
    assert content.inputs() == content.inputs()


def test_examples_for_the_dialogue_are_wordings_of_articles_but_not_of_other_intents(monkeypatch):
    found = samples.articles() | {"hello": samples.simple("hello", "Hello", "good morning to you", topic="limits")}
    monkeypatch.setattr(dialogue, "load_articles", lambda: found)
    [examples] = yaml.safe_load(dialogue.examples_from_articles())["nlu"]
    lines = examples["examples"].splitlines()
    assert examples["intent"] == "ask"
    assert "- who writes the plan" in lines
    assert "- good morning to you" not in lines
    assert lines == sorted(set(lines))


def test_the_environment_of_rasa_is_quiet_and_offline(monkeypatch):
    monkeypatch.setenv("ASSISTANT_INTERNAL_SECRET", "hush")
    found = dialogue.rasa_environment()
    assert (found["RASA_TELEMETRY_ENABLED"], found["ASSISTANT_INTERNAL_SECRET"]) == ("false", "hush")


def test_a_training_that_fails_is_told_with_its_last_lines(monkeypatch, tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho the reason\nexit 3\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("ASSISTANT_RASA_PYTHON", str(python))
    monkeypatch.setattr(dialogue, "ROOT", tmp_path)
    with pytest.raises(dialogue.DialogueBuildFailed, match="the reason"):
        dialogue._rasa("assistant.dialogue.train", str(tmp_path))
