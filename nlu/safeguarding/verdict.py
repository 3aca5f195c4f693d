"""What the safeguarding detector says about a message."""

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """Which of the four safeguarding articles answers; the values are article ids."""

    CRISIS_IMMEDIATE = "crisis-immediate"
    MENTAL_HEALTH_CRISIS = "mental-health-crisis"
    CHILD_DISCLOSURE = "child-disclosure"
    ADULT_WORRIED = "adult-worried"


class Category(str, Enum):
    """What the message is about, finer than the article; listed by falling urgency."""

    IMMEDIATE_DANGER = "immediate_danger"
    MISSING_CHILD = "missing_child"
    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    EXPLOITATION = "exploitation"
    ONLINE = "online"
    RUNNING_AWAY = "running_away"
    NEGLECT = "neglect"
    BULLYING_FEAR = "bullying_fear"
    PARENT_BREAKING_POINT = "parent_breaking_point"
    DOMESTIC_ABUSE = "domestic_abuse"
    RESTRAINT_INJURY = "restraint_injury"
    ADULT_WORRIED = "adult_worried"


URGENCY: tuple[Category, ...] = tuple(Category)

KIND_OF: dict[Category, Kind] = {
    Category.IMMEDIATE_DANGER: Kind.CRISIS_IMMEDIATE,
    Category.MISSING_CHILD: Kind.CRISIS_IMMEDIATE,
    Category.SELF_HARM: Kind.MENTAL_HEALTH_CRISIS,
    Category.ABUSE: Kind.CHILD_DISCLOSURE,
    Category.EXPLOITATION: Kind.CHILD_DISCLOSURE,
    Category.ONLINE: Kind.CHILD_DISCLOSURE,
    Category.RUNNING_AWAY: Kind.CHILD_DISCLOSURE,
    Category.NEGLECT: Kind.CHILD_DISCLOSURE,
    Category.BULLYING_FEAR: Kind.CHILD_DISCLOSURE,
    Category.PARENT_BREAKING_POINT: Kind.ADULT_WORRIED,
    Category.DOMESTIC_ABUSE: Kind.ADULT_WORRIED,
    Category.RESTRAINT_INJURY: Kind.ADULT_WORRIED,
    Category.ADULT_WORRIED: Kind.ADULT_WORRIED,
}


@dataclass(frozen=True)
class Verdict:
    """A message that must be answered with a safeguarding article.

    Attributes:
        kind: The article's kind.
        category: What it is about.
        score: How sure the detector is, 0 to 1.
        reasons: Names of the rules and of the classifier that spoke, never the writer's words.
        informational: The writer asks about the subject; give the answer and show the lines as well.
    """

    kind: Kind
    category: Category
    score: float
    reasons: tuple[str, ...]
    informational: bool

    @property
    def article_id(self) -> str:
        """Id of the article that answers."""
        return self.kind.value
