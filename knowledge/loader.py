"""Content files to objects. Everything is checked here, once; the rest of the package trusts it."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml

from knowledge.errors import ContentError
from knowledge.markdown import split_body, to_blocks, to_sections
from knowledge.model import Article, Contact, QuestionGroup, Source

ROOT = Path(__file__).parent
_CONTACT_FIELDS = ("name", "what", "phone", "text_number", "email", "hours", "url", "note")


def load_articles(folder: Path = ROOT / "articles") -> dict[str, Article]:
    """Return all published articles by id.

    Raises:
        ContentError: A file breaks the schema, or two files share an id.
    """
    articles: dict[str, Article] = {}
    for path in sorted(folder.rglob("*.md")):
        article = load_article(path)
        if article.id in articles:
            raise ContentError(f"{path}: the id '{article.id}' is taken by {articles[article.id].path}")
        if article.status == "published":
            articles[article.id] = article
    return articles


def load_article(path: Path) -> Article:
    """Return one article.

    Raises:
        ContentError: With the file, what is wrong in it, and where.
    """
    try:
        meta, body = _split_frontmatter(path.read_text(encoding="utf-8"))
        _validate(meta)
        if meta["id"] != path.stem:
            raise ContentError(f"the id '{meta['id']}' must equal the file name")
        return _article(meta, split_body(body), path)
    except (ContentError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: {error}") from error


def load_outside(path: Path = ROOT / "outside.yml") -> list[str]:
    """Return the questions from which is learned what no article answers.

    Raises:
        ContentError: The file holds something else than different questions.
    """
    try:
        questions = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ContentError(f"{path.name}: a list named 'questions' is missing ({error})") from error
    if not isinstance(questions, list) or not all(isinstance(text, str) and text.strip() for text in questions):
        raise ContentError(f"{path.name}: every question must be a text")
    if len({text.lower() for text in questions}) < len(questions):
        raise ContentError(f"{path.name}: a question stands there twice")
    return questions


def load_contacts(path: Path = ROOT / "contacts.yml", override: Path | None = None) -> dict[str, Contact]:
    """Return all contacts by key; fields of the operator's own file win.

    Raises:
        ContentError: A file is damaged, or the operator's file names a key or field that does not exist.
    """
    rows = _read_yaml(path)
    for key, fields in (_read_yaml(override) if override else {}).items():
        if key not in rows:
            raise ContentError(f"{override}: unknown contact '{key}' (known: {', '.join(sorted(rows))})")
        if not isinstance(fields, dict):
            raise ContentError(f"{override}: contact '{key}' must be a mapping of fields")
        unknown = set(fields) - set(_CONTACT_FIELDS)
        if unknown:
            raise ContentError(f"{override}: unknown field {sorted(unknown)} in contact '{key}'")
        rows[key] = {**rows[key], **fields}
    return {key: _contact(key, row) for key, row in rows.items()}


def missing_contact_details(contacts: Mapping[str, Contact]) -> list[str]:
    """Return `key.field` of every detail that the operator still has to fill in, SENDIAS first."""
    rows = [f"{key}.{field}" for key, contact in contacts.items() for field in contact.missing()]
    return sorted(rows, key=lambda row: (not row.startswith("sendias."), row))


def read_yaml(text: str) -> Any:
    """Return YAML as Python values; by libyaml where it is there, which is ten times quicker.

    Raises:
        yaml.YAMLError: The text is not YAML.
    """
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _split_frontmatter(text: str) -> tuple[dict[str, Any], str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ContentError("must begin with a frontmatter between two lines of '---'")
    meta = read_yaml(parts[1])
    if not isinstance(meta, dict):
        raise ContentError("the frontmatter is not a mapping")
    return meta, parts[2]


def _validate(meta: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(meta, default=lambda value: value.isoformat()))
    problems = sorted(_validator().iter_errors(plain), key=lambda problem: str(problem.path))
    if problems:
        raise ContentError("; ".join(f"{'/'.join(map(str, p.path)) or 'top'}: {p.message}" for p in problems))


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "schema" / "article.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _article(meta: dict[str, Any], parts: Mapping[str, str], path: Path) -> Article:
    simple = {"id", "title", "topic", "owner", "review_in_days", "status", "answer_status", "for_audience", "part_of"}
    lists = {"audience", "aliases", "acronyms", "contacts", "services", "related", "next_steps"}
    fields: dict[str, Any] = {key: meta[key] for key in simple & set(meta)}
    fields |= {key: tuple(meta[key]) for key in lists & set(meta)}
    return Article(
        **fields,
        questions=tuple(_group(row) for row in meta["questions"]),
        sources=tuple(_source(row) for row in meta["sources"]),
        facts=tuple((row["fact"], row["source"]) for row in meta["facts"]),
        standard=to_blocks(parts["Standard"]),
        details=to_sections(parts.get("Details", "")),
        easy=to_blocks(parts["Easy"]),
        reviewed=_date(meta["reviewed"]),
        valid_until=_date(meta["valid_until"]) if "valid_until" in meta else None,
        path=str(path),
    )


def _group(row: Mapping[str, Any]) -> QuestionGroup:
    optional = {key: row.get(key) for key in ("lead", "easy", "first", "category")}
    return QuestionGroup(tuple(row["ask"]), **optional)


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        key=row.get("key", "source"),
        title=row["title"],
        kind=row["kind"],
        checked=_date(row["checked"]),
        certainty=row.get("certainty", "seen"),
        section=row.get("section"),
        url=row.get("url"),
        dated=row.get("dated"),
    )


def _contact(key: str, row: Mapping[str, Any]) -> Contact:
    fields = {name: row.get(name) for name in _CONTACT_FIELDS if name != "name"}
    source = {"url": row.get("url"), **row["source"]}
    return Contact(key=key, name=row["name"], wanted=tuple(row.get("wanted", ())), source=_source(source), **fields)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        rows = read_yaml(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: cannot be read ({error})") from error
    if not isinstance(rows, dict):
        raise ContentError(f"{path}: must be a mapping of keys to fields")
    return rows


def _date(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(cast(str, value))
