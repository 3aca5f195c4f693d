"""The gateway is killed again and again while families ask for a person: nothing acknowledged is lost, nothing doubled.

`CRASH_HANDOVERS=200` runs it at full length.
"""

from __future__ import annotations

import contextlib
import os
import queue
import random
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from assistant.paths import ROOT
from assistant.settings import Settings
from assistant.storage.desk_records import Wanted
from assistant.storage.storage import Storage
from assistant.storage.tables import messages, outbox
from tests.stack import free_port, wait_until

pytestmark = pytest.mark.timeout(900)
HANDOVERS = int(os.environ.get("CRASH_HANDOVERS", "40"))
# So many hand-overs lie between two kills on average.
_BETWEEN = 6
_FAMILIES = 4
# A second on an idle machine, and three more for the first start.
_START_SECONDS = 180.0
_FORM = {"preferred_contact": "chat", "summary": "Please help", "share_transcript": True, "consent": True}


class Gateway:
    """The gateway alone, as a process of its own; hand-overs need no dialogue."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._log = (folder / "gateway.log").open("ab")
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "ASSISTANT_DATA_DIR": str(folder),
            "ASSISTANT_INTERNAL_SECRET": "for this test",
            "ASSISTANT_RATE_LIMIT": "off",
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.gateway_forker"],
            cwd=ROOT,
            env=others | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def start(self) -> None:
        self._tell("start")
        wait_until(self._answers, "the gateway", seconds=_START_SECONDS)

    def kill(self) -> None:
        self._tell("kill")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.kill()
        self._forker.communicate(timeout=30)
        self._log.close()

    def _tell(self, word: str) -> None:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{word}\n")
        self._forker.stdin.flush()
        assert self._forker.stdout.readline() == f"{word} done\n"

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz", timeout=2, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@dataclass
class Families:
    """Several families at once, each trying again until it is answered, as the widget does."""

    url: str
    waiting: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    acknowledged: dict[str, str] = field(default_factory=dict)
    retried: int = 0

    def run(self) -> None:
        with httpx.Client(timeout=10, trust_env=False) as client:
            while True:
                try:
                    self.waiting.get_nowait()
                except queue.Empty:
                    return
                self._ask(client)

    def _ask(self, client: httpx.Client) -> None:
        begun = self._until_answered(client, f"{self.url}/conversations", {}, {})
        address = f"{self.url}/conversations/{begun['conversation_id']}"
        headers = {"Authorization": f"Bearer {begun['token']}"}
        reference = self._until_answered(client, f"{address}/handover", _FORM, headers)["reference"]
        said = {"text": "Are you there?", "client_message_id": str(uuid.uuid4())}
        self._until_answered(client, f"{address}/messages", said, headers)
        self.acknowledged[begun["conversation_id"]] = reference

    def _until_answered(
        self, client: httpx.Client, address: str, body: dict[str, object], headers: dict[str, str]
    ) -> dict[str, str]:
        pause = threading.Event()
        for _ in range(1800):
            try:
                response = client.post(address, json=body, headers=headers)
                if response.is_success:
                    answer: dict[str, str] = response.json()
                    return answer
                assert response.status_code >= 500, response.text
            except httpx.HTTPError:
                self.retried += 1
            pause.wait(0.1)
        raise AssertionError(f"no answer from {address}")


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    made = Gateway(tmp_path)
    yield made
    made.close()


def test_killed_again_and_again_nothing_acknowledged_is_lost_and_nothing_doubled(
    gateway: Gateway, tmp_path: Path
) -> None:
    gateway.start()
    families = Families(f"{gateway.address}/api/v1")
    for number in range(HANDOVERS):
        families.waiting.put(number)
    workers = [threading.Thread(target=families.run, daemon=True) for _ in range(_FAMILIES)]
    for worker in workers:
        worker.start()
    kills = _kill_now_and_then(gateway, families, workers)
    assert kills >= HANDOVERS // (2 * _BETWEEN)
    assert families.retried > 0
    gateway.kill()
    gateway.start()
    _check(tmp_path, families.acknowledged)


def _kill_now_and_then(gateway: Gateway, families: Families, workers: list[threading.Thread]) -> int:
    dice, pause, kills = random.Random(7), threading.Event(), 0

    def working() -> bool:
        return any(worker.is_alive() for worker in workers)

    while working():
        enough = len(families.acknowledged) + dice.randrange(1, 2 * _BETWEEN)

        def is_enough(enough: int = enough) -> bool:
            return len(families.acknowledged) >= enough or not working()

        wait_until(is_enough, "more hand-overs", seconds=180)
        if working():
            # A moment that no part of the program has chosen.
            pause.wait(dice.random() / 20)
            gateway.kill()
            kills += 1
            gateway.start()
    return kills


def _check(folder: Path, acknowledged: dict[str, str]) -> None:
    storage = Storage(Settings(data_dir=folder))
    storage.open()
    stored = {one.conversation_id: one.reference for one in storage.queue.all(Wanted())}
    assert len(acknowledged) == HANDOVERS
    assert stored == acknowledged
    assert len(storage.queue.all(Wanted())) == HANDOVERS
    kept = sa.select(messages.c.conversation_id, messages.c.sender, messages.c.status)
    with storage.database.read() as connection:
        notices = connection.execute(sa.select(outbox).where(outbox.c.kind == "handover")).all()
        said = Counter(tuple(row) for row in connection.execute(kept))
    storage.close()
    assert Counter(notice.payload["reference"] for notice in notices) == Counter(acknowledged.values())
    for conversation_id in acknowledged:
        assert said[conversation_id, "user", None] == 1
        # The confirmation, and once the note that the assistant is silent.
        assert said[conversation_id, "system", "handover_done"] == 2
