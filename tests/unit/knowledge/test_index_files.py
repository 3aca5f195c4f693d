"""The index on disk: it comes back the same, and start-up refuses one that does not fit or is damaged."""

import json
import shutil

import pytest

from knowledge.errors import IndexOutOfDate
from knowledge.faiss_index import FaissIndex
from knowledge.index import KnowledgeIndex, content_digest
from knowledge.lexical_index import Bm25Index, letter_groups
from tests import samples
from tests.fakes import FakeEncoder


@pytest.fixture
def folder(tmp_path):
    KnowledgeIndex.build(samples.articles().values(), FakeEncoder()).save(tmp_path, encoder="e1", content="c1")
    return tmp_path


def load(folder, encoder="e1", content="c1"):
    return KnowledgeIndex.load(folder, encoder=encoder, content=content)


def test_a_saved_index_comes_back_the_same(folder):
    built, loaded = KnowledgeIndex.build(samples.articles().values(), FakeEncoder()), load(folder)
    [query] = FakeEncoder().encode(["how long does a plan last"])
    assert loaded.passages == built.passages
    assert loaded.words.scores(["plan"]) == pytest.approx(built.words.scores(["plan"]))
    asked = (query, "how long does a plan last")
    assert loaded.topics.log_probabilities(*asked) == pytest.approx(built.topics.log_probabilities(*asked), abs=0.01)
    assert loaded.vectors.search(query, limit=3)[0].tolist() == built.vectors.search(query, limit=3)[0].tolist()


def test_the_manifest_says_what_the_index_was_built_from(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    passages = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    assert manifest == {
        "format": 5,
        "metric": "inner_product",
        "passages": len(passages),
        "dimension": 128,
        "encoder": "e1",
        "articles": "c1",
    }


@pytest.mark.parametrize(("given", "named"), [({"encoder": "e2"}, "encoder"), ({"content": "c2"}, "articles")])
def test_an_index_of_another_encoder_or_content_is_refused(folder, given, named):
    with pytest.raises(IndexOutOfDate, match=rf"differs in \['{named}'\]: run 'send-assistant build'"):
        load(folder, **given)


@pytest.mark.parametrize(
    ("key", "value"), [("format", 0), ("metric", "l2"), ("dimension", 384), ("passages", 1), ("encoder", None)]
)
def test_a_manifest_that_says_otherwise_is_refused(folder, key, value):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    with pytest.raises(IndexOutOfDate, match=key):
        load(folder)


@pytest.mark.parametrize(
    "name", ["manifest.json", "passages.json", "vectors.faiss", "words", "letters", "topics", "parts.npz"]
)
def test_a_missing_part_is_refused(folder, name):
    path = folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(IndexOutOfDate, match="run 'send-assistant build'"):
        load(folder)


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "passages.json",
        "vectors.faiss",
        "words/params.index.json",
        "letters/vocab.index.json",
        "topics/grams.json",
        "topics/weights.npy",
        "parts.npz",
    ],
)
def test_a_damaged_part_is_refused(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes()[:10])
    with pytest.raises(IndexOutOfDate, match="run 'send-assistant build'"):
        load(folder)


@pytest.mark.parametrize("text", ["[]", "null", "7", '"text"'])
def test_a_manifest_of_another_shape_is_refused(folder, text):
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(IndexOutOfDate):
        load(folder)


@pytest.mark.parametrize("rows", ["{}", '[{"colour": "red"}]', "[1]"])
def test_passages_of_another_shape_are_refused(folder, rows):
    (folder / "passages.json").write_text(rows, encoding="utf-8")
    with pytest.raises(IndexOutOfDate):
        load(folder)


def test_parts_of_different_sizes_are_refused(folder):
    FaissIndex.build(FakeEncoder().encode(["only one"])).save(folder / "vectors.faiss")
    with pytest.raises(IndexOutOfDate, match="run 'send-assistant build'"):
        load(folder)


def test_an_interrupted_save_leaves_no_manifest(folder, monkeypatch):
    monkeypatch.setattr(Bm25Index, "save", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        KnowledgeIndex.build(samples.articles().values(), FakeEncoder()).save(folder, encoder="e1", content="c1")
    with pytest.raises(IndexOutOfDate, match="no whole index"):
        load(folder)


def test_the_content_digest_changes_with_a_byte_and_with_a_name(tmp_path):
    one = tmp_path / "a" / "one.md"
    one.parent.mkdir()
    one.write_text("text", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not content", encoding="utf-8")
    first = content_digest(tmp_path)
    (tmp_path / "notes.txt").unlink()
    assert content_digest(tmp_path) == first
    one.write_text("texts", encoding="utf-8")
    second = content_digest(tmp_path)
    one.rename(tmp_path / "a" / "two.md")
    assert len({first, second, content_digest(tmp_path)}) == 3


def test_letter_groups_mark_the_ends_of_words():
    assert letter_groups(["plan"]) == ["#pl", "pla", "lan", "an#"]
    assert letter_groups(["a", "", "ab"]) == ["#a#", "##", "#ab", "ab#"]
    assert letter_groups([]) == []
