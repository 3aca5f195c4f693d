"""Questions that ask the same in other words, put together by the words they share.

Words are compared, not sentence vectors: the gateway then needs no model in memory, the reason why two questions stand
together can be seen, and a wrong grouping does no harm here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from assistant.storage.insight import Unanswered
from nlu.text import content_words

# How alike the content words must be (0 to 100, order and repeats do not count).
_ALIKE = 75.0
# Ids that a ticket for the group points to.
_MOST_IDS = 20
_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Group:
    """Questions alike: a few of them as asked, how many there are, and their message ids, newest first."""

    examples: tuple[str, ...]
    count: int
    message_ids: tuple[str, ...]


def groups(asked: Sequence[Unanswered], *, most: int = 30) -> tuple[Group, ...]:
    """Return the largest groups.

    Args:
        asked: Questions, newest first.
        most: How many groups at most.
    """
    leaders: list[str] = []
    members: list[list[Unanswered]] = []
    place: dict[str, int] = {}
    for question in asked:
        words = " ".join(sorted(set(content_words(question.text)))) or question.text
        if words not in place:
            place[words] = _place(words, leaders, members)
        members[place[words]].append(question)
    found = sorted(members, key=len, reverse=True)[:most]
    return tuple(_group(one) for one in found)


def _place(words: str, leaders: list[str], members: list[list[Unanswered]]) -> int:
    best = process.extractOne(words, leaders, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    if best is not None:
        return int(best[2])
    leaders.append(words)
    members.append([])
    return len(leaders) - 1


def _group(questions: Sequence[Unanswered]) -> Group:
    different = tuple(dict.fromkeys(question.text for question in questions))
    ids = tuple(question.message_id for question in questions[:_MOST_IDS])
    return Group(different[:_MOST_EXAMPLES], len(questions), ids)
