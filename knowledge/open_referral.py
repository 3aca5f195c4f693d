"""Service records as an Open Referral UK 3.0 feed: the page that `/services` of such a feed answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.errors import ContentError
from knowledge.model import Contact
from knowledge.services import Record, service_id, unknown_contacts

_OWN_FIELDS = frozenset({"slug", "contact", "certainty", "sources"})
_NUMBERED = ("schedules", "service_areas", "contacts")


def export(library_services: Mapping[str, Record], contacts: Mapping[str, Contact]) -> dict[str, Any]:
    """Return all records as one page of a feed, the same for the same content.

    Args:
        library_services: Records by slug, as `load_services` returns them.
        contacts: Contacts by key; their phones and e-mails are joined into the records that name them.

    Raises:
        ContentError: A record names a contact that does not exist.

    Source: Open Referral UK 3.0, `/services`; the list holds full records, so that one request is enough.
    """
    lost = unknown_contacts(library_services, contacts)
    if lost:
        raise ContentError(f"unknown contact in service records: {', '.join(lost)}")
    records = [_record(library_services[slug], contacts) for slug in sorted(library_services)]
    return {
        "total_items": len(records),
        "total_pages": 1,
        "page_number": 1,
        "size": len(records),
        "first_page": True,
        "last_page": True,
        "empty": not records,
        "contents": records,
    }


def _record(row: Record, contacts: Mapping[str, Contact]) -> dict[str, Any]:
    slug = row["slug"]
    full = {key: value for key, value in row.items() if key not in _OWN_FIELDS}
    contact = contacts[row["contact"]] if row.get("contact") else None
    full["contacts"] = [*row.get("contacts", ()), *_contact(contact)]
    for name in _NUMBERED:
        full[name] = [_with_id(f"{slug}/{name}/{n}", item) for n, item in enumerate(full.get(name, ()))]
    full["service_at_locations"] = [
        _location(f"{slug}/service_at_locations/{n}", item)
        for n, item in enumerate(row.get("service_at_locations", ()))
    ]
    full["attributes"] = [_attribute(slug, item["taxonomy_term"]) for item in row["attributes"]]
    if "organization" in row:
        full["organization"] = _with_id(f"organization/{row['organization']['name']}", row["organization"])
    if contact and contact.email:
        full["email"] = contact.email
    return {key: value for key, value in full.items() if value not in ([], None)}


def _contact(contact: Contact | None) -> list[dict[str, Any]]:
    """Return the contact with its phones; nothing if it holds neither phone nor e-mail."""
    if contact is None or not (contact.phone or contact.text_number or contact.email):
        return []
    numbers = (("voice", contact.phone), ("text", contact.text_number))
    phones = [
        {"id": service_id(f"phone/{contact.key}/{kind}"), "number": number, "type": kind}
        for kind, number in numbers
        if number
    ]
    return [{"name": contact.name, **({"email": contact.email} if contact.email else {}), "phones": phones}]


def _location(name: str, row: Record) -> dict[str, Any]:
    place = _with_id(f"location/{row['location']['name']}", row["location"])
    if "addresses" in place:
        rows = enumerate(place["addresses"])
        place["addresses"] = [{**_with_id(f"{place['id']}/{n}", item), "country": "GB"} for n, item in rows]
    return {"id": service_id(name), "location": place}


def _attribute(slug: str, term: Record) -> dict[str, Any]:
    name = f"{term['taxonomy']}/{term['name']}"
    return {
        "id": service_id(f"{slug}/attributes/{name}"),
        "link_entity": "service",
        "taxonomy_term": _with_id(f"taxonomy_term/{name}", term),
    }


def _with_id(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with an identifier made from its place, so that two exports agree."""
    return {"id": service_id(name), **row}
