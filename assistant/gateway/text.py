"""What a typed message may contain."""

import unicodedata

MAX_LENGTH = 500
_JOINER = "\u200d"
_KEPT_BREAKS = "\n"
# Other (control, format, surrogate, private use): invisible, direction-changing or not text at all.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co"})
_EMOJI_PARTS = frozenset({"So", "Sk"})
_VARIATION = "\ufe0f"


def clean(text: str) -> str:
    r"""Return the text in NFC without control, invisible and direction marks, trimmed.

    The zero-width joiner stays between the parts of one emoji; line breaks stay, other white space
    becomes a space. Doing it twice changes nothing more.

    >>> clean("  caf\u0065\u0301\x00\u202e ")
    'café'
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    kept = "".join(char for place, char in enumerate(composed) if _allowed(composed, place, char))
    # What was taken out may have kept a letter from its accent.
    return unicodedata.normalize("NFC", kept).strip()


def for_dialogue(text: str) -> str:
    """Return the text as Rasa may see it: a leading slash would be read there as a command.

    A text with nothing left becomes "?", which is unclear and answered as such.
    """
    return text.lstrip("/ \n\u3000\u00a0") or "?"


def _allowed(text: str, place: int, char: str) -> bool:
    if char == _JOINER:
        return _is_emoji(text, place - 1) and _is_emoji(text, place + 1)
    return char in _KEPT_BREAKS or unicodedata.category(char) not in _REFUSED


def _is_emoji(text: str, place: int) -> bool:
    if not 0 <= place < len(text):
        return False
    return text[place] == _VARIATION or unicodedata.category(text[place]) in _EMOJI_PARTS
