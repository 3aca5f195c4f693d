"""Where things lie. Everything made on the machine is below two folders: the build and the data."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build_folder() -> Path:
    """Return the folder of build products (`ASSISTANT_BUILD_DIR`, else `.build` beside the sources)."""
    return Path(os.environ.get("ASSISTANT_BUILD_DIR") or ROOT / ".build")
