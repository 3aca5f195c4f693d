"""Plain English: length, sentences, reading grade, and short forms explained at first use."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import textstat
import yaml

from knowledge.check.problem import Problem, line_of
from knowledge.check.texts import Text, main_texts
from knowledge.model import Article

_NAMES = Path(__file__).parents[1] / "schema" / "official_names.yml"
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]{1,}[a-z]?\b")
_SENTENCE = re.compile(r"[^.!?:]+[.!?:]+")
STANDARD_WORDS, EASY_WORDS, EASY_SENTENCE, MEAN_SENTENCE = 110, 70, 12, 15
WORST = {"standard": 10.0, "easy": 6.5}


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text, official names counted as one short word."""
    return float(textstat.flesch_kincaid_grade(_without_names(text))) if text.strip() else 0.0


def check_reading(article: Article) -> Iterator[Problem]:
    """Yield what makes the two texts of an article hard to read."""
    for text in main_texts(article):
        if not text.pieces:
            yield _problem(article, text, "empty", f"the {text.name} text is empty")
            continue
        yield from _length(article, text)
        yield from _sentences(article, text)
        yield from _acronyms(article, text)
        if grade(text.plain) > WORST[text.name]:
            message = f"{text.name} grade {grade(text.plain):.1f} is above {WORST[text.name]}"
            yield _problem(article, text, "grade", message)


def _length(article: Article, text: Text) -> Iterator[Problem]:
    most = EASY_WORDS if text.name == "easy" else STANDARD_WORDS
    if text.words > most:
        yield _problem(article, text, "length", f"{text.name} has {text.words} words, at most {most}")


def _sentences(article: Article, text: Text) -> Iterator[Problem]:
    counts = [(len(s.split()), s.strip()) for s in _SENTENCE.findall(_protect(text.plain)) if s.strip(" .")]
    if not counts:
        return
    mean = sum(count for count, _ in counts) / len(counts)
    if mean > MEAN_SENTENCE:
        yield _problem(article, text, "sentences", f"{text.name}: {mean:.1f} words a sentence, at most 15")
    if text.name == "easy":
        for count, sentence in counts:
            if count > EASY_SENTENCE:
                yield _problem(article, text, "sentences", f"easy: {count} words in '{sentence}'")


def _acronyms(article: Article, text: Text) -> Iterator[Problem]:
    plain = _name_pattern().sub("", text.plain)
    for acronym in dict.fromkeys(_ACRONYM.findall(plain)):
        singular = acronym.rstrip("s") if acronym.endswith("s") else acronym
        if singular not in _known() and not _explained(singular, plain):
            yield _problem(article, text, "acronym", f"{text.name}: '{acronym}' is not explained at first use")


def _explained(acronym: str, text: str) -> bool:
    """Tell whether a short form stands beside its long form, or the text says what it means."""
    first = re.search(rf"\(?\b{re.escape(acronym)}s?\b(.{{0,30}})", text)
    if first is None or re.search(rf"\b{re.escape(acronym)} (?:means|stands for|is short for)\b", text):
        return True
    after = first.group(1).lstrip()
    openers = ("(", "plan (", "plans (", "team (", "teams (")
    return first.group().startswith("(") or after.startswith(openers)


def _problem(article: Article, text: Text, rule: str, message: str) -> Problem:
    needle = text.pieces[0][:40] if text.pieces else f"## {text.name.title()}"
    return Problem(article.path, line_of(article.path, needle), rule, message)


def _protect(text: str) -> str:
    """Keep full stops inside figures and web addresses from ending a sentence."""
    return re.sub(r"(?<=\w)[.:](?=\w)", "_", text)


def _without_names(text: str) -> str:
    return _name_pattern().sub("name", _protect(text))


@functools.cache
def _name_pattern() -> re.Pattern[str]:
    names = sorted(_read()["names"], key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(map(str, _read()["known"]))


@functools.cache
def _read() -> dict[str, list[str]]:
    content: dict[str, list[str]] = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    return content
