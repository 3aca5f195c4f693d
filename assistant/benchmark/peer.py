"""A stock Rasa bot beside ours: made and trained from the peer's own scripts, run and asked over its REST channel."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml

from assistant.benchmark.load import Opener, Talk
from assistant.benchmark.process import Running, free_port, running
from assistant.build.dialogue import rasa_environment, rasa_python
from assistant.errors import ServiceError
from assistant.paths import build_folder

_SECONDS = {"make": 60, "train": 1500, "start": 600.0}
_TEXT = Path("..") / "facts" / "medway-send-strategy-2022-25.txt"  # where the peer's own script looks for it
_ARTICLES = Path(__file__).with_name("peer_articles.yml")


class PeerUnusable(ServiceError):
    """The stock bot could not be made, trained or asked."""


def prepare(source: Path) -> Path:
    """Return the folder of the trained bot, below the build folder; training takes minutes and is done once.

    Args:
        source: Folder with the peer's `make_project.py`; the strategy's text lies beside it.

    Raises:
        PeerUnusable: A script is missing or failed.
    """
    script, text = source / "make_project.py", source / _TEXT
    for path in (script, text):
        if not path.is_file():
            raise PeerUnusable(f"{path} is missing: give the folder of the stock bot, or leave --peer out")
    digest = hashlib.sha256(script.read_bytes() + text.read_bytes()).hexdigest()[:12]
    bot = build_folder() / "peer" / digest / "bot_full"
    if not (bot / "models" / "model.tar.gz").is_file():
        bot.parent.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, str(script.resolve()), str(text.resolve()), str(bot.parent)], bot.parent, "make")
        train = [str(rasa_python()), "-m", "rasa", "train", "--fixed-model-name", "model", "--force"]
        _run(train, bot, "train")
    return bot


@contextlib.contextmanager
def served(bot: Path, scratch: Path) -> Iterator[Running]:
    """Run the trained bot as its documentation says: one server, conversations in SQLite.

    Raises:
        NotStarted: It did not get ready.
    """
    port = free_port()
    for old in bot.glob("tracker.db*"):
        old.unlink()
    files = ["--endpoints", "endpoints_sqlite.yml", "--credentials", "credentials.yml"]
    address = ["-i", "127.0.0.1", "-p", str(port)]
    command = [str(rasa_python()), "-m", "rasa", "run", "-m", "models/model.tar.gz", "--enable-api", *files, *address]
    with running(
        command,
        url=f"http://127.0.0.1:{port}",
        ready="/status",
        log=scratch / "peer.log",
        environment=rasa_environment(),
        cwd=bot,
        seconds=_SECONDS["start"],
    ) as server:
        yield server


def rest_channel(url: str) -> Opener:
    """Return what begins a conversation over Rasa's REST channel."""

    async def begin(client: httpx.AsyncClient) -> Talk:
        return _RestTalk(client, f"{url}/webhooks/rest/webhook", f"bench-{time.perf_counter_ns()}")

    return begin


def predict(client: httpx.Client, url: str, text: str) -> str | None:
    """Return the key of the answer that the bot would give ("faq/ehcp"), None if it gives none.

    Raises:
        PeerUnusable: It cannot be asked.
    """
    try:
        parsed = client.post(f"{url}/model/parse", json={"text": text}).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise PeerUnusable(f"the stock bot does not answer: {error}") from error
    return answer_key(parsed)


def answer_key(parsed: Mapping[str, Any]) -> str | None:
    """Return the key of the answer from what Rasa's parser says; small talk and its fallback are no answer."""
    intent = parsed["intent"]["name"]
    chosen = parsed.get("response_selector", {}).get("default", {}).get("response", {}).get("intent_response_key")
    return str(chosen) if intent in {key.split("/")[0] for key in articles()} and chosen else None


@functools.cache
def articles() -> dict[str, list[str]]:
    """Return which articles of ours each answer of the bot corresponds to."""
    found: dict[str, list[str]] = yaml.safe_load(_ARTICLES.read_text(encoding="utf-8"))
    return found


class _RestTalk:
    def __init__(self, client: httpx.AsyncClient, address: str, sender: str) -> None:
        self._client, self._address, self._sender = client, address, sender

    async def say(self, text: str) -> bool:
        response = await self._client.post(self._address, json={"sender": self._sender, "message": text})
        return response.status_code == httpx.codes.OK and bool(response.json())


def _run(command: list[str], folder: Path, step: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=rasa_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS[step],
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerUnusable(f"the stock bot could not be made ({step}): {error}") from error
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise PeerUnusable(f"the stock bot could not be made ({step}):\n{tail}")
