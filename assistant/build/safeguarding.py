"""Step 3: the classifier that hears what the safeguarding rules have no words for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.build.step import digest_of, read_manifest
from assistant.paths import build_folder
from knowledge.index import content_digest
from knowledge.loader import ROOT as KNOWLEDGE
from knowledge.loader import load_articles
from nlu.encoder import SentenceEncoder
from nlu.safeguarding import examples, kernel, linear, train

_TOPIC = "safeguarding"  # its own wordings are what is to be found, not what is ordinary
_WORKERS = 2
_FROM_ARTICLES = 1500  # more of them take longer to encode and change no decision


def inputs() -> str:
    """Return a digest of everything that decides what the classifier says."""
    encoder = str(read_manifest(build_folder() / "encoder").get("inputs"))
    sources = [Path(__file__), Path(linear.__file__), Path(kernel.__file__), *examples.FOLDER.glob("*.yml")]
    return digest_of(sources, encoder, content_digest(KNOWLEDGE / "articles"))


def make(folder: Path) -> dict[str, object]:
    """Train on the examples, with the wordings of all other articles as background; write the model."""
    encoder = SentenceEncoder(build_folder() / "encoder", workers=_WORKERS)
    learned = [(example.text, example.label) for example in examples.load()]
    background = ordinary_questions()
    train(learned, encoder, background=background).save(folder)
    return {"examples": len(learned), "background": len(background)}


def ordinary_questions() -> list[str]:
    """Return wordings of the articles outside the safeguarding topic, spread evenly and always the same."""
    articles = [article for article in load_articles().values() if article.topic != _TOPIC]
    wordings = {wording for article in articles for group in article.questions for wording in group.ask}
    return sorted(wordings, key=lambda wording: hashlib.sha256(wording.encode()).hexdigest())[:_FROM_ARTICLES]
