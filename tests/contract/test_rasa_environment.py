"""What runs inside Rasa, tested by the interpreter of its own environment."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.build.dialogue import rasa_environment, rasa_python
from assistant.paths import ROOT

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(300)]


def rasa(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a module in Rasa's environment; what it caches lands in `home`."""
    if not rasa_python().exists():
        pytest.skip(f"{rasa_python()} is missing: run 'make setup'")
    environment = {**rasa_environment(), "HOME": str(home)}
    command = [str(rasa_python()), "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)


def test_components_channel_state_and_domain(tmp_path, encoder_folder, knowledge_folder):
    done = rasa("unittest", "discover", "-s", "tests/rasa", "-t", ".", home=tmp_path)
    assert done.returncode == 0, done.stderr[-8000:]
    ran = int(done.stderr.rpartition("Ran ")[2].split()[0])
    assert ran >= len(list((ROOT / "tests" / "rasa").glob("test_*.py")))


def test_every_story_is_predicted_as_written(tmp_path, dialogue_folder):
    model, out = str(dialogue_folder / "model.tar.gz"), str(tmp_path / "out")
    done = rasa(
        *("rasa", "test", "core", "--stories", "tests/dialogue", "-m", model, "--out", out),
        *("--fail-on-prediction-errors", "--no-plot"),
        home=tmp_path,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    report = (Path(out) / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "None of the test stories failed" in report


@pytest.fixture(autouse=True)
def _tidy():
    """Rasa leaves an empty folder of its own in the working directory."""
    before = (ROOT / ".rasa").exists()
    yield
    if not before:
        shutil.rmtree(ROOT / ".rasa", ignore_errors=True)
