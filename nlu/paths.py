"""Where the build products lie: one answer for all processes and both environments."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build_folder() -> Path:
    """Return the folder of build products (`ASSISTANT_BUILD_DIR`, else `.build` beside the sources)."""
    return Path(os.environ.get("ASSISTANT_BUILD_DIR") or ROOT / ".build")
