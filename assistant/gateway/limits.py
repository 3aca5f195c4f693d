"""Request limits: token buckets in memory, by a name that cannot be turned back into an address."""

import hashlib
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

# Above this many names, those whose bucket is full again are forgotten.
_MANY = 10_000


@dataclass(frozen=True)
class Rate:
    """At most `count` requests in `seconds`, in a burst or spread."""

    count: int
    seconds: float


class Limiter:
    """Counts requests by name.

    Args:
        clock: Seconds from any fixed moment.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing counted and a fresh salt."""
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._buckets: dict[bytes, tuple[float, float, float]] = {}

    def wait(self, scope: str, who: str, rate: Rate) -> int:
        """Count one request.

        Args:
            scope: What is counted, such as `say`.
            who: An address or a conversation id; only a salted hash of it is held.
            rate: How many are allowed.

        Returns:
            0 if it is allowed, otherwise whole seconds until the next one is.
        """
        name = hashlib.blake2b(f"{scope}:{who}".encode(), key=self._salt, digest_size=12).digest()
        now, refill = self._clock(), rate.count / rate.seconds
        left, seen, _ = self._buckets.get(name, (float(rate.count), now, refill))
        left = min(rate.count, left + (now - seen) * refill)
        if left < 1:
            return max(1, math.ceil((1 - left) / refill))
        self._buckets[name] = (left - 1, now, now + (rate.count - left + 1) / refill)
        if len(self._buckets) > _MANY:
            self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        self._buckets = {name: bucket for name, bucket in self._buckets.items() if bucket[2] > now}
