"""The whole service as `send-assistant serve` starts it, on a free port and with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil

from assistant.paths import ROOT, build_folder

START_SECONDS = 180.0
_LOOK_SECONDS = 0.1
# How each of the three processes is known by its command line.
_COMMANDS = {"rasa": ("rasa", "run"), "actions": ("actions.server",), "gateway": ("assistant.gateway",)}
# Where things lie on this machine; every other setting of the developer's own shell is left out.
_KEPT = ("ASSISTANT_BUILD_DIR", "ASSISTANT_RASA_PYTHON")


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 60.0) -> None:
    """Wait for a condition; an AssertionError names what did not come."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for: {what}"
        time.sleep(_LOOK_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ensure_built() -> None:
    """Build what is missing; a build that is there is taken as it is, since `make test` has just made it."""
    if not (build_folder() / "dialogue" / "model.tar.gz").exists():
        subprocess.run([sys.executable, "-m", "assistant.cli", "build"], cwd=ROOT, check=True, timeout=900)


class Stack:
    """A running service; every process of it is found by its data folder, which no other process has."""

    def __init__(self, folder: Path, *, port: int | None = None, **settings: str) -> None:
        """Start the service, without waiting for it.

        Args:
            folder: An empty folder for data and log.
            port: Where the gateway listens; a free one if not given.
            settings: More variables, `ASSISTANT_…`.
        """
        self.folder, self.port = folder, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        kept |= {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "ASSISTANT_DATA_DIR": str(folder / "data")}
        self._mark = str(folder / "data")
        self._client = httpx.Client(base_url=self.url, timeout=5, trust_env=False)
        with (folder / "service.log").open("w", encoding="utf-8") as log:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "assistant.cli", "serve"],
                cwd=ROOT,
                env={**kept, **own, "ASSISTANT_RATE_LIMIT": "off", **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self, lines: int = 40) -> str:
        """Return the end of what the service has printed."""
        text = (self.folder / "service.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait_ready(self, *, seconds: float = START_SECONDS) -> None:
        """Wait until every part says that it is ready."""
        try:
            wait_until(lambda: self._ended() or self.is_ready(), "200 of /readyz", seconds=seconds)
            assert not self._ended(), "the service ended while starting"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def is_ready(self) -> bool:
        """Tell whether `/readyz` answers 200."""
        return self.readiness() == 200

    def readiness(self) -> int:
        """Return the status of `/readyz`, 0 if nobody answers."""
        try:
            return self._client.get("/readyz").status_code
        except httpx.HTTPError:
            return 0

    def processes(self) -> list[psutil.Process]:
        """Return every living process that works in this data folder, whoever its parent is by now."""
        return [process for process in psutil.process_iter() if self._is_mine(process)]

    def process(self, name: str) -> psutil.Process:
        """Return the process of a part: `rasa`, `actions` or `gateway`."""
        found = [process for process in self.processes() if _runs(process, _COMMANDS[name])]
        assert found, f"{name} is not running:\n{self.log()}"
        return found[0]

    def listening(self, name: str) -> str:
        """Return the address on which a part listens."""
        found = [c.laddr for c in self.process(name).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert len(found) == 1, f"{name} listens on {found}"
        return f"http://{found[0].ip}:{found[0].port}"

    def kill(self, name: str) -> None:
        """Kill a part as the kernel would when memory runs out, and wait until it is gone."""
        doomed = self.process(name)
        doomed.kill()
        wait_until(lambda: not self._is_mine(doomed), f"the end of {name}")

    def wait_down(self) -> None:
        """Wait until the gateway has seen that a part is missing."""
        wait_until(lambda: self.readiness() == 503, "503 of /readyz")

    @contextlib.contextmanager
    def hanging(self, name: str) -> Iterator[None]:
        """Hold a part still, as a machine under load would, and let it go on afterwards."""
        held = self.process(name)
        held.suspend()
        try:
            yield
        finally:
            held.resume()
            self.wait_ready()

    def stop(self, *, seconds: float = 20.0) -> float:
        """Ask the service to stop and return how long that took; what is left of it is a failure.

        Raises:
            AssertionError: It did not stop, or left processes behind (these are killed).
        """
        self._client.close()
        before = time.monotonic()
        if not self._ended():
            self._supervisor.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(seconds)
        taken, left = time.monotonic() - before, self.processes()
        names = [" ".join(_command(process))[:120] for process in left]
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._supervisor.wait(seconds)
        assert not names, f"left behind: {names}\n{self.log()}"
        return taken

    def _ended(self) -> bool:
        return self._supervisor.poll() is not None

    def _is_mine(self, process: psutil.Process) -> bool:
        try:
            return bool(process.environ().get("ASSISTANT_DATA_DIR") == self._mark)
        except (psutil.Error, OSError):
            return False


def _runs(process: psutil.Process, words: tuple[str, ...]) -> bool:
    command = _command(process)
    return any(tuple(command[at : at + len(words)]) == words for at in range(len(command)))


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
