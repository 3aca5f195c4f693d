"""Rule files of the pattern layer, read once and checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.phrases import Normaliser, PatternError, Token, compile_pattern, words_of
from nlu.safeguarding.verdict import Category

PATTERNS_DIR = Path(__file__).resolve().parents[1] / "patterns" / "safeguarding"
_SHARED = ("lexicon", "spelling", "idioms", "frames", "voice")
_RULE_KEYS = {"id", "strength", "negation", "any", "unless"}


@dataclass(frozen=True)
class Rule:
    """One named rule: any of its patterns speaks, unless one of the exceptions does.

    Attributes:
        name: Category and id, shown as the reason.
        category: What a match means.
        certain: True if one match is enough; a hint needs a second voice.
        negatable: False if the patterns hold the word "not" themselves.
        patterns: Token patterns that speak.
        unless: Token patterns that silence the rule for the whole message.
    """

    name: str
    category: Category
    certain: bool
    negatable: bool
    patterns: tuple[list[Token], ...]
    unless: tuple[list[Token], ...]


@dataclass(frozen=True)
class RuleSet:
    """Everything the pattern layer reads from its files."""

    rules: tuple[Rule, ...]
    idioms: tuple[list[Token], ...]
    frames: dict[Category, tuple[list[Token], ...]]
    voices: dict[str, tuple[list[Token], ...]]
    normaliser: Normaliser


def load_rules(folder: Path = PATTERNS_DIR) -> RuleSet:
    """Read the rule files of a folder.

    Raises:
        PatternError: A file has a key, a class or a pattern that cannot be used.
    """
    shared = {name: _read(folder / f"{name}.yml") for name in _SHARED}
    classes = {name: [str(word) for word in words] for name, words in shared["lexicon"]["classes"].items()}
    files = [_read(path) for path in sorted(folder.glob("*.yml")) if path.stem not in _SHARED]
    rules = tuple(_rule(file["category"], raw, classes) for file in files for raw in file["rules"])
    idioms = _compiled(shared["idioms"]["idioms"], classes)
    frames = _frames(shared["frames"], classes)
    voices = {name: _compiled(shared["voice"][name], classes) for name in ("adult", "child", "continues")}
    known = [*idioms, *(pattern for rule in rules for pattern in (*rule.patterns, *rule.unless))]
    known += [pattern for group in (*frames.values(), *voices.values()) for pattern in group]
    return RuleSet(rules, idioms, frames, voices, _normaliser(shared["spelling"], known))


def _read(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise PatternError(f"{path.name} must be a mapping")
    return content


def _rule(category: str, raw: dict[str, Any], classes: dict[str, list[str]]) -> Rule:
    unknown = set(raw) - _RULE_KEYS
    if unknown:
        raise PatternError(f"rule {raw.get('id')} has unknown keys {sorted(unknown)}")
    return Rule(
        name=f"{category}.{raw['id']}",
        category=Category(category),
        certain=raw.get("strength", "certain") == "certain",
        negatable=raw.get("negation", "checked") == "checked",
        patterns=_compiled(raw["any"], classes),
        unless=_compiled(raw.get("unless", []), classes),
    )


def _compiled(lines: Iterable[object], classes: dict[str, list[str]]) -> tuple[list[Token], ...]:
    return tuple(pattern for line in lines for pattern in compile_pattern(str(line), classes))


def _frames(raw: dict[str, Any], classes: dict[str, list[str]]) -> dict[Category, tuple[list[Token], ...]]:
    """The question frames with each category's topic words put in, and the questions that name it otherwise."""
    frames = {Category(name): _compiled(lines, classes) for name, lines in raw["questions"].items()}
    for name, words in raw["topics"].items():
        filled = _compiled(raw["frames"], {**classes, "topic": [str(word) for word in words]})
        frames[Category(name)] = frames.get(Category(name), ()) + filled
    return frames


def _normaliser(raw: dict[str, Any], known: Iterable[list[Token]]) -> Normaliser:
    words = {str(key): str(value) for key, value in raw["words"].items()}
    phrases = {str(key): str(value) for key, value in raw["phrases"].items()}
    emoji = {str(key): str(value) for key, value in raw["emoji"].items()}
    vocabulary = {word for pattern in known for word in words_of(pattern)}
    vocabulary.update(word for value in (*words.values(), *phrases.values()) for word in value.split())
    return Normaliser(words=words, phrases=phrases, emoji=emoji, vocabulary=frozenset(vocabulary))
