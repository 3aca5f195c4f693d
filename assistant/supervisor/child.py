"""One process under watch: start it, pass its words on, tell when it is ready, stop it with all it has started."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import dataclasses
import os
import signal
import sys
from collections.abc import Mapping, Sequence

import httpx

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, <sys/prctl.h>
_LOOK_SECONDS = 0.1


@dataclasses.dataclass(frozen=True)
class Program:
    """What to run: `ready` is an address that answers 200 when it can serve; `needs` must be ready before it.

    `first` are arguments for the first start alone.
    """

    name: str
    command: Sequence[str]
    ready: str
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    needs: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


class Child:
    """A running program. Its whole process group is stopped, so that nothing it started is left behind."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        """Take a started process."""
        self.program = program
        self.process = process
        self._talk = asyncio.create_task(self._pass_on())

    @classmethod
    async def start(cls, program: Program, *, first: bool = False) -> Child:
        """Start a program in a group of its own; `first` if it has not run before."""
        process = await asyncio.create_subprocess_exec(
            *program.command,
            *(program.first if first else ()),
            env={**os.environ, **program.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        return cls(program, process)

    async def wait_ready(self, client: httpx.AsyncClient, seconds: float) -> bool:
        """Return True as soon as it is ready, False if it ended or took too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.process.returncode is None:
                    if await _answers(client, self.program.ready):
                        return True
                    await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def wait(self) -> int:
        """Return the exit code when it ends, after its last words."""
        # `process.wait()` waits for the output to close too, and what a crashed program has started holds that open.
        while (code := self.process.returncode) is None:
            await asyncio.sleep(_LOOK_SECONDS)
        await asyncio.wait({self._talk}, timeout=1)
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; a group that is gone is no error."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    async def _pass_on(self) -> None:
        stream = self.process.stdout
        while stream is not None and (line := await _line(stream)):
            text = line.decode(errors="replace").rstrip()
            sys.stdout.write(f"{self.program.name:<8} | {text}\n")
            sys.stdout.flush()


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the buffer: what was read of it is dropped
        return b"(a very long line was left out)\n"


async def _answers(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(address, timeout=1)).status_code == 200
    except httpx.HTTPError:
        return False


def _die_with_parent() -> None:
    """Ask Linux to stop this process if the supervisor itself is killed; elsewhere there is no such call."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)
