"""The contacts that the gateway shows by itself, from the one contacts file."""

from typing import Any

from assistant.settings import Settings
from knowledge.loader import load_contacts

_SHOWN = ("sendias", "local_offer")
_FIELDS = ("name", "what", "phone", "email", "url", "hours", "note")


def contact_blocks(settings: Settings) -> list[dict[str, Any]]:
    """Return contact blocks with what is confirmed; the operator's own file wins.

    Raises:
        KnowledgeError: The operator's file has an unknown contact or field.
    """
    contacts = load_contacts(override=settings.contacts)
    known = [contacts[key] for key in _SHOWN]
    return [{"type": "contact"} | {name: getattr(one, name) for name in _FIELDS if getattr(one, name)} for one in known]
