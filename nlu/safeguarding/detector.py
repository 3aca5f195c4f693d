"""The safeguarding detector: rules first, the sentence vector as a second voice, earlier turns as context."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.safeguarding.linear import NONE, Classifier, Encoder
from nlu.safeguarding.matching import Findings, PatternLayer
from nlu.safeguarding.verdict import KIND_OF, URGENCY, Category, Verdict

_CHILD_TELLS = frozenset(
    {
        Category.ABUSE,
        Category.NEGLECT,
        Category.EXPLOITATION,
        Category.ONLINE,
        Category.RUNNING_AWAY,
        Category.BULLYING_FEAR,
    }
)
_log = logging.getLogger(__name__)
_TURNS_BACK = 4
_SHORT = 8  # words; a shorter message may finish the sentence of the one before


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which the classifier is believed.

    Attributes:
        alone: With no word from the rules.
        with_hint: When a rule hints at the same.
        after_idiom: When a harmless turn of phrase explains the words.
        in_context: When an earlier turn was a safeguarding message.
        lines: For the help lines under an ordinary answer: something may be meant, and asking would probe.
    """

    alone: float = 0.80
    with_hint: float = 0.60
    after_idiom: float = 0.97
    in_context: float = 0.50
    lines: float = 0.35


@dataclass(frozen=True)
class _Opinion:
    """What the classifier thinks: the likeliest category, and how likely any of them is."""

    category: Category
    probability: float


class SafeguardingDetector:
    """Decide whether a message needs a safeguarding answer; works on the rules alone when there is no encoder."""

    def __init__(
        self,
        patterns: PatternLayer,
        classifier: Classifier | None = None,
        encoder: Encoder | None = None,
        *,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._patterns = patterns
        self._classifier = classifier
        self._encoder = encoder
        self._thresholds = thresholds or Thresholds()

    def check(self, text: str, previous: Sequence[str] = ()) -> Verdict | None:
        """Return the verdict on one message.

        Args:
            text: The user's message as typed.
            previous: The user's earlier messages of this conversation, oldest first.

        Returns:
            A verdict, informational or not; None for an ordinary message.
        """
        found = self._patterns.find(text)
        if found.certain:
            return _verdict(found, found.certain, 1.0)
        earlier = list(previous)[-_TURNS_BACK:]
        opinion = None if found.framed else self._opinion(text)
        return (
            self._by_opinion(found, opinion)
            or self._by_context(text, found, opinion, earlier)
            or self._as_information(found)
            or self._as_suspicion(found, opinion)
        )

    def _opinion(self, text: str) -> _Opinion | None:
        """Ask the classifier; silence if there is none or it fails, for the rules must speak whatever happens."""
        if self._classifier is None or self._encoder is None or not text.strip():
            return None
        try:
            odds = self._classifier.probabilities(self._encoder.encode([text])[0])
        except Exception:  # whatever breaks in the encoder must not silence the rules
            _log.exception("safeguarding_classifier_failed")
            return None
        best = max((label for label in odds if label != NONE), key=lambda label: odds[label])
        return _Opinion(Category(best), 1.0 - odds.get(NONE, 0.0))

    def _by_opinion(self, found: Findings, opinion: _Opinion | None) -> Verdict | None:
        if opinion is None:
            return None
        limits = self._thresholds
        needed = limits.after_idiom if found.idiomatic else limits.with_hint if found.hints else limits.alone
        if opinion.probability < needed or opinion.category in found.negated:
            return None
        return _verdict(found, {opinion.category: ("classifier",)}, opinion.probability)

    def _by_context(
        self, text: str, found: Findings, opinion: _Opinion | None, earlier: Sequence[str]
    ) -> Verdict | None:
        """Read the message as the continuation of what was said before."""
        if not earlier or found.framed:
            return None
        before = [self._patterns.find(turn) for turn in earlier]
        return (
            self._finished_sentence(text, before[-1], earlier[-1])
            or self._told_before(found, opinion, before)
            or _hints_add_up(found, before)
        )

    def _finished_sentence(self, text: str, last: Findings, last_text: str) -> Verdict | None:
        if last.certain or len(text.split()) > _SHORT:
            return None
        joined = self._patterns.find(last_text.rstrip(" .!?…"), text)
        return _verdict(joined, joined.certain, 0.9, "context.finished") if joined.certain else None

    def _told_before(self, found: Findings, opinion: _Opinion | None, before: Sequence[Findings]) -> Verdict | None:
        told = next((turn for turn in reversed(before) if turn.certain), None)
        likely = opinion is not None and opinion.probability >= self._thresholds.in_context
        if told is None or not (found.hints or likely or found.continues):
            return None
        return _verdict(told, told.certain, 0.8, "context.told_before")

    def _as_information(self, found: Findings) -> Verdict | None:
        asked = found.framed | found.negated
        if not asked:
            return None
        source = "asks_about" if found.framed else "says_not"
        return _verdict(
            found, {category: (f"{category.value}.{source}",) for category in asked}, 0.5, informational=True
        )

    def _as_suspicion(self, found: Findings, opinion: _Opinion | None) -> Verdict | None:
        """Neither sure nor at ease: the message is answered, with the lines under it."""
        if opinion is None or found.idiomatic or opinion.probability < self._thresholds.lines:
            return None
        return _verdict(found, {opinion.category: ("classifier.suspects",)}, opinion.probability, informational=True)


def _hints_add_up(found: Findings, before: Iterable[Findings]) -> Verdict | None:
    """Hints at one thing in two messages are enough; one alone is not."""
    shared = {
        category: names for category, names in found.hints.items() if any(category in turn.hints for turn in before)
    }
    return _verdict(found, shared, 0.6, "context.hints") if shared else None


def _verdict(
    found: Findings, by_category: dict[Category, tuple[str, ...]], score: float, *more: str, informational: bool = False
) -> Verdict:
    """Build the verdict on the most urgent category, told by the child or by an adult."""
    category = min((_as_told(found, category) for category in by_category), key=URGENCY.index)
    reasons = tuple(name for names in by_category.values() for name in names)
    return Verdict(KIND_OF[category], category, score, (*more, *reasons), informational)


def _as_told(found: Findings, category: Category) -> Category:
    """The category as seen from whoever writes: harm told by an adult is an adult's worry, and the other way round."""
    if found.adult and category in _CHILD_TELLS:
        return Category.ADULT_WORRIED
    if category is Category.ADULT_WORRIED and found.child and not found.adult:
        return Category.ABUSE
    return category
