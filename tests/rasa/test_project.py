"""The Rasa project: places changed in Rasa are as they were, and each key of the domain is defined once."""

# ruff: noqa: PT009, PT027 (pytest is not in Rasa's environment)
from __future__ import annotations

import ast
import hashlib
import importlib.util
import unittest
from collections import Counter
from pathlib import Path

import jsonschema
import yaml
from rasa.core.actions.action import RemoteAction

from assistant.dialogue import rasa_changes
from assistant.dialogue.rasa_changes import PLACES
from tests.rasa.helpers import DOMAIN, ROOT


def source_of(place: str) -> str:
    """Return a function's source from its file, as `inspect.getsource` would before it was replaced."""
    module, _, name = place.partition(":")
    text = Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in name.split("."):
        node = next(child for child in node.body if getattr(child, "name", None) == part)
    return "".join(text.splitlines(keepends=True)[node.lineno - 1 : node.end_lineno])


class TestRasaChanges(unittest.TestCase):
    """Rasa is changed in few places, each checked against the code it was written for."""

    def test_rasa_is_as_it_was_at_every_place(self) -> None:
        self.assertTrue(PLACES)
        for place, digest in PLACES.items():
            self.assertEqual(hashlib.sha256(source_of(place).encode()).hexdigest(), digest, place)

    def test_the_check_of_action_results_stays(self) -> None:
        rasa_changes.apply()
        rasa_changes.apply()
        check = RemoteAction._validate_action_result
        self.assertTrue(check(None, {"events": [], "responses": []}))
        for bad in ({"events": 5}, {"events": [{"name": "x"}]}, {"responses": "hi"}):
            with self.assertRaises(jsonschema.ValidationError):
                check(None, bad)


class TestDomain(unittest.TestCase):
    """Rasa only warns of a key that is defined twice."""

    def keys(self) -> list[tuple[str, str]]:
        found = []
        for path in sorted(DOMAIN.glob("*.yml")):
            self.refuse_twice(yaml.compose(path.read_text(encoding="utf-8")), path.name)
            for section, content in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                if isinstance(content, (dict, list)):
                    found += [(section, str(entry)) for entry in content]
        return found

    def refuse_twice(self, node: yaml.Node, where: str) -> None:
        """YAML itself lets a key stand twice in one mapping; the last one wins."""
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value]
            self.assertEqual(sorted(set(names)), sorted(names), where)
            for _, value in node.value:
                self.refuse_twice(value, where)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self.refuse_twice(value, where)

    def test_every_key_is_defined_once(self) -> None:
        twice = [key for key, count in Counter(self.keys()).items() if count > 1]
        self.assertEqual(twice, [])

    def test_every_intent_has_a_rule_and_every_rule_an_intent(self) -> None:
        rules = [
            rule
            for path in (ROOT / "assistant" / "dialogue" / "data" / "rules").glob("*.yml")
            for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        ]
        begun = Counter(rule["steps"][0]["intent"] for rule in rules)
        intents = {name for section, name in self.keys() if section == "intents"}
        self.assertEqual(set(begun), intents | {"nlu_fallback"})
        self.assertEqual(max(begun.values()), 1)

    def test_every_rule_is_walked_by_a_test_story(self) -> None:
        walked = set()
        for path in (ROOT / "tests" / "dialogue").glob("test_*.yml"):
            for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
                walked |= {step["intent"] for step in story["steps"] if "intent" in step}
        intents = {name for section, name in self.keys() if section == "intents"}
        self.assertEqual(walked, intents | {"nlu_fallback"})
