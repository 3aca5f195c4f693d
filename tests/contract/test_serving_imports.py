"""PyTorch and its family stay out of every process that serves; a fresh interpreter tells."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assistant.build.dialogue import rasa_environment, rasa_python
from assistant.paths import ROOT, build_folder

HEAVY = ("torch", "sentence_transformers", "transformers", "onnx", "sklearn.linear_model")
GATEWAY = "import assistant.gateway.main"
ACTIONS = (
    "import actions.server; from actions.wiring import answering; from knowledge.answering.answer import Request; "
    "assert answering().answer(Request('what is an EHC plan')).text"
)
COMPONENTS = (
    "from tests.rasa.helpers import component, message; "
    "from nlu.components.glossary_matcher import GlossaryMatcher; "
    "from nlu.components.sentence_featurizer import SentenceFeaturizer; "
    "import assistant.dialogue.gateway_channel, assistant.dialogue.turn_store; "
    "[component(kind, load=True).process([message('an EHCP')]) for kind in (GlossaryMatcher, SentenceFeaturizer)]"
)


def loaded(python: str, code: str, environment: dict[str, str]) -> set[str]:
    """Return which of the heavy packages a fresh interpreter holds after some code."""
    told = f"import sys; {code}; print('HELD', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [python, "-c", told], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    [line] = [line for line in done.stdout.splitlines() if line.startswith("HELD")]
    return set(line.split()[1:])


@pytest.mark.usefixtures("encoder_folder", "knowledge_folder")
@pytest.mark.parametrize("code", [GATEWAY, ACTIONS], ids=["gateway", "actions"])
def test_no_serving_process_imports_them(code):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ASSISTANT_BUILD_DIR": str(build_folder())}
    assert loaded(sys.executable, code, environment) == set()


@pytest.mark.rasa
@pytest.mark.usefixtures("encoder_folder", "knowledge_folder")
def test_rasa_does_not_import_them_for_our_components():
    if not rasa_python().exists():
        pytest.skip(f"{rasa_python()} is missing: run 'make setup'")
    held = loaded(str(rasa_python()), COMPONENTS, rasa_environment())
    assert held - {"sklearn.linear_model"} == set()  # Rasa's own classifier needs that one


def test_the_test_itself_can_see_them():
    assert loaded(sys.executable, "import sklearn.linear_model", dict(os.environ)) == {"sklearn.linear_model"}
