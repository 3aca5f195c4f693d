"""The whole service for a measurement: own data folder, own port, no limits; and the gateway by itself."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.benchmark.process import Running, free_port, running
from assistant.paths import ROOT, build_folder

_START_SECONDS = 600.0


@contextlib.contextmanager
def whole_service(scratch: Path) -> Iterator[Running]:
    """Run the service as `send-assistant serve` does, with its data below an empty folder.

    Raises:
        NotStarted: It did not get ready.
    """
    port = free_port()
    with running(
        [sys.executable, "-m", "assistant.cli", "serve"],
        url=f"http://127.0.0.1:{port}",
        ready="/readyz",
        log=scratch / "service.log",
        environment=_environment(scratch / "data", port),
        cwd=ROOT,
        seconds=_START_SECONDS,
    ) as service:
        yield service


@contextlib.contextmanager
def gateway_alone(scratch: Path) -> Iterator[Running]:
    """Run the gateway in front of a stand-in for Rasa that always says the same at once.

    Raises:
        NotStarted: One of the two did not get ready.
    """
    port, stub_port = free_port(), free_port()
    stub = f"http://127.0.0.1:{stub_port}"
    parts = {"ASSISTANT_RASA_URL": stub, "ASSISTANT_ACTIONS_URL": stub, "ASSISTANT_INTERNAL_SECRET": "x" * 40}
    environment = {**_environment(scratch / "gateway-data", port), **parts}
    with (
        running(
            [sys.executable, "-m", "assistant.benchmark.stub", str(stub_port)],
            url=stub,
            ready="/health",
            log=scratch / "stub.log",
            environment=environment,
            cwd=ROOT,
            seconds=_START_SECONDS,
        ),
        running(
            [sys.executable, "-m", "assistant.gateway"],
            url=f"http://127.0.0.1:{port}",
            ready="/readyz",
            log=scratch / "gateway.log",
            environment=environment,
            cwd=ROOT,
            seconds=_START_SECONDS,
        ) as gateway,
    ):
        yield gateway


def _environment(data: Path, port: int) -> dict[str, str]:
    """Return the variables of a service of its own: what is set for another one must not change the figures."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    own = {"HOST": "127.0.0.1", "PORT": str(port), "ASSISTANT_DATA_DIR": str(data), "ASSISTANT_RATE_LIMIT": "off"}
    rasa = os.environ.get("ASSISTANT_RASA_PYTHON")
    return {
        **kept,
        **own,
        "ASSISTANT_BUILD_DIR": str(build_folder()),
        **({"ASSISTANT_RASA_PYTHON": rasa} if rasa else {}),
    }
