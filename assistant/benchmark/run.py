"""All measurements of one run, in order; the whole is what `.build/bench/` keeps and `docs/benchmarks.md` shows."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.benchmark import peer
from assistant.benchmark.load import LongChat, Opener, Timing, chat_api, drive, one_long_chat
from assistant.benchmark.machine import Machine, this_machine
from assistant.benchmark.parts import PartTimes, time_parts
from assistant.benchmark.process import Running
from assistant.benchmark.service import gateway_alone, whole_service
from assistant.evaluation.offline import load
from assistant.paths import build_folder

Tell = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is asked: turns to warm up, by one client, by many clients at once, in one long conversation."""

    warm: int = 40
    single: int = 300
    many: int = 600
    clients: int = 16
    long: int = 200


@dataclasses.dataclass(frozen=True)
class Side:
    """One assistant under load. Start in seconds with warm files; memory in megabytes, all processes together."""

    start_seconds: float
    processes: int
    memory_start_mb: float
    memory_end_mb: float
    one_client: Timing
    many_clients: Timing
    long_chat: LongChat


@dataclasses.dataclass(frozen=True)
class Report:
    """One run; `peer` is None where no stock bot was given."""

    machine: Machine
    service: Side
    gateway: Timing
    parts: PartTimes
    peer: Side | None


def bench(questions: Sequence[str], *, tell: Tell, peer_source: Path | None = None, size: Size | None = None) -> Report:
    """Measure everything, one after the other, so that nothing competes for the cores.

    Args:
        questions: What is asked, the same of both sides.
        tell: Told of each part before it begins.
        peer_source: Folder of the stock bot's scripts.
        size: How much is asked; the default takes some two minutes a side.

    Raises:
        NotStarted: A program did not get ready.
        PeerUnusable: The stock bot cannot be made.
        IndexOutOfDate: The build is missing or stale.
    """
    amount, machine = size or Size(), this_machine()
    bot = None
    if peer_source is not None:
        tell("stock bot: made and trained where it is not there yet (minutes)")
        bot = peer.prepare(peer_source)
    with tempfile.TemporaryDirectory(prefix="send-assistant-bench-") as folder:
        scratch = Path(folder)
        tell("parts: encoder and retrieval")
        parts = time_parts(load(build_folder()), questions[:100])
        tell("gateway without Rasa")
        with gateway_alone(scratch) as alone:
            gateway = asyncio.run(_warm_then(chat_api(alone.url), questions, amount))
        tell("service: started once to warm up")
        with whole_service(scratch):
            pass
        tell("service: started again, under load")
        with whole_service(scratch) as service:
            ours = measure(service, chat_api(service.url), questions, amount)
        theirs = _peer_side(bot, scratch, questions, amount, tell) if bot else None
    return Report(machine, ours, gateway, parts, theirs)


def measure(program: Running, opener: Opener, questions: Sequence[str], size: Size) -> Side:
    """Return what one started assistant does under load."""
    before = program.memory_mb
    one = asyncio.run(_warm_then(opener, questions, size))
    many = asyncio.run(drive(opener, questions, clients=size.clients, turns=size.many))
    long = asyncio.run(one_long_chat(opener, questions, turns=size.long))
    return Side(
        start_seconds=round(program.start_seconds, 1),
        processes=program.processes,
        memory_start_mb=round(before),
        memory_end_mb=round(program.memory_mb),
        one_client=one,
        many_clients=many,
        long_chat=long,
    )


def _peer_side(bot: Path, scratch: Path, questions: Sequence[str], size: Size, tell: Tell) -> Side:
    tell("stock bot: started once to warm up")
    with peer.served(bot, scratch):
        pass
    tell("stock bot: started again, under load")
    with peer.served(bot, scratch) as server:
        return measure(server, peer.rest_channel(server.url), questions, size)


async def _warm_then(opener: Opener, questions: Sequence[str], size: Size) -> Timing:
    await drive(opener, questions, clients=1, turns=size.warm)
    return await drive(opener, questions, clients=1, turns=size.single)
