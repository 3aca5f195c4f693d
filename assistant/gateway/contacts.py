"""The contacts that the gateway shows by itself, from the contacts file and what managers have set."""

from collections.abc import Mapping
from typing import Any

from assistant.gateway.operator import contacts_file
from assistant.settings import Settings
from knowledge.loader import load_contacts
from knowledge.model import Contact
from knowledge.own_contacts import LiveContacts

_SHOWN = ("sendias", "local_offer")
_FIELDS = ("name", "what", "phone", "email", "url", "hours", "note")


def live_contacts(settings: Settings) -> LiveContacts:
    """Return all contacts; the operator's own file wins, and over it what managers set on the staff pages.

    Raises:
        KnowledgeError: The operator's file has an unknown contact or field.
    """
    return LiveContacts(load_contacts(override=settings.contacts), contacts_file(settings))


def contact_blocks(contacts: Mapping[str, Contact]) -> list[dict[str, Any]]:
    """Return contact blocks with what is confirmed."""
    known = [contacts[key] for key in _SHOWN]
    return [{"type": "contact"} | {name: getattr(one, name) for name in _FIELDS if getattr(one, name)} for one in known]
