"""Making components, domains and messages the way Rasa itself does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "assistant" / "dialogue" / "domain"


def component(kind: type[GraphComponent], *, load: bool = False) -> GraphComponent:
    """Create a component for training, or load one for serving, through Rasa's graph interface."""
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        context = ExecutionContext(GraphSchema({}), node_name="node")
        make = kind.load if load else kind.create
        return make(kind.get_default_config(), storage, Resource("node"), context)


def message(text: str | None) -> Message:
    return Message({} if text is None else {TEXT: text})


def domain() -> Domain:
    return Domain.load(str(DOMAIN))


@contextmanager
def build_dir(folder: Path) -> Iterator[Path]:
    """Let the components find another build folder."""
    before = os.environ.get("ASSISTANT_BUILD_DIR")
    os.environ["ASSISTANT_BUILD_DIR"] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ["ASSISTANT_BUILD_DIR"]
        else:
            os.environ["ASSISTANT_BUILD_DIR"] = before
