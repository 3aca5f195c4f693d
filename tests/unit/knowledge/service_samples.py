"""A good service record, and ways to spoil it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.services import service_id

GOOD: dict[str, Any] = {
    "id": service_id("sample-club"),
    "slug": "sample-club",
    "name": "Sample club",
    "status": "active",
    "description": "A club for children with any need, with helpers who know sign language.",
    "url": "https://example.org/club",
    "minimum_age": 5,
    "maximum_age": 18,
    "assured_date": "2026-11-23",
    "alert": "Seen in 2019: check before you travel.",
    "last_modified": "2026-11-23T00:00:00Z",
    "organization": {"name": "Sample Trust", "description": "A local charity."},
    "contacts": [{"title": "Club leader"}],
    "schedules": [{"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "16:00", "closes_at": "18:30"}],
    "service_areas": [{"name": "Medway"}],
    "service_at_locations": [
        {
            "location": {
                "location_type": "physical",
                "name": "Sample hall",
                "addresses": [{"address_1": "1 Sample Street", "city": "Chatham", "postal_code": "ME4 4TR"}],
            }
        }
    ],
    "attributes": [
        {"taxonomy_term": {"taxonomy": "kind", "name": "event-or-group"}},
        {"taxonomy_term": {"taxonomy": "need", "name": "hearing"}},
    ],
    "contact": "sample_club",
    "certainty": "high",
    "sources": [{"title": "Sample page", "url": "https://example.org", "kind": "charity", "checked": "2026-11-23"}],
}


def spoiled(path: str, value: Any) -> dict[str, Any]:
    """Return the good record with one value changed; `path` is fields and numbers joined by '/'."""
    record = copy.deepcopy(GOOD)
    place: Any = record
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        place = place[step]
    place[last] = value
    return record


def without(field: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != field}


def write(folder: Path, record: Mapping[str, Any], name: str | None = None) -> Path:
    path = folder / f"{name or record.get('slug', 'sample-club')}.yml"
    path.write_text(yaml.safe_dump(dict(record), sort_keys=False), encoding="utf-8")
    return path
