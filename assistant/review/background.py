"""Telling a script of an open page, which looks again by itself, from somebody who is there."""

from starlette.requests import Request

HEADER = "x-background"


def is_background(request: Request) -> bool:
    """Tell whether nobody asked for this: it neither keeps a session alive nor is it a new look at a record."""
    return request.headers.get(HEADER) == "1" or request.headers.get("accept", "").startswith("text/event-stream")
