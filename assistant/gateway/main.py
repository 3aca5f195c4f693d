"""The uvicorn factory: `uvicorn --factory assistant.gateway.main:create`."""

import uvicorn
from fastapi import FastAPI

from assistant import log
from assistant.errors import SettingsError
from assistant.gateway import watch
from assistant.gateway.app import create_app
from assistant.gateway.contacts import contact_blocks, live_contacts
from assistant.gateway.safeguarding import SafeguardingArticles
from assistant.gateway.texts import FileReplies
from assistant.paths import build_folder
from assistant.settings import Settings

# Open event streams must not hold up a stop.
_STOP_SECONDS = 2


def create() -> FastAPI:
    """Build the application from the environment.

    Raises:
        SettingsError: A setting is missing or cannot be used.
    """
    settings = Settings.from_env()
    if not settings.internal_secret:
        raise SettingsError(
            "ASSISTANT_INTERNAL_SECRET is not set: give the same long random text to the gateway, Rasa and "
            "the action server."
        )
    log.configure(settings.log_level)
    contacts = live_contacts(settings)
    replies = FileReplies(
        keep_days=settings.retention_days,
        contacts=lambda: contact_blocks(contacts),
        safeguarding=SafeguardingArticles.load(contacts),
    )
    return create_app(
        settings,
        replies=replies,
        guard=watch.guard(build_folder()),
        redactor=watch.PersonalDataRedactor(),
        conduct=watch.ConductWatch.load(),
    )


def run(settings: Settings, app: FastAPI) -> None:
    """Serve until told to stop."""
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        server_header=False,
    )
