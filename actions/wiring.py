"""The composition root: what the actions answer from, built once when first asked for."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
from pathlib import Path

from knowledge.answering.answering import Answering
from knowledge.answering.library import Library
from knowledge.calibration import Calibrator
from knowledge.errors import IndexOutOfDate
from knowledge.index import KnowledgeIndex, content_digest
from knowledge.loader import ROOT
from knowledge.own_contacts import FILE_NAME, LiveContacts
from knowledge.ranker import Ranker
from knowledge.retriever import Retriever
from nlu.encoder import SentenceEncoder
from nlu.paths import build_folder
from nlu.spelling import SpellingHelper


@functools.cache
def answering() -> Answering:
    """Return the answering pipeline over the built index.

    Raises:
        IndexOutOfDate: The build product is missing, damaged or made from other content.
        ContentError: A content file, or the operator's own contacts, cannot be used.
    """
    folder = build_folder() / "knowledge"
    encoder = SentenceEncoder(build_folder() / "encoder")
    index = KnowledgeIndex.load(folder, encoder=encoder.digest, content=content_digest(ROOT))
    facts = _json(folder / "serving.json")
    retriever = Retriever(
        index,
        encoder=encoder,
        speller=SpellingHelper(facts["vocabulary"]),
        ranker=Ranker.load(folder / "ranker.json"),
    )
    own_contacts = os.environ.get("ASSISTANT_CONTACTS")
    library = Library.load(ROOT, contacts=Path(own_contacts) if own_contacts else None)
    # What managers set on the staff pages reaches answers through a file that the gateway writes.
    live = Path(os.environ.get("ASSISTANT_DATA_DIR", "").strip() or "var") / FILE_NAME
    library = dataclasses.replace(library, contacts=LiveContacts(library.contacts, live))
    return Answering(library, retriever, Calibrator.load(folder / "calibration.json"), facts["grades"])


def _json(path: Path) -> dict:  # type: ignore[type-arg]
    try:
        found: dict = json.loads(path.read_text(encoding="utf-8"))  # type: ignore[type-arg]
    except (OSError, ValueError) as error:
        raise IndexOutOfDate(f"{path} cannot be read: run 'send-assistant build' ({error})") from error
    return found
