"""What every encoder promises, and how near the served one is to the model it was made from."""

from __future__ import annotations

import abc
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.build.encoder import export_float, reference
from knowledge.ports import Encoder, Vector
from nlu.encoder import DIMENSION, EncoderMissing, SentenceEncoder
from tests.fakes import FakeEncoder

TEXTS = ["what is an EHC plan", "wots a senco", "who can I talk to?", "", "🙂", "plan " * 400]


class EncoderContract(abc.ABC):
    @pytest.fixture
    @abc.abstractmethod
    def encoder(self) -> Encoder: ...

    def test_one_row_a_text_in_float32(self, encoder):
        vectors = encoder.encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), encoder.encode(["x"]).shape[1])

    def test_rows_have_length_one(self, encoder):
        assert np.linalg.norm(encoder.encode(TEXTS), axis=1) == pytest.approx(1, abs=1e-4)

    def test_no_text_gives_no_rows(self, encoder):
        assert encoder.encode([]).shape[0] == 0

    def test_a_text_has_one_vector_whatever_its_neighbours(self, encoder):
        together = encoder.encode(TEXTS)
        assert np.array_equal(together[::-1], encoder.encode(TEXTS[::-1]))
        assert np.array_equal(together[1], encoder.encode([TEXTS[1]])[0])

    def test_meaning_is_nearer_than_what_has_nothing_in_common(self, encoder):
        same, other, asked = encoder.encode(["appeal to the tribunal", "swimming on Sunday", "tribunal appeal"])
        assert asked @ same > asked @ other

    def test_it_names_its_version(self, encoder):
        assert encoder.digest


class TestFakeEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return FakeEncoder()


class TestSentenceEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, encoder_folder: Path) -> Encoder:
        return SentenceEncoder(encoder_folder)

    def test_the_dimension_is_the_one_of_the_manifest(self, encoder, encoder_folder):
        manifest = json.loads((encoder_folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["dimension"] == DIMENSION == encoder.encode(["x"]).shape[1]

    def test_many_texts_side_by_side_give_the_same_vectors(self, encoder, encoder_folder):
        texts = [f"question number {number}" for number in range(40)]
        assert np.array_equal(SentenceEncoder(encoder_folder, workers=2).encode(texts), encoder.encode(texts))


@pytest.mark.parametrize("gone", ["manifest.json", "model.onnx", "tokenizer.json"])
def test_a_missing_file_is_told_with_the_remedy(tmp_path, gone):
    for name in {"manifest.json", "model.onnx", "tokenizer.json"} - {gone}:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderMissing, match="run 'send-assistant build'"):
        SentenceEncoder(tmp_path)


def test_a_damaged_model_is_told_with_the_remedy(tmp_path, encoder_folder):
    for name in ("manifest.json", "tokenizer.json"):
        shutil.copyfile(encoder_folder / name, tmp_path / name)
    (tmp_path / "model.onnx").write_bytes((encoder_folder / "model.onnx").read_bytes()[:5000])
    with pytest.raises(EncoderMissing, match="run 'send-assistant build'"):
        SentenceEncoder(tmp_path)


# The export against sentence-transformers, on a golden list: titles and wordings of 30 articles.
CLEAR = 0.03  # int8 may move two cosines by half of this each: what lies nearer together is level


@dataclasses.dataclass(frozen=True)
class Golden:
    """Passages with the articles they belong to, and questions in other words than any of them."""

    passages: list[str]
    owners: list[str]
    questions: list[str]


@pytest.fixture(scope="module")
def golden(built_passages) -> Golden:
    titles = [row for row in built_passages if row["kind"] == "title"]
    chosen = {row["article_id"] for row in titles[:: max(1, len(titles) // 30)][:30]}
    rows = [row for row in built_passages if row["article_id"] in chosen and row["kind"] in ("title", "question")]
    first = {(row["article_id"], row["kind"], row["group"]): row for row in reversed(rows)}.values()
    others = [row["text"] for row in rows if row not in first]
    return Golden([row["text"] for row in first], [row["article_id"] for row in first], others[::2])


@pytest.fixture(scope="module")
def expected(golden) -> tuple[Vector, Vector]:
    return reference(golden.passages), reference(golden.questions)


def test_the_golden_list_is_worth_measuring(golden):
    assert len(golden.passages) >= 100
    assert len(golden.questions) >= 100


def test_int8_stays_within_one_hundredth(golden, expected, encoder_folder):
    cosines = (SentenceEncoder(encoder_folder).encode(golden.passages) * expected[0]).sum(axis=1)
    assert cosines.min() >= 0.99, golden.passages[int(cosines.argmin())]


def test_float32_is_the_reference(golden, expected, encoder_folder, tmp_path):
    export_float(tmp_path / "model.onnx")
    for name in ("manifest.json", "tokenizer.json"):
        shutil.copyfile(encoder_folder / name, tmp_path / name)
    cosines = (SentenceEncoder(tmp_path).encode(golden.passages) * expected[0]).sum(axis=1)
    assert cosines.min() >= 0.9999, golden.passages[int(cosines.argmin())]


def test_the_same_article_comes_first(golden, expected, encoder_folder):
    served = SentenceEncoder(encoder_folder)
    scores = served.encode(golden.questions) @ served.encode(golden.passages).T
    wanted = expected[1] @ expected[0].T
    clear = [row for row in range(len(wanted)) if _lead(wanted[row], golden.owners) >= CLEAR]
    first = {golden.questions[row]: golden.owners[int(scores[row].argmax())] for row in clear}
    assert len(clear) >= 0.75 * len(golden.questions)
    assert first == {golden.questions[row]: golden.owners[int(wanted[row].argmax())] for row in clear}


def _lead(scores: Vector, owners: list[str]) -> float:
    """Return how far the best article is ahead of the next one."""
    best = owners[int(scores.argmax())]
    return float(scores.max() - max(score for score, owner in zip(scores, owners, strict=True) if owner != best))
