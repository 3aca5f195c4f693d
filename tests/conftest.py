"""What several folders of tests share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions import wiring
from assistant.paths import build_folder
from knowledge.answering.answering import Answering
from tests.stack import Stack, ensure_built

# Run by the interpreter of Rasa's environment: tests/contract/test_rasa_environment.py.
collect_ignore = ["rasa"]


def _product(name: str) -> Path:
    folder = build_folder() / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not built: run 'send-assistant build'")
    return folder


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The exported encoder."""
    return _product("encoder")


@pytest.fixture(scope="session")
def knowledge_folder() -> Path:
    """The built index."""
    return _product("knowledge")


@pytest.fixture(scope="session")
def dialogue_folder() -> Path:
    """The trained dialogue model."""
    return _product("dialogue")


@pytest.fixture(scope="session")
def built_passages(knowledge_folder: Path) -> list[dict[str, Any]]:
    """The passages that are searched, as the build has written them."""
    return json.loads((knowledge_folder / "passages.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def real_answering(encoder_folder: Path, knowledge_folder: Path) -> Answering:
    """The pipeline that the action server serves; it keeps no state, so the tests can share it."""
    return wiring.answering()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole service, running; at the end it must stop and leave no process behind."""
    ensure_built()
    service = Stack(tmp_path_factory.mktemp("stack"))
    try:
        service.wait_ready()
        yield service
    finally:
        service.stop()
