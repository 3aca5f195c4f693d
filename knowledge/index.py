"""Everything that is searched, as one build product with a manifest."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.chunker import Passage, passages
from knowledge.errors import IndexOutOfDate
from knowledge.faiss_index import FaissIndex
from knowledge.lexical_index import Bm25Index, letter_groups
from knowledge.model import Article
from knowledge.part_finder import PartFinder
from knowledge.ports import Encoder
from knowledge.topic_classifier import TopicClassifier
from nlu.text import content_words, plain_words

FORMAT = 5
METRIC = "inner_product"


@dataclasses.dataclass(frozen=True)
class KnowledgeIndex:
    """The passages of all articles with their three indexes; documents of each are the passages, in this order.

    `topics` tells the articles apart, in the order of `article_ids`, and `parts` the question groups of one article.
    """

    passages: tuple[Passage, ...]
    vectors: FaissIndex
    words: Bm25Index
    letters: Bm25Index
    topics: TopicClassifier
    parts: PartFinder

    @property
    def article_ids(self) -> list[str]:
        """The articles in the order of their first passages."""
        return _owners(self.passages)

    @classmethod
    def build(cls, articles: Iterable[Article], encoder: Encoder, outside: Sequence[str] = ()) -> KnowledgeIndex:
        """Return the index of some articles (build only: learning needs scikit-learn).

        Args:
            articles: The approved content.
            encoder: Turns texts into sentence vectors.
            outside: Questions that none of the articles answers, for the topic classifier to know.
        """
        from knowledge.part_training import train_parts
        from knowledge.topic_training import train_topics

        found = tuple(passages(articles))
        every = encoder.encode([*(passage.text for passage in found), *outside])
        vectors = every[: len(found)]
        return cls(
            passages=found,
            vectors=FaissIndex.build(vectors),
            words=Bm25Index.build([content_words(passage.text) for passage in found]),
            letters=Bm25Index.build([letter_groups(plain_words(passage.text)) for passage in found]),
            topics=train_topics(found, every, _owners(found), outside),
            parts=train_parts(found, vectors),
        )

    def save(self, folder: Path, *, encoder: str, content: str) -> None:
        """Write the index below a folder, the manifest last, so that a broken build is never taken for a whole one.

        Args:
            folder: Where to; made if missing.
            encoder: Digest of the encoder that made the vectors.
            content: Digest of the articles, as `content_digest` gives it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").unlink(missing_ok=True)
        self.vectors.save(folder / "vectors.faiss")
        self.words.save(folder / "words")
        self.letters.save(folder / "letters")
        self.topics.save(folder / "topics")
        self.parts.save(folder / "parts.npz")
        rows = [dataclasses.asdict(passage) for passage in self.passages]
        (folder / "passages.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        manifest = {**self._facts(), "encoder": encoder, "articles": content}
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, *, encoder: str, content: str) -> KnowledgeIndex:
        """Return a saved index if it fits what is in use.

        Raises:
            IndexOutOfDate: Files are missing or damaged, or the index was built from other articles or with another
                encoder.
        """
        try:
            manifest = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
            rows = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
            found_passages = tuple(Passage(**row) for row in rows)
        except (OSError, ValueError, TypeError) as error:
            raise IndexOutOfDate(f"no whole index in {folder}: run 'send-assistant build' ({error})") from error
        found = cls(
            passages=found_passages,
            vectors=FaissIndex.load(folder / "vectors.faiss"),
            words=Bm25Index.load(folder / "words"),
            letters=Bm25Index.load(folder / "letters"),
            topics=TopicClassifier.load(folder / "topics"),
            parts=PartFinder.load(folder / "parts.npz"),
        )
        found._must_fit(manifest, {**found._facts(), "encoder": encoder, "articles": content})
        return found

    def _facts(self) -> dict[str, object]:
        size = {"passages": len(self.passages), "dimension": self.vectors.dimension}
        return {"format": FORMAT, "metric": METRIC, **size}

    def _must_fit(self, manifest: dict[str, object], wanted: dict[str, object]) -> None:
        other = sorted(key for key in wanted if manifest.get(key) != wanted[key])
        sizes = {len(self.passages), self.vectors.size, self.words.size, self.letters.size}
        if other or len(sizes) != 1 or self.topics.size != len(self.article_ids):
            raise IndexOutOfDate(f"the index differs in {other or 'size'}: run 'send-assistant build'")


def _owners(found: Iterable[Passage]) -> list[str]:
    return list(dict.fromkeys(passage.article_id for passage in found))


def content_digest(root: Path) -> str:
    """Return a digest of all content files below a folder, by name and bytes."""
    digest = hashlib.sha256()
    for path in sorted([*root.rglob("*.md"), *root.rglob("*.yml")]):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
