"""Follows what managers set: every process looks again every few seconds, and at once after a change of its own."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from anyio.to_thread import run_sync

from assistant.errors import StorageError
from assistant.gateway import rendering
from assistant.gateway.ports import Replies, Verdict
from assistant.log import event
from assistant.settings import Settings
from assistant.storage.operator import Operator
from assistant.storage.records import NewMessage
from knowledge import own_contacts

_logger = logging.getLogger(__name__)
EVERY_SECONDS = 2.0
_PERSON = "talk_to_person"


def contacts_file(settings: Settings) -> Path:
    """Return where the operator's contact details lie for the processes that show them."""
    return settings.data_dir / own_contacts.FILE_NAME


def follow(operator: Operator, contacts: Path) -> None:
    """Look once at what managers have set, and write the contacts out.

    Args:
        operator: Where it is kept.
        contacts: The file for the action server.

    Raises:
        StorageError: The database does not answer.
    """
    now = operator.refresh()
    try:
        own_contacts.write(contacts, now.contacts)
    except OSError as error:
        event(_logger, "own_contacts_not_written", level=logging.ERROR, kind=type(error).__name__)


async def keep_following(operator: Operator, contacts: Path, *, every: float = EVERY_SECONDS) -> None:
    """Look again and again, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await run_sync(follow, operator, contacts)
        except StorageError as error:
            # What held before goes on holding; /readyz tells of the database.
            event(_logger, "operator_settings_unreadable", level=logging.ERROR, kind=type(error).__name__)


def switched_off(operator: Operator, replies: Replies, *, mode: str, verdict: Verdict | None) -> NewMessage | None:
    """Return what families are told while the assistant is switched off; None in ordinary times.

    Args:
        operator: What managers have set.
        replies: The sentences.
        mode: Reading mode.
        verdict: A safeguarding subject that was only asked about; its help lines are shown all the same.
    """
    pause = operator.current.pause
    if pause is None:
        return None
    payload = replies.notice("switched_off", mode, reason=pause.reason)
    if verdict is not None:
        payload = rendering.with_help(payload, replies.help_lines(mode))
    return rendering.from_payload(payload, mode=mode)


def wants_person(choice: object) -> bool:
    """Tell whether a pressed choice asks for a person: that works while the assistant is switched off, too."""
    return isinstance(choice, dict) and choice.get("intent") == _PERSON
