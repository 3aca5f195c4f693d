"""Step 4: Rasa's data check and training, in Rasa's own environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import yaml

from assistant.build.step import digest_of, read_manifest
from assistant.errors import ServiceError
from assistant.paths import ROOT, build_folder
from knowledge.loader import load_articles

PROJECT = ROOT / "assistant" / "dialogue"
_FROM_ARTICLES = 500  # wordings of the articles that join the examples of `ask`: enough to show its breadth
_OTHER_INTENTS = ("limits", "safeguarding")  # greetings, insults, "are you a robot": small talk has its own intents
_SECONDS = 600


class DialogueBuildFailed(ServiceError):
    """Rasa refused the data or could not train."""


def rasa_python() -> Path:
    """Return the interpreter of Rasa's environment (`ASSISTANT_RASA_PYTHON`, else `.venv-rasa`)."""
    return Path(os.environ.get("ASSISTANT_RASA_PYTHON") or ROOT / ".venv-rasa" / "bin" / "python")


def inputs() -> str:
    """Return a digest of everything that decides what the model looks like."""
    nlu = ROOT / "nlu"
    sources = [*PROJECT.rglob("*.yml"), *PROJECT.rglob("*.py"), *(nlu / "training").glob("*.yml"), *nlu.rglob("*.py")]
    pins = ROOT / "deploy" / "requirements" / "rasa.txt"
    products = [str(read_manifest(build_folder() / name).get("inputs")) for name in ("encoder", "terms")]
    return digest_of([Path(__file__), pins, *sources, *(nlu / "patterns").glob("*.yml")], *products)


def make(folder: Path) -> dict[str, object]:
    """Check the data, train, and put the model into a folder."""
    (folder / "data").mkdir()
    examples = examples_from_articles()
    (folder / "data" / "ask_from_articles.yml").write_text(examples, encoding="utf-8")
    data = [str(PROJECT / "data"), str(ROOT / "nlu" / "training"), str(folder / "data")]
    _rasa("assistant.dialogue.train", str(folder), *data)
    return {"model": digest_of([folder / "model.tar.gz"])}


def examples_from_articles() -> str:
    """Return examples of `ask` from the wordings of the articles, spread evenly and always the same."""
    articles = [article for article in load_articles().values() if article.topic not in _OTHER_INTENTS]
    wordings = {w for a in articles for group in a.questions for w in group.ask if len(w.split()) > 1}
    chosen = sorted(wordings, key=lambda w: hashlib.sha256(w.encode()).hexdigest())[:_FROM_ARTICLES]
    listed = "\n".join(f"- {wording}" for wording in sorted(chosen))
    return yaml.safe_dump({"version": "3.1", "nlu": [{"intent": "ask", "examples": listed}]}, width=1000)


def rasa_environment() -> dict[str, str]:
    """Return the environment of every Rasa process: quiet, offline, our packages on its path."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    secrets = {"ASSISTANT_ACTIONS_URL": "http://127.0.0.1:5055", "ASSISTANT_INTERNAL_SECRET": ""}
    own = {"ASSISTANT_BUILD_DIR": str(build_folder()), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return {**secrets, **os.environ, **quiet, **own, "CUDA_VISIBLE_DEVICES": "-1"}


def _rasa(*arguments: str) -> None:
    command = [str(rasa_python()), "-m", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=rasa_environment(), capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    shutil.rmtree(ROOT / ".rasa", ignore_errors=True)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
        raise DialogueBuildFailed(f"training the dialogue failed:\n{tail}")
