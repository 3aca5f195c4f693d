"""Find the requests that the assistant never meets, such as a diagnosis or a verdict, by rules over words."""

from __future__ import annotations

from pathlib import Path

from nlu.phrases import PhraseRules

PATTERNS = Path(__file__).parent / "patterns" / "limits.yml"


class LimitMatcher:
    """Names the article that says what is not done and who does it."""

    def __init__(self, rules: PhraseRules) -> None:
        """Take the rules; their kinds are article ids, the earlier one wins."""
        self._rules = rules

    @classmethod
    def load(cls, path: Path = PATTERNS) -> LimitMatcher:
        """Read the rules.

        Raises:
            PatternError: The file cannot be used.
        """
        return cls(PhraseRules.load(path))

    def find(self, text: str) -> str | None:
        """Return the id of the article for a message; None for one that can be answered."""
        kinds = self._rules.read(text).kinds()
        return next((kind for kind in self._rules.kinds if kind in kinds), None)
