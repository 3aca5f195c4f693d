"""The components of the pipeline: what each adds to a message, and when Rasa has to make it anew."""

# ruff: noqa: PT009 (pytest is not in Rasa's environment)
from __future__ import annotations

import abc
import json
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components import build_files, glossary_matcher, sentence_featurizer
from nlu.components.glossary_matcher import GlossaryMatcher
from nlu.components.sentence_featurizer import SentenceFeaturizer
from nlu.encoder import DIMENSION, SentenceEncoder
from tests.rasa.helpers import ROOT, build_dir, component, message

EMPTY = (None, "", "   ", "\n")


class ComponentContract(abc.ABC):
    """What both components promise."""

    kind: type
    module: Any
    products: tuple[str, ...]
    helpers: tuple[str, ...]

    @abc.abstractmethod
    def added(self, text: str | None, made: Any) -> Any:
        """Return what the component has added to a message."""

    def test_quiet_on_empty_text(self) -> None:
        for text in EMPTY:
            self.assertFalse(self.added(text, component(self.kind)), repr(text))

    def test_a_loaded_component_does_as_the_one_that_was_made(self) -> None:
        made, loaded = component(self.kind), component(self.kind, load=True)
        for text in ("what is an EHCP", "and for teachers?", "ambition 5"):
            self.assertEqual(self.added(text, made), self.added(text, loaded))

    def test_other_messages_make_no_difference(self) -> None:
        made = component(self.kind)
        alone = self.added("what is an EHCP", made)
        batch = [message("hello"), message(""), message("what is an EHCP")]
        made.process(batch)
        self.assertEqual(self.read(batch[2]), alone)

    def test_the_fingerprint_is_the_same_twice(self) -> None:
        self.assertEqual(self.kind.fingerprint_addon({}), self.kind.fingerprint_addon({}))

    def test_the_fingerprint_changes_with_every_file_of_the_build(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for product in self.products:
                (folder / product).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(build_files.build_folder() / product, folder / product)
            with build_dir(folder):
                found = {self.kind.fingerprint_addon({})}
                for product in self.products:
                    with (folder / product).open("ab") as file:
                        file.write(b" ")
                    found.add(self.kind.fingerprint_addon({}))
        self.assertEqual(len(found), len(self.products) + 1)

    def test_the_fingerprint_changes_with_every_helper(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            shutil.copytree(ROOT / "nlu", Path(name) / "nlu", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            with build_dir(build_files.build_folder()), mock.patch.object(self.module, "ROOT", Path(name)):
                found = {self.kind.fingerprint_addon({})}
                for helper in self.helpers:
                    with (Path(name) / helper).open("a", encoding="utf-8") as file:
                        file.write("\n")
                    found.add(self.kind.fingerprint_addon({}))
        self.assertEqual(len(found), len(self.helpers) + 1)

    def test_what_it_needs_can_be_imported(self) -> None:
        for package in self.kind.required_packages():
            __import__(package)


class TestSentenceFeaturizer(ComponentContract, unittest.TestCase):
    kind = SentenceFeaturizer
    module = sentence_featurizer
    products = ("encoder/model.onnx", "encoder/tokenizer.json")
    helpers = ("nlu/encoder.py", "nlu/text.py")

    def read(self, done: Any) -> Any:
        return [feature.features.tolist() for feature in done.features]

    def added(self, text: str | None, made: Any) -> Any:
        [done] = made.process([message(text)])
        return self.read(done)

    def test_the_vector_is_the_one_that_finds_articles(self) -> None:
        [done] = component(self.kind).process([message("What’s an  EHCP?")])
        sequence, sentence = done.get_dense_features(TEXT, [])
        expected = SentenceEncoder(build_files.build_folder() / "encoder").encode(["what's an ehcp?"])
        self.assertEqual(sentence.features.shape, (1, DIMENSION))
        np.testing.assert_array_equal(sentence.features, expected)
        np.testing.assert_array_equal(sequence.features, expected)

    def test_training_examples_get_the_same_features(self) -> None:
        made = component(self.kind)
        data = made.process_training_data(TrainingData([message("hello there")]))
        self.assertEqual(self.read(data.training_examples[0]), self.added("hello there", made))


class TestGlossaryMatcher(ComponentContract, unittest.TestCase):
    kind = GlossaryMatcher
    module = glossary_matcher
    products = ("terms/terms.json",)
    helpers = ("nlu/matcher.py", "nlu/text.py", "nlu/limits.py", "nlu/phrases/rules.py", "nlu/phrases/language.py")

    def read(self, done: Any) -> Any:
        return done.get(ENTITIES)

    def added(self, text: str | None, made: Any) -> Any:
        [done] = made.process([message(text)])
        return self.read(done)

    def test_entities_have_the_shape_that_rasa_wants(self) -> None:
        [found] = self.added("my son, he is 7", component(self.kind))
        self.assertEqual(
            found,
            {
                "entity": "age",
                "value": "7",
                "start": 8,
                "end": 15,
                "confidence": 1.0,
                "extractor": "GlossaryMatcher",
            },
        )

    def test_what_is_never_done_is_an_entity_over_the_whole_message(self) -> None:
        text = "do you think my son has adhd"
        [limit] = [row for row in self.added(text, component(self.kind)) if row["entity"] == "limit"]
        self.assertEqual((limit["value"], limit["start"], limit["end"]), ("oos-diagnosis", 0, len(text)))

    def test_entities_of_others_stay(self) -> None:
        given = message("he is 7")
        given.set(ENTITIES, [{"entity": "other"}])
        [done] = component(self.kind).process([given])
        self.assertEqual([row["entity"] for row in done.get(ENTITIES)], ["other", "age"])

    def test_a_term_of_the_build_is_found(self) -> None:
        terms = json.loads((build_files.build_folder() / "terms" / "terms.json").read_text(encoding="utf-8"))
        [found] = self.added("ehcp", component(self.kind))
        self.assertEqual((found["entity"], found["value"]), ("term", terms["ehcp"]))
