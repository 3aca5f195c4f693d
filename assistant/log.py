"""Logging as an event name plus fields; never what a person wrote."""

import hashlib
import logging
import sys

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def hashed(conversation_id: str) -> str:
    """Return a short one-way name of a conversation that is safe to log (12 hex characters)."""
    return hashlib.sha256(b"log:" + conversation_id.encode()).hexdigest()[:12]


def event(logger: logging.Logger, name: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log one event.

    Args:
        logger: The module's logger.
        name: What happened, snake_case.
        level: A level of the logging module.
        **fields: Short values without anything a person typed; strings lose line breaks.
    """
    if logger.isEnabledFor(level):
        parts = [name, *(f"{key}={_flat(value)}" for key, value in fields.items())]
        logger.log(level, " ".join(parts))


def configure(level: str = "INFO") -> None:
    """Send all log lines to standard error, one event a line."""
    logging.basicConfig(level=level, format=_FORMAT, stream=sys.stderr, force=True)
    # httpx logs whole addresses at INFO, which hold conversation names; Authlib logs secrets of a sign-in at DEBUG;
    # Alembic logs its own set-up.
    for noisy in ("httpx", "httpcore", "httpx2", "httpcore2", "authlib", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _flat(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else " ".join(str(value).split())
