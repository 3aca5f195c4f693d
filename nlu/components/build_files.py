"""Where the components find what the build has made, and how Rasa's training cache learns that it changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build_folder() -> Path:
    """Return the folder of build products (`ASSISTANT_BUILD_DIR`, else `.build` beside the sources)."""
    return Path(os.environ.get("ASSISTANT_BUILD_DIR") or ROOT / ".build")


def digest(*paths: Path) -> str:
    """Return one digest of some files. Rasa's cache sees only a component's own source, not these."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()
