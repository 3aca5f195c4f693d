"""Does a question stand on its own, or lean on what was said before?"""

from __future__ import annotations

import re
from collections.abc import Callable

from nlu.text import content_words, plain_words

_OPENERS = re.compile(
    r"^(?:and|but|or|so|also|then|what about|how about|what if|ok|okay)\b|\b(?:then|tho|though|instead)\W*$",
    re.IGNORECASE,
)
_SUPPOSING = re.compile(r"^(?:and |but |so |ok )?what (?:about )?if\b", re.IGNORECASE)
_POINTERS = frozenset(
    ["it", "that", "this", "they", "them", "those", "these", "one", "he", "she", "there", "its", "their", "other"]
)
_MOST_WORDS = 9  # a longer message says what it is about
_MOST_SUPPOSED = 14  # "what if he has a plan and …" changes one fact of the question before it
_FEW = 2  # content words


def leans_on_context(text: str, names_a_topic: Callable[[str], bool]) -> bool:
    """Tell whether a message needs the topic before it to be understood.

    Args:
        text: The message, spelling mended.
        names_a_topic: Tells whether a text holds the name of an article.
    """
    words, content = plain_words(text), content_words(text)
    if words and len(words) <= _MOST_SUPPOSED and _SUPPOSING.search(text.strip()):
        return True
    if not words or len(words) > _MOST_WORDS or names_a_topic(text):
        return False
    if _OPENERS.search(text.strip()):
        return True
    points = not _POINTERS.isdisjoint(words)
    return (points and len(content) <= _FEW + 1) or len(content) <= 1
