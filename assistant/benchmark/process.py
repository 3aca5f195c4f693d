"""A program under measurement: started, waited for, weighed and stopped with everything that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx
import psutil

from assistant.errors import ServiceError

_LOOK_SECONDS = 0.05
_STOP_SECONDS = 20.0


class NotStarted(ServiceError):
    """A program that was to be measured did not start; the text holds its last words."""


class Running:
    """A started program at an address; `start_seconds` is the time from the command until it was ready."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, start_seconds: float) -> None:
        """Take a program that answers."""
        self._process, self.url, self.start_seconds = process, url, start_seconds

    @property
    def memory_mb(self) -> float:
        """Resident memory of the program and all it has started, in megabytes; what they share counts for each."""
        return sum(_resident(process) for process in _family(self._process.pid)) / 1e6

    @property
    def processes(self) -> int:
        """How many processes it is."""
        return len(_family(self._process.pid))


@contextlib.contextmanager
def running(
    command: Sequence[str],
    *,
    url: str,
    ready: str,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    seconds: float,
) -> Iterator[Running]:
    """Run a program until the block ends.

    Args:
        command: Program and arguments.
        url: Where it is reached.
        ready: Path below `url` that answers 200 when it can serve.
        log: File for its output.
        environment: All its variables.
        cwd: Its working folder.
        seconds: How long to wait for it.

    Raises:
        NotStarted: It ended or was not ready in time.
    """
    begun = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, f"{url}{ready}", log, begun + seconds)
        yield Running(process, url, time.perf_counter() - begun)
    finally:
        _stop(process)


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str, log: Path, until: float) -> None:
    with httpx.Client(trust_env=False, timeout=2.0) as client:
        while not _answers(client, address):
            if process.poll() is not None or time.perf_counter() > until:
                tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
                raise NotStarted("\n".join([f"not ready at {address}:", *tail]))
            time.sleep(_LOOK_SECONDS)


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(address).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the program to stop; whatever of its family is left afterwards is killed."""
    family = _family(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    _, left = psutil.wait_procs(family, timeout=_STOP_SECONDS)
    for child in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    process.wait(_STOP_SECONDS)


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
