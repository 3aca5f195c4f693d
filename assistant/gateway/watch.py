"""Fills the gateway's ports from `nlu`: the safeguarding detector, the masking of personal data, conduct."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.gateway.ports import Misconduct, Redaction
from assistant.gateway.safeguarding import citation
from assistant.log import event
from knowledge.loader import ROOT, load_article
from nlu import personal_data
from nlu.conduct import Conduct, ConductDetector
from nlu.encoder import EncoderMissing, SentenceEncoder
from nlu.safeguarding import KernelModel, SafeguardingDetector, load_patterns

_logger = logging.getLogger(__name__)
# The article that says what the reply rests on.
_ARTICLES = {Conduct.INJECTION: "oos-injection", Conduct.ROLE_PLAY: "oos-injection"}
_OTHER_ARTICLE = "oos-insults"


def guard(built: Path | None = None) -> SafeguardingDetector:
    """Return the detector; the rules speak whatever else is missing.

    Args:
        built: Folder of build products with the classifier and its encoder; without it the rules stand alone.
    """
    patterns = load_patterns()
    if built is None:
        return SafeguardingDetector(patterns)
    try:
        classifier = KernelModel.load(built / "safeguarding")
        return SafeguardingDetector(patterns, classifier, SentenceEncoder(built / "encoder"))
    except (EncoderMissing, OSError, ValueError, KeyError) as error:
        event(_logger, "safeguarding_rules_alone", level=logging.ERROR, kind=type(error).__name__)
        return SafeguardingDetector(patterns)


class PersonalDataRedactor:
    """Masks personal data before anything is stored or sent on."""

    def redact(self, text: str) -> Redaction:
        """Return the text as it may be kept, with each kind that was hidden once, in order."""
        found = personal_data.redact(text)
        return Redaction(found.text, tuple(dict.fromkeys(item.kind for item in found.found)))


class ConductWatch:
    """Tells questions from insults, swearing, and orders to the machine."""

    def __init__(self, detector: ConductDetector, citations: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the detector and the citation of each article."""
        self._detector, self._citations = detector, citations

    @classmethod
    def load(cls) -> ConductWatch:
        """Read the rules, and the articles that the replies rest on.

        Raises:
            PatternError: The rules cannot be used.
            ContentError: An article cannot be used.
        """
        names = {*_ARTICLES.values(), _OTHER_ARTICLE}
        articles = [load_article(ROOT / "articles" / "limits" / f"{name}.md") for name in sorted(names)]
        return cls(ConductDetector.load(), {article.id: citation(article) for article in articles})

    def check(self, text: str) -> Misconduct | None:
        """Return what a message does instead of asking; None for everything that is to be answered."""
        found = self._detector.check(text)
        if found is None:
            return None
        return Misconduct(found.kind.value, (self._citations[_ARTICLES.get(found.kind, _OTHER_ARTICLE)],))

    def plain(self, text: str) -> str:
        """Return a message without its swear words."""
        return self._detector.plain(text)
