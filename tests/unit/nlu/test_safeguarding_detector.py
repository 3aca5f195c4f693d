"""How the detector decides: context, negation, questions, the classifier and its failure."""

import sys
from pathlib import Path

import numpy as np
import pytest

from nlu.phrases import PatternError, compile_pattern
from nlu.safeguarding import Category, KernelModel, Kind, LinearModel, SafeguardingDetector, load_patterns, train
from nlu.safeguarding.linear import Vectors
from nlu.safeguarding.matching import PatternLayer

STORMS = [
    *((f"storm {number}", "self_harm") for number in range(5)),
    ("storm abuse", "abuse"),
    *((f"calm {number}", "none") for number in range(6)),
]


@pytest.fixture(scope="module")
def patterns() -> PatternLayer:
    return load_patterns()


@pytest.fixture(scope="module")
def detector(patterns: PatternLayer) -> SafeguardingDetector:
    return SafeguardingDetector(patterns)


class WordEncoder:
    """A stand-in encoder: one dimension for each of two words, so that a test can place a text where it wants."""

    def encode(self, texts: list[str]) -> Vectors:
        rows = [[float("storm" in text), float("calm" in text)] for text in texts]
        return np.asarray(rows, dtype=np.float32)


class BrokenEncoder:
    def encode(self, texts: list[str]) -> Vectors:
        raise RuntimeError("no model file")


def storm_model(confidence: float) -> LinearModel:
    odds = float(np.log(confidence / (1 - confidence)))
    weights = np.asarray([[0.0, 0.0], [odds, -9.0]], dtype=np.float32)
    return LinearModel(("none", "self_harm"), weights, np.zeros(2, dtype=np.float32))


def test_a_sentence_may_be_finished_in_the_next_message(detector: SafeguardingDetector) -> None:
    assert detector.check("die") is None
    verdict = detector.check("die", ["hello", "i want to"])
    assert verdict is not None
    assert verdict.kind is Kind.MENTAL_HEALTH_CRISIS
    assert "context.finished" in verdict.reasons


def test_after_a_disclosure_a_weak_word_goes_on_with_it(detector: SafeguardingDetector) -> None:
    assert detector.check("every night") is None
    verdict = detector.check("every night", ["my dad hits me"])
    assert verdict is not None
    assert verdict.kind is Kind.CHILD_DISCLOSURE


def test_after_a_disclosure_a_plain_question_stays_plain(detector: SafeguardingDetector) -> None:
    assert detector.check("what is an EHCP", ["my dad hits me"]) is None


def test_two_hints_in_two_messages_add_up(detector: SafeguardingDetector) -> None:
    assert detector.check("i feel worthless") is None
    verdict = detector.check("i hate myself", ["i feel worthless"])
    assert verdict is not None
    assert verdict.category is Category.SELF_HARM


@pytest.mark.parametrize("text", ["he is not suicidal", "my daughter has never self harmed"])
def test_what_is_denied_is_information(detector: SafeguardingDetector, text: str) -> None:
    verdict = detector.check(text)
    assert verdict is not None
    assert verdict.informational


def test_a_disclosure_beside_a_question_of_policy_is_a_disclosure(detector: SafeguardingDetector) -> None:
    asked = detector.check("what is the self-harm policy")
    told = detector.check("what is the self-harm policy, i cut myself at school")
    assert asked is not None
    assert asked.informational
    assert told is not None
    assert not told.informational


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO KILL MYSELF",
        "i w a n t to k i l l myself",
        "i want to k1ll myself",
        "i want to kiill mysellf",
        "i\u2019m gonna kms",
    ],
)
def test_spelling_does_not_hide_it(detector: SafeguardingDetector, text: str) -> None:
    verdict = detector.check(text)
    assert verdict is not None
    assert verdict.kind is Kind.MENTAL_HEALTH_CRISIS


def test_the_same_harm_told_by_child_and_adult_has_two_articles(detector: SafeguardingDetector) -> None:
    child = detector.check("my stepdad hits me")
    adult = detector.check("my daughter says her stepdad hits her")
    assert child is not None
    assert adult is not None
    assert (child.kind, adult.kind) == (Kind.CHILD_DISCLOSURE, Kind.ADULT_WORRIED)


