"""Code and domain say the same: actions, statuses, and the articles and intents that choices name."""

import inspect
import pkgutil
from typing import Any, get_args

import pytest
import yaml
from rasa_sdk import Action

import actions
from actions.base import KnowledgeAction
from assistant.gateway import rewording, turns
from assistant.gateway.contract import Status
from assistant.paths import ROOT
from knowledge.loader import load_articles, read_yaml

DOMAIN = ROOT / "assistant" / "dialogue" / "domain"
STATUSES = read_yaml((ROOT / "knowledge" / "schema" / "statuses.yml").read_text(encoding="utf-8"))


def domain(key):
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DOMAIN.glob("*.yml"))]
    return [entry for content in files for entry in content.get(key) or ()]


def responses():
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DOMAIN.glob("*.yml"))]
    return {name: rows for content in files for name, rows in (content.get("responses") or {}).items()}


def kinds() -> dict[str, type[KnowledgeAction]]:
    found = {}
    for module in pkgutil.iter_modules(actions.__path__):
        content = __import__(f"actions.{module.name}", fromlist=["*"])
        for kind in vars(content).values():
            if (
                inspect.isclass(kind)
                and issubclass(kind, Action)
                and not inspect.isabstract(kind)
                and kind is not Action
            ):
                found[kind().name()] = kind
    return found


def choices(content: Any):
    """Yield whatever looks like a choice in a file of texts."""
    if isinstance(content, dict):
        if {"label", "intent"} <= content.keys():
            yield content
        for value in content.values():
            yield from choices(value)
    elif isinstance(content, list):
        for value in content:
            yield from choices(value)


def test_every_action_of_the_domain_is_in_the_code_and_the_other_way_round():
    assert sorted(kinds()) == sorted(domain("actions"))


@pytest.mark.parametrize("name", sorted(kinds()))
def test_class_name_and_file_name_follow_from_the_action(name):
    kind = kinds()[name]
    assert kind.__name__ == "".join(part.title() for part in name.split("_"))
    assert kind.__module__ == f"actions.{name.removeprefix('action_')}"


@pytest.mark.parametrize("name", sorted(kinds()))
def test_an_action_is_made_without_arguments_and_without_loading_anything(name, monkeypatch):
    monkeypatch.setattr("actions.wiring.build_folder", lambda: pytest.fail("constructing must load nothing"))
    assert kinds()[name]().name() == name


def test_the_statuses_are_the_ones_of_the_chat_api():
    assert list(STATUSES) == list(get_args(Status))
    assert all(STATUSES.values())


def test_every_response_has_a_status_of_the_list_and_a_text():
    for name, rows in responses().items():
        for row in rows:
            assert row["custom"]["status"] in STATUSES, name
            assert row["custom"]["text"].strip(), name


@pytest.mark.parametrize("file", ["assistant/dialogue/domain/small_talk.yml", "assistant/gateway/texts.yml"])
def test_every_choice_names_an_intent_of_the_domain_and_an_article_that_there_is(file):
    intents, articles = domain("intents"), load_articles()
    found = list(choices(yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))))
    assert found
    for_dialogue = [choice for choice in found if choice["intent"] not in turns.OWN_INTENTS]
    wrong = [
        choice
        for choice in for_dialogue
        if choice["intent"] not in intents
        or set(choice.get("entities", {})) - set(domain("entities"))
        or choice.get("entities", {}).get("article", "ehcp") not in articles
    ]
    assert wrong == []


def test_the_gateway_asks_for_an_article_again_by_an_intent_of_the_domain():
    assert rewording._INTENT in domain("intents")


def test_the_articles_that_actions_name_exist():
    assert {"sendias-handoff", "sendias-contact", "about-sources"} <= load_articles().keys()


def test_slots_and_intents_are_spelt_as_in_the_domain():
    slots = {name for path in DOMAIN.glob("*.yml") for name in (yaml.safe_load(path.read_text())).get("slots", {})}
    used = {"topic", "trail", "question", "group", "sections_shown", "audience", "reading_mode", "misses", "offer"}
    assert used == slots
