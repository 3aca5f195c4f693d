"""Passwords: Argon2id, and a policy of length and of what attackers try first."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_LIST = Path(__file__).with_name("common_passwords.txt")
_TEXTS = Path(__file__).with_name("texts.yml")
# RFC 9106's second recommended set (64 MiB, 3 passes) is the library's default.
_HASHER = PasswordHasher()
_LEET = str.maketrans("013457@$!", "oieastasi")
_FEWEST_CHARACTERS = 5
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
_LONGEST_RUN = 7


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password; takes about a tenth of a second."""
    return _HASHER.hash(_normal(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Compare; without a hash it takes as long and says no, so that time does not tell who has an account."""
    try:
        return _HASHER.verify(password_hash or _decoy(), _normal(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def fault(password: str, *, email: str) -> str | None:
    """Return what is wrong with a new password.

    Args:
        password: As typed.
        email: Of the account.

    Returns:
        `too_short`, `too_long`, `like_email`, `too_simple`, `well_known` (keys of `passwords` in texts.yml), or None.
    """
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        return "too_short"
    if len(plain) > LONGEST:
        return "too_long"
    if plain == email.casefold() or _letters(email.partition("@")[0]) == _letters(plain) != "":
        return "like_email"
    if len(set(plain)) < _FEWEST_CHARACTERS or _is_run(plain):
        return "too_simple"
    return "well_known" if _is_common(plain) else None


def explained(key: str) -> str:
    """Return the sentence for what `fault` has found."""
    texts = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    sentence: str = texts["passwords"][key]
    return sentence


def _is_common(plain: str) -> bool:
    known = _common()
    # "P4ssw0rd2024!!" is "password" with trimmings; two words of the list in a row are no better.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    for tried in (plain, core, core.translate(_LEET), plain.translate(_LEET)):
        halves = (tried[: len(tried) // 2], tried[len(tried) // 2 :])
        if tried in known or all(half in known for half in halves):
            return True
    return False


def _is_run(plain: str) -> bool:
    """Tell whether a long piece is taken straight from the alphabet, the digits or the keyboard."""
    rows = [row for run in _RUNS for row in (run, run[::-1])]
    pieces = (plain[at : at + _LONGEST_RUN] for at in range(len(plain) - _LONGEST_RUN + 1))
    return any(piece in row for piece in pieces for row in rows)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def _normal(password: str) -> str:
    """Make one spelling of what different keyboards send for the same characters (RFC 8265)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def _decoy() -> str:
    return _HASHER.hash("a password that nobody has")
