"""A small language of word patterns: rule files that people can read, matched by spaCy over plain tokens."""

from nlu.phrases.gated import GatedMatcher
from nlu.phrases.language import PatternError, Token, anchor, compile_pattern, words_of
from nlu.phrases.normalise import BOUNDARY, Normaliser
from nlu.phrases.rules import Hit, PhraseRules, Sentence

__all__ = [
    "BOUNDARY",
    "GatedMatcher",
    "Hit",
    "Normaliser",
    "PatternError",
    "PhraseRules",
    "Sentence",
    "Token",
    "anchor",
    "compile_pattern",
    "words_of",
]
