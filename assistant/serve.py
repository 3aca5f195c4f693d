"""`send-assistant serve`: the three processes with their addresses and the secret they share."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
import time
from pathlib import Path

from assistant.build.dialogue import PROJECT, rasa_environment, rasa_python
from assistant.errors import ServiceError
from assistant.paths import build_folder
from assistant.settings import Settings
from assistant.supervisor.child import Program
from assistant.supervisor.supervisor import Supervisor


class PortTaken(ServiceError):
    """Another program listens where the gateway should."""


class NotBuilt(ServiceError):
    """A build product is missing."""


def serve(settings: Settings, *, started: float | None = None) -> None:
    """Run the service in the foreground until Ctrl-C or SIGTERM.

    Raises:
        PortTaken: The gateway's port is in use.
        NotBuilt: The dialogue model or Rasa's environment is missing.
        StartFailed: A process ended while starting.
    """
    _must_be_free(settings)
    model = build_folder() / "dialogue" / "model.tar.gz"
    for path, remedy in ((model, "send-assistant build"), (rasa_python(), "make setup")):
        if not path.exists():
            raise NotBuilt(f"{path} is missing: run '{remedy}'")
    begun = time.monotonic() if started is None else started
    address = f"http://{settings.host}:{settings.port}/"
    supervisor = Supervisor(programs(settings, model))
    asyncio.run(supervisor.run(lambda: f"ready after {time.monotonic() - begun:.1f} s: open {address}"))


def programs(settings: Settings, model: Path) -> list[Program]:
    """Return the three programs; the gateway opens when Rasa and the action server are ready."""
    rasa_port, actions_port = _free_port(), _free_port()
    shared = {
        "ASSISTANT_INTERNAL_SECRET": settings.internal_secret.value or secrets.token_urlsafe(32),
        "ASSISTANT_RASA_URL": f"http://127.0.0.1:{rasa_port}",
        "ASSISTANT_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
        "ASSISTANT_BUILD_DIR": str(build_folder()),
        "PYTHONUNBUFFERED": "1",
    }
    return [
        Program(
            "actions",
            [sys.executable, "-m", "actions.server"],
            f"http://127.0.0.1:{actions_port}/health",
            {**shared, "ASSISTANT_ACTIONS_PORT": str(actions_port)},
        ),
        Program(
            "rasa",
            rasa_command(rasa_port, model),
            f"http://127.0.0.1:{rasa_port}/webhooks/gateway/",
            {**rasa_environment(), **shared},
        ),
        Program(
            "gateway",
            [sys.executable, "-m", "assistant.gateway"],
            f"http://{_reachable(settings.host)}:{settings.port}/healthz",
            shared,
            # It loads beside the others and opens its port when they are ready. After a crash it does not wait: it
            # answers safeguarding messages and gives contacts whatever else is down.
            first=(
                "--after",
                f"http://127.0.0.1:{actions_port}/health",
                f"http://127.0.0.1:{rasa_port}/webhooks/gateway/",
            ),
        ),
    ]


def rasa_command(port: int, model: Path) -> list[str]:
    """Return the command of the Rasa server: on loopback, without its own HTTP API, with our channel only."""
    files = ["--endpoints", str(PROJECT / "endpoints.yml"), "--credentials", str(PROJECT / "credentials.yml")]
    return [str(rasa_python()), "-m", "rasa", "run", "-m", str(model), *files, "-i", "127.0.0.1", "-p", str(port)]


def _must_be_free(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"port {settings.port} on {settings.host} is taken ({error.strerror}): stop the other program, "
                f"or choose another port: PORT={settings.port + 1} make run"
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
