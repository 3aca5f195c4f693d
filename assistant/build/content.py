"""Step 3: articles to the index of meaning and words, with what serving needs beside it."""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections.abc import Mapping
from pathlib import Path

from assistant.build.step import digest_of, read_manifest
from assistant.paths import build_folder
from knowledge.check.reading import grade
from knowledge.check.texts import main_texts
from knowledge.chunker import Passage
from knowledge.index import KnowledgeIndex, content_digest
from knowledge.loader import ROOT, load_articles, load_outside
from knowledge.model import Article
from knowledge.ranker import Ranker
from knowledge.retriever import Retriever
from knowledge.training import look_at, read_questions, train_calibrator, train_ranker, with_parts
from nlu.encoder import SentenceEncoder
from nlu.spelling import SpellingHelper
from nlu.text import words

CALIBRATION = ROOT / "calibration" / "questions.jsonl"
_PACKAGES = ("bm25s", "faiss-cpu", "numpy", "scikit-learn")


def inputs() -> str:
    """Return a digest of everything that decides what the index looks like."""
    nlu = ROOT.parent / "nlu"
    sources = [*ROOT.rglob("*.py"), *nlu.glob("*.py"), *(nlu / "lexicon").glob("*.yml")]
    versions = [f"{package}={importlib.metadata.version(package)}" for package in _PACKAGES]
    encoder = str(read_manifest(build_folder() / "encoder").get("digest"))
    return digest_of([Path(__file__), CALIBRATION, *sources], content_digest(ROOT), encoder, *versions)


def make(folder: Path) -> dict[str, object]:
    """Build the index, the ranker and the calibration into a folder; return facts for the manifest."""
    encoder = SentenceEncoder(build_folder() / "encoder", workers=os.cpu_count() or 1)
    articles = load_articles()
    index = KnowledgeIndex.build(articles.values(), encoder, load_outside())
    index.save(folder, encoder=encoder.digest, content=content_digest(ROOT))
    vocabulary = own_words(index.passages)
    retriever = Retriever(index, encoder=encoder, speller=SpellingHelper(vocabulary), ranker=Ranker.even())
    questions = look_at(retriever, with_parts(read_questions(CALIBRATION), articles.values()))
    ranker = train_ranker(retriever, questions)
    ranker.save(folder / "ranker.json")
    train_calibrator(retriever.with_ranker(ranker), questions).save(folder / "calibration.json")
    _write(folder / "serving.json", {"vocabulary": vocabulary, "grades": grades(articles)})
    return read_manifest(folder)


def own_words(passages: tuple[Passage, ...]) -> list[str]:
    """Return the words of our subject: those of the articles, but not of their questions, which may be misspelt."""
    return sorted({word for passage in passages if passage.kind != "question" for word in words(passage.text)})


def grades(articles: Mapping[str, Article]) -> dict[str, dict[str, float]]:
    """Return the reading grade of each article in each mode."""
    return {key: {text.name: round(grade(text.plain), 1) for text in main_texts(a)} for key, a in articles.items()}


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=0), encoding="utf-8")
