"""Clients that talk, and how long each of their turns took."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Protocol

import httpx

_SECONDS = 60.0  # a turn that takes longer is an error


class Talk(Protocol):
    """One conversation with an assistant."""

    async def say(self, text: str) -> bool:
        """Take one turn; return whether there was a usable answer."""


Opener = Callable[[httpx.AsyncClient], Awaitable[Talk]]


@dataclasses.dataclass(frozen=True)
class Timing:
    """Turns by some clients at once. Times in milliseconds; `failed` turns had no usable answer."""

    clients: int
    turns: int
    failed: int
    p50_ms: float
    p95_ms: float
    turns_per_second: float


@dataclasses.dataclass(frozen=True)
class LongChat:
    """One conversation: the median time of its early and of its late turns, in milliseconds."""

    turns: int
    early_ms: float
    late_ms: float


class ChatTalk:
    """A conversation through the public chat API."""

    def __init__(self, client: httpx.AsyncClient, address: str, token: str) -> None:
        """Take a conversation that has begun; `address` is that of its messages."""
        self._client, self._address, self._headers = client, address, {"Authorization": f"Bearer {token}"}

    async def say(self, text: str) -> bool:
        """Take one turn; return whether there was a usable answer."""
        response = await self._client.post(self._address, json={"text": text}, headers=self._headers)
        if response.status_code != httpx.codes.OK:
            return False
        messages = response.json()["messages"]
        return any(message["status"] not in (None, "error_unavailable") for message in messages)


def chat_api(url: str) -> Opener:
    """Return what begins a conversation at the address of a gateway."""
    base = f"{url}/api/v1/conversations"

    async def begin(client: httpx.AsyncClient) -> Talk:
        made = (await client.post(base, json={})).raise_for_status().json()
        return ChatTalk(client, f"{base}/{made['conversation_id']}/messages", made["token"])

    return begin


async def drive(opener: Opener, questions: Sequence[str], *, clients: int, turns: int, per_chat: int = 10) -> Timing:
    """Take turns by some clients at once, each in conversations of `per_chat` turns, and time them.

    Args:
        opener: Begins a conversation; that is not part of the times.
        questions: Asked in order, over again when they run out.
        clients: How many talk at the same time.
        turns: How many turns in all.
        per_chat: After how many turns a client begins a new conversation.
    """
    waiting = itertools.islice(itertools.cycle(questions), turns)
    times: list[float] = []
    failed = 0

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal failed
        while own := list(itertools.islice(waiting, per_chat)):
            talk = await opener(client)
            for question in own:
                seconds, fine = await _timed(talk, question)
                times.append(seconds)
                failed += not fine

    async with _client(clients) as client:
        begun = time.perf_counter()
        await asyncio.gather(*(one(client) for _ in range(clients)))
        wall = time.perf_counter() - begun
    return timing(times, clients=clients, failed=failed, wall=wall)


async def one_long_chat(opener: Opener, questions: Sequence[str], *, turns: int = 200, window: int = 20) -> LongChat:
    """Hold one conversation and compare its first turns (without the very first) with its last."""
    async with _client(1) as client:
        talk = await opener(client)
        asked: Iterator[str] = itertools.islice(itertools.cycle(questions), turns)
        times = [(await _timed(talk, question))[0] for question in asked]
    early, late = times[1:window], times[-window:]
    return LongChat(turns, *(round(1000 * statistics.median(part), 1) for part in (early, late)))


def timing(times: Sequence[float], *, clients: int, failed: int, wall: float) -> Timing:
    """Return the figures of some turns; `times` and `wall` in seconds."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    middle, rate = statistics.median(ordered), len(ordered) / wall
    return Timing(clients, len(ordered), failed, round(1000 * middle, 1), round(1000 * p95, 1), round(rate, 1))


async def _timed(talk: Talk, question: str) -> tuple[float, bool]:
    begun = time.perf_counter()
    try:
        fine = await talk.say(question)
    except httpx.HTTPError:
        fine = False
    return time.perf_counter() - begun, fine


def _client(connections: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncClient(timeout=_SECONDS, limits=limits, trust_env=False)