def test_the_classifier_speaks_where_the_rules_are_silent(patterns: PatternLayer) -> None:
    sure = SafeguardingDetector(patterns, storm_model(0.97), WordEncoder())
    unsure = SafeguardingDetector(patterns, storm_model(0.2), WordEncoder())
    verdict = sure.check("storm")
    assert verdict is not None
    assert verdict.reasons == ("classifier",)
    assert verdict.score == pytest.approx(0.97, abs=0.01)
    assert unsure.check("storm") is None
    assert sure.check("calm") is None


def test_a_hint_makes_the_classifier_enough(patterns: PatternLayer) -> None:
    unsure = SafeguardingDetector(patterns, storm_model(0.75), WordEncoder())
    hinted, bare = unsure.check("storm i feel worthless"), unsure.check("storm")
    assert hinted is not None
    assert bare is not None
    assert (hinted.informational, bare.informational) == (False, True)


def test_a_suspicion_shows_the_lines_and_raises_no_alarm(patterns: PatternLayer) -> None:
    verdict = SafeguardingDetector(patterns, storm_model(0.5), WordEncoder()).check("storm")
    assert verdict is not None
    assert verdict.informational
    assert verdict.reasons == ("classifier.suspects",)


def test_a_broken_encoder_leaves_the_rules_working(patterns: PatternLayer) -> None:
    detector = SafeguardingDetector(patterns, storm_model(0.97), BrokenEncoder())
    assert detector.check("what is an EHCP") is None
    assert detector.check("i want to die") is not None


@pytest.mark.parametrize("text", ["", "   ", "?!", "\u0000", "a" * 500, "👍" * 200, "ß\u0301" * 50])
def test_odd_input_is_ordinary(detector: SafeguardingDetector, text: str) -> None:
    assert detector.check(text) is None


def test_what_people_type_is_not_kept_in_memory(detector: SafeguardingDetector, patterns: PatternLayer) -> None:
    detector.check("my secret word is zanzibarquux")
    assert "zanzibarquux" not in patterns._vocab.strings


def test_training_is_deterministic_and_survives_a_round_trip(tmp_path: Path) -> None:

    first, second = train(STORMS, WordEncoder()), train(STORMS, WordEncoder())
    for name, model in (("a", first), ("b", second)):
        (tmp_path / name).mkdir()
        model.save(tmp_path / name)
    for file in ("kinds.json", "kernel.npz"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    loaded, vector = KernelModel.load(tmp_path / "a"), WordEncoder().encode(["storm"])[0]
    assert loaded.probabilities(vector) == pytest.approx(first.probabilities(vector), abs=1e-4)


def test_the_odds_sum_to_one_and_follow_what_was_learned() -> None:
    model = train(STORMS, WordEncoder(), background=["calm three"] * 20)
    stormy, calm = (model.probabilities(WordEncoder().encode([text])[0]) for text in ("storm", "calm"))
    assert sum(stormy.values()) == pytest.approx(1)
    assert stormy["none"] < 0.5 < calm["none"]
    assert stormy["self_harm"] > stormy["abuse"]


@pytest.mark.parametrize("gone", ["support", "weights", "numbers", None])
def test_a_damaged_kernel_is_refused(tmp_path: Path, gone: str | None) -> None:
    train(STORMS, WordEncoder()).save(tmp_path)
    with np.load(tmp_path / "kernel.npz") as file:
        arrays = {name: file[name] for name in file.files if name != gone}
    if gone is None:
        arrays["weights"] = arrays["weights"][:-1]
    np.savez(tmp_path / "kernel.npz", **arrays)
    with pytest.raises(ValueError, match="build again"):
        KernelModel.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"PK\x03\x04cut off"])
def test_a_kernel_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    train(STORMS, WordEncoder()).save(tmp_path)
    (tmp_path / "kernel.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"build again|pickle"):
        KernelModel.load(tmp_path)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"labels": ["none"], "weights": [[1.0], [2.0]], "bias": [0.0]}', encoding="utf-8")
    with pytest.raises(ValueError, match="build again"):
        LinearModel.load(tmp_path / "m.json")


@pytest.mark.parametrize("line", ["", "..", "{nosuchclass} me"])
def test_an_unusable_pattern_is_refused(line: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(line, {})


def test_torch_is_not_needed_to_serve() -> None:
    assert "nlu.safeguarding" in sys.modules
    assert not any(name == "sklearn" for name in vars(sys.modules["nlu.safeguarding.linear"]))
