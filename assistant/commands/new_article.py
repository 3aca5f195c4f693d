"""`send-assistant new-article`: a draft from the template, in the folder of its topic."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import string
import sys
from pathlib import Path

import yaml

from assistant.errors import ServiceError
from assistant.paths import ROOT

KNOWLEDGE = ROOT / "knowledge"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 60  # as in article.schema.json


class ArticleRefused(ServiceError):
    """The article cannot be begun: its id or its topic cannot be used; the text names the remedy."""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("new-article", help="begin an article from the template")
    parser.add_argument("id", help="its id for ever: small letters, digits and hyphens")
    parser.add_argument("--topic", required=True, help="a topic of knowledge/schema/topics.yml")
    parser.add_argument("--title", help="its title (else made from the id)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the draft and tell where it is."""
    path = create(options.id, topic=options.topic, title=options.title, today=dt.datetime.now(dt.UTC).date())
    sys.stdout.write(f"{path}\nnext: send-assistant preview {options.id}\n")
    return 0


def create(article_id: str, *, topic: str, today: dt.date, title: str | None = None, root: Path = KNOWLEDGE) -> Path:
    """Write a draft and return its path.

    Raises:
        ArticleRefused: The id is malformed or taken, the title cannot be used, or the topic does not exist.
    """
    _check_id(article_id, root)
    topics = yaml.safe_load((root / "schema" / "topics.yml").read_text(encoding="utf-8"))
    if topic not in topics:
        raise ArticleRefused(f"unknown topic '{topic}': choose one of {', '.join(topics)}")
    name = _title(title or article_id.replace("-", " ").capitalize())
    template = string.Template((root / "schema" / "article.template.md").read_text(encoding="utf-8"))
    path = root / "articles" / topic / f"{article_id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(template.substitute(id=article_id, topic=topic, title=name, today=today.isoformat()))
    return path


def _check_id(article_id: str, root: Path) -> None:
    if not _ID.fullmatch(article_id) or len(article_id) > _LONGEST_ID:
        raise ArticleRefused(
            f"'{article_id}' cannot be an id: use small letters, digits and single hyphens, {_LONGEST_ID} at most"
        )
    for taken in (root / "articles").rglob(f"{article_id}.md"):
        raise ArticleRefused(f"the id '{article_id}' is taken by {taken}: ids are never used again, choose another")


def _title(title: str) -> str:
    """Return the title on one line, as it can stand between the quotes of the template."""
    plain = " ".join(title.split())
    if not 3 <= len(plain) <= 90 or set(plain) & set('"\\'):
        raise ArticleRefused(f"'{plain}' cannot be a title: 3 to 90 characters, no double quotes and no backslash")
    return plain
