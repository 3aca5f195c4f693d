"""Counts and durations for Prometheus; labels come from closed lists only."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        """Register the figures apart from any other application of the process."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "assistant_requests", "HTTP requests", ["method", "route", "code"], registry=self.registry
        )
        self._seconds = Histogram(
            "assistant_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._replies = Counter("assistant_replies", "Replies by status", ["status"], registry=self.registry)
        self._events = Counter(
            "assistant_events",
            "Conversations begun and deleted, hand-overs, feedback",
            ["event"],
            registry=self.registry,
        )

    def request(self, method: str, route: str, code: int, seconds: float) -> None:
        """Count a request; `route` is the template, never the address as sent."""
        self._requests.labels(method, route, str(code)).inc()
        self._seconds.labels(route).observe(seconds)

    def reply(self, status: str) -> None:
        """Count a reply by its status."""
        self._replies.labels(status).inc()

    def event(self, name: str) -> None:
        """Count something that happened; `name` is a word of this code."""
        self._events.labels(name).inc()

    def page(self) -> bytes:
        """Return the figures as Prometheus text."""
        return generate_latest(self.registry)
