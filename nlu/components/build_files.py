"""Where the components find what the build has made, and how Rasa's training cache learns that it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nlu.paths import ROOT, build_folder

__all__ = ["ROOT", "build_folder", "digest"]


def digest(*paths: Path) -> str:
    """Return one digest of some files. Rasa's cache sees only a component's own source, not these."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()
