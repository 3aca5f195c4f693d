"""Service records: one YAML file each in the Open Referral UK shape, checked here once."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from knowledge.errors import ContentError

ROOT = Path(__file__).parent
# Fixed for ever: a record keeps its identifier in every feed that was built from it.
NAMESPACE = uuid.UUID("5d6e4b0a-3c1f-5b8e-9a64-7f2d0c91e835")
Record = Mapping[str, Any]


def load_services(folder: Path = ROOT / "services") -> dict[str, Record]:
    """Return all service records by slug, in the order of the slugs; dates are ISO strings.

    Raises:
        ContentError: A record is damaged, with the file and the field.
    """
    return {path.stem: load_service(path) for path in sorted(folder.glob("*.yml"))}


def load_service(path: Path) -> Record:
    """Return one record.

    Raises:
        ContentError: With the file, the field and what is wrong in it.
    """
    record = _read(path)
    problems = [*_schema_problems(record)] or [*_own_problems(record, path.stem)]
    if problems:
        raise ContentError(f"{path.name}: {'; '.join(problems)}")
    return record


def service_id(slug: str) -> str:
    """Return the identifier that belongs to a slug (or to any other name within the records)."""
    return str(uuid.uuid5(NAMESPACE, slug))


def unknown_contacts(services: Mapping[str, Record], contacts: Collection[str]) -> list[str]:
    """Return `slug: key` of every record that names a contact which contacts.yml does not hold."""
    named = ((slug, record["contact"]) for slug, record in services.items() if record.get("contact"))
    return [f"{slug}: {key}" for slug, key in named if key not in contacts]


def _read(path: Path) -> dict[str, Any]:
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: cannot be read ({error})") from error
    if not isinstance(record, dict):
        raise ContentError(f"{path.name}: must be a mapping of fields")
    plain: dict[str, Any] = json.loads(json.dumps(record, default=lambda value: value.isoformat()))
    return plain


def _schema_problems(record: Record) -> Iterator[str]:
    for problem in sorted(_validator().iter_errors(record), key=lambda problem: str(problem.path)):
        yield f"{'/'.join(map(str, problem.path)) or 'top'}: {problem.message}"


def _own_problems(record: Record, stem: str) -> Iterator[str]:
    """Yield what a JSON Schema cannot say: rules between two fields, or between a field and the file."""
    if record["slug"] != stem:
        yield f"slug: '{record['slug']}' must equal the file name"
    if record["id"] != service_id(record["slug"]):
        yield f"id: must be {service_id(record['slug'])}, made from the slug"
    if record.get("minimum_age", 0) > record.get("maximum_age", 120):
        yield "minimum_age: is above maximum_age"
    for number, row in enumerate(record.get("schedules", ())):
        if row["opens_at"] >= row["closes_at"]:
            yield f"schedules/{number}/opens_at: is not before closes_at"


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "schema" / "service.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
