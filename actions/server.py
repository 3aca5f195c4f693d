"""The action server: rasa-sdk's own app behind the shared secret, on loopback unless told otherwise."""

from __future__ import annotations

import hmac
import logging
import os
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from actions import wiring
from knowledge.errors import KnowledgeError
from knowledge.loader import missing_contact_details

logger = logging.getLogger(__name__)


def make_app(secret: str) -> Sanic[Any, Any]:
    """Return the app with all actions registered; every call but the health check needs the secret.

    Raises:
        ValueError: The secret is empty.
    """
    if not secret:
        raise ValueError("ASSISTANT_INTERNAL_SECRET is not set: the action server does not start without it")
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    @app.on_request
    async def demand_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path != "/health" and not hmac.compare_digest(given.encode(), secret.encode()):
            return json({"error": "wrong or missing secret"}, status=401)
        return None

    return app


def main() -> int:
    """Serve until told to stop; return 1 if the build product or a content file cannot be used."""
    logging.basicConfig(
        level=os.environ.get("ASSISTANT_LOG_LEVEL", "INFO"), format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    logging.getLogger("sanic").setLevel(logging.WARNING)
    try:
        contacts = wiring.answering().library.contacts
        app = make_app(os.environ.get("ASSISTANT_INTERNAL_SECRET", ""))
    except (KnowledgeError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"action server: {error}\n")
        return 1
    logger.info("contacts_still_empty %s", ", ".join(missing_contact_details(contacts)))
    address = (
        os.environ.get("ASSISTANT_ACTIONS_HOST", "127.0.0.1"),
        int(os.environ.get("ASSISTANT_ACTIONS_PORT", "5055")),
    )
    app.run(host=address[0], port=address[1], single_process=True, motd=False, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
