"""Ordered start, restart with back-off, and a stop within five seconds."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Sequence

import httpx

from assistant.errors import ServiceError
from assistant.supervisor.child import Child, Program

START_SECONDS = 180.0
_GRACE_SECONDS = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_CALM_SECONDS = 60.0  # after running this long a crash counts as the first again


class StartFailed(ServiceError):
    """A program ended or was not ready in time when the service started."""


class Supervisor:
    """Runs programs until told to stop; a crashed one is started again, the others go on."""

    def __init__(self, programs: Sequence[Program]) -> None:
        """Take the programs; `needs` gives their order."""
        self._programs = {program.name: program for program in programs}
        self._ready = {name: asyncio.Event() for name in self._programs}
        self._children: dict[str, Child] = {}
        self._stop = asyncio.Event()
        self._failed: str | None = None

    async def run(self, on_ready: Callable[[], str]) -> None:
        """Start everything, say `on_ready` when all is ready, and watch until a signal comes.

        Raises:
            StartFailed: One of the programs could not be started.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        async with httpx.AsyncClient(trust_env=False) as client:
            keepers = [asyncio.create_task(self._keep(program, client)) for program in self._programs.values()]
            announced = asyncio.create_task(self._announce(on_ready))
            await self._stop.wait()
            announced.cancel()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, announced, return_exceptions=True)
            await self._end_all()
        if self._failed:
            raise StartFailed(self._failed)

    async def _announce(self, text: Callable[[], str]) -> None:
        for event in self._ready.values():
            await event.wait()
        _say(text())

    async def _keep(self, program: Program, client: httpx.AsyncClient) -> None:
        """Start one program when what it needs is ready, and again whenever it ends."""
        for needed in program.needs:
            await self._ready[needed].wait()
        pause, first = _FIRST_PAUSE, True
        while True:
            started = time.monotonic()
            child = self._children[program.name] = await Child.start(program, first=first)
            first = False
            if await child.wait_ready(client, START_SECONDS):
                self._ready[program.name].set()
                _say(f"{program.name} is ready ({time.monotonic() - started:.1f} s)")
            elif not self._ready[program.name].is_set():
                self._give_up(program, child)
                return
            code = await child.wait()
            child.signal(signal.SIGKILL)  # what it may have left in its group
            pause = _FIRST_PAUSE if time.monotonic() - started > _CALM_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            _say(f"{program.name} ended with code {code}: starting it again in {pause:.0f} s")
            await asyncio.sleep(pause)

    def _give_up(self, program: Program, child: Child) -> None:
        why = "ended" if child.process.returncode is not None else f"was not ready within {START_SECONDS:.0f} s"
        self._failed = f"{program.name} {why} while starting: its lines above say why"
        self._stop.set()

    async def _end_all(self) -> None:
        children = [child for child in self._children.values() if child.process.returncode is None]
        for child in children:
            child.signal(signal.SIGTERM)
        if children:
            await asyncio.wait([asyncio.create_task(child.wait()) for child in children], timeout=_GRACE_SECONDS)
        for child in self._children.values():
            child.signal(signal.SIGKILL)
        await asyncio.gather(*(child.wait() for child in children))


def _say(text: str) -> None:
    sys.stdout.write(f"service  | {text}\n")
    sys.stdout.flush()
