"""Writes the OpenAPI file that is committed: `python -m assistant.gateway.openapi`."""

import json
import tempfile
from pathlib import Path

from assistant.gateway.app import create_app
from assistant.settings import Settings

TARGET = Path(__file__).parents[2] / "docs" / "openapi.json"


def document() -> str:
    """Return the description of the interface as JSON text."""
    with tempfile.TemporaryDirectory() as folder:
        described = create_app(Settings(data_dir=Path(folder))).openapi()
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
