"""Tell questions from what is none: orders to the machine, play-acting, insults, swearing, hateful and sexual talk.

A real question is never held back for the words it is asked in.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nlu.phrases import Hit, PhraseRules, Sentence

PATTERNS = Path(__file__).parent / "patterns" / "conduct.yml"
_AFTER_THE = frozenset({"fuck", "hell"})  # "what the hell is": the article goes with the oath
_SUBJECT_WORDS = 2  # that many words of our own subject, and somebody is telling of a child, not of us


class Conduct(str, Enum):
    """What a message does instead of asking; in the order in which it is answered."""

    INJECTION = "injection"
    ROLE_PLAY = "role_play"
    SEXUAL = "sexual"
    HATEFUL = "hateful"
    INSULT = "insult"
    SWEARING = "swearing"


@dataclass(frozen=True)
class Finding:
    """What was found in a message.

    Attributes:
        kind: What it does.
        reasons: Names of the rules that spoke, never the writer's words.
    """

    kind: Conduct
    reasons: tuple[str, ...]


class ConductDetector:
    """Looks at a message by rules that can be read; holds no state between messages."""

    def __init__(self, rules: PhraseRules) -> None:
        """Take the rules; their classes say which words are swearing, filling, asking, and of our subject."""
        self._rules = rules
        words = {name: frozenset(rules.classes[name]) for name in ("swear", "filler", "asks", "subject")}
        self._swear, self._filler, self._asks, self._subject = words.values()

    @classmethod
    def load(cls, path: Path = PATTERNS) -> "ConductDetector":
        """Read the rules.

        Raises:
            PatternError: The file cannot be used.
        """
        return cls(PhraseRules.load(path))

    def check(self, text: str) -> Finding | None:
        """Return what a message does instead of asking; None for everything that is to be answered."""
        sentence = self._rules.read(text)
        for kind in Conduct:
            hits = [hit for hit in sentence.hits if hit.kind == kind.value]
            if hits and not self._asks_besides(sentence, hits, kind):
                return Finding(kind, tuple(sorted({hit.rule for hit in hits})))
        return Finding(Conduct.SWEARING, ("swearing.alone",)) if self._only_swears(sentence) else None

    def plain(self, text: str) -> str:
        """Return a message without its swear words, as the search for an answer is to see it."""
        kept: list[str] = []
        for word in text.split():
            tokens = [token for token in self._rules.tokens(word) if token.isalnum()]
            if self._swear.isdisjoint(tokens):
                kept.append(word)
                continue
            kept += [token for token in tokens if token not in self._swear]
            if kept and kept[-1].lower() == "the" and tokens[-1] in _AFTER_THE:
                kept.pop()
        return " ".join(kept) or text

    def _asks_besides(self, sentence: Sentence, hits: list[Hit], kind: Conduct) -> bool:
        """Tell whether the message also asks something of our subject; an insult may come with any question."""
        rest = sentence.rest(hits)
        about = sum(word in self._subject for word in rest)
        asks = any(word in self._asks for word in rest)
        if kind is Conduct.INSULT:
            return asks or about >= _SUBJECT_WORDS
        return asks and about > 0

    def _only_swears(self, sentence: Sentence) -> bool:
        words = sentence.rest(())
        return any(word in self._swear for word in words) and all(
            word in self._swear or word in self._filler for word in words
        )
