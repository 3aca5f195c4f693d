"""Safeguarding: find messages that tell of danger, harm or despair, before anything else is done with them."""

from pathlib import Path

from nlu.safeguarding.detector import SafeguardingDetector, Thresholds
from nlu.safeguarding.kernel import KernelModel, train
from nlu.safeguarding.linear import Classifier, Encoder, LinearModel
from nlu.safeguarding.matching import PatternLayer
from nlu.safeguarding.rules import PATTERNS_DIR, load_rules
from nlu.safeguarding.verdict import Category, Kind, Verdict

__all__ = [
    "Category",
    "Classifier",
    "Encoder",
    "KernelModel",
    "Kind",
    "LinearModel",
    "PatternLayer",
    "SafeguardingDetector",
    "Thresholds",
    "Verdict",
    "load_patterns",
    "train",
]


def load_patterns(folder: Path = PATTERNS_DIR) -> PatternLayer:
    """Read and compile the rule files (about half a second).

    Raises:
        PatternError: A rule file cannot be used.
    """
    return PatternLayer(load_rules(folder))
