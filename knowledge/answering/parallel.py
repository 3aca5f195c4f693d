"""The same question about something else: "and for VI?" after "how many have HI?"."""

from __future__ import annotations

import re

from knowledge.answering.names import Names
from nlu.text import normalise, words

_SHAPE = re.compile(
    r"^(?:(?:ok|so|and|or|but|then|what about|how about|same)\s+)+(?:(?:for|about|in|with|on|at|of|the|an|a)\s+)*(.+?)"
    r"(?:\s+(?:then|please|too|as well))*$",
    re.IGNORECASE,
)
_MOST_WORDS = 5


def same_question(text: str, question: str, topic: str, names: Names) -> str | None:
    """Return the earlier question with its name exchanged for the one in a message; None where that is not meant.

    Where the earlier question asked what its name means, the new name is asked about by itself: the message alone says
    it all. Only where the name was a detail of the question ("how many have HI?") is the question asked again.

    Args:
        text: The message.
        question: The last question that stood on its own.
        topic: The article that answered it.
        names: The names of the articles.
    """
    shape = _SHAPE.match(normalise(text).strip(" ?!."))
    if shape is None or len(words(shape[1])) > _MOST_WORDS or not names.of(shape[1]):
        return None
    named = names.find(question)
    if len(named) != 1 or topic in named[0].ids:
        return None
    asked = words(question)
    if len(asked) < named[0].end:
        return None
    return " ".join([*asked[: named[0].start], shape[1], *asked[named[0].end :]])
