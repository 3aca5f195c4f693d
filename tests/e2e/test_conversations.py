"""Plays the conversations in `conversations/<situation>/*.yml` over HTTP, against the whole running service."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from knowledge.loader import load_articles
from tests.e2e.talk import Reply, Talk
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(420)]
HERE = Path(__file__).parent
FILES = sorted((HERE / "conversations").glob("*/*.yml"))
SITUATIONS = (
    "happy_path",
    "corrections",
    "digressions",
    "unclear",
    "out_of_scope",
    "knowledge",
    "handover",
    "crisis",
    "invalid_input",
    "service_down",
)
_WISHES = {"mode": "reading_mode", "audience": "audience"}


def read(path: Path) -> dict[str, Any]:
    """Return a file of conversations."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def conversations(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the conversations of a file, which may hold one alone or a list."""
    return list(content.get("conversations") or [content])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_conversation(stack: Stack, path: Path) -> None:
    for number, each in enumerate(conversations(read(path)), start=1):
        wishes = {_WISHES[name]: value for name, value in each.get("given", {}).items()}
        with Talk(stack.url, **wishes) as talk:
            for place, turn in enumerate(each["turns"], start=1):
                with _held(stack, turn.get("while_hanging")):
                    reply = talk.press(turn["choice"]) if "choice" in turn else talk.say(turn["user"])
                wrong = list(faults(reply, turn["expect"]))
                said = turn.get("user") or turn.get("choice")
                assert not wrong, f"conversation {number}, turn {place} ({said!r}): {'; '.join(wrong)}\n{shown(reply)}"


def faults(reply: Reply, expect: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not as expected."""
    if reply.code != expect.get("http", 200):
        yield f"HTTP {reply.code}"
    if "http" in expect:
        return
    wanted = expect.get("statuses") or ([expect["status"]] if "status" in expect else [])
    if wanted and (not reply.statuses or reply.statuses[-1] not in wanted):
        yield f"status {reply.statuses}, expected {wanted}"
    yield from _citation_faults(reply, expect)
    yield from _text_faults(reply, expect)
    modes = {message["reading"]["mode"] for message in reply.messages if message["reading"]}
    if "mode" in expect and modes != {expect["mode"]}:
        yield f"reading mode {modes}"
    if "handover" in expect and reply.body.get("handover") != expect["handover"]:
        yield f"handover {reply.body.get('handover')}"


def _citation_faults(reply: Reply, expect: Mapping[str, Any]) -> Iterator[str]:
    if "cites" in expect and not set(reply.cited) & set(expect["cites"]):
        yield f"rests on {reply.cited}, expected one of {expect['cites']}"
    if bad := set(reply.cited) & set(expect.get("cites_not", ())):
        yield f"rests on {bad}"


def _text_faults(reply: Reply, expect: Mapping[str, Any]) -> Iterator[str]:
    for part in expect.get("contains", ()):
        if not any(either.lower() in reply.text for either in part.split("|")):
            yield f"the text lacks {part!r}"
    for part in expect.get("not_contains", ()):
        if part.lower() in reply.text:
            yield f"the text holds {part!r}"
    for part in expect.get("choices", ()):
        if not any(part.lower() in label.lower() for label in reply.labels):
            yield f"no choice says {part!r}"
    if reply.words > expect.get("max_words", reply.words):
        yield f"{reply.words} words"


def shown(reply: Reply) -> str:
    """Return a reply for the report of a failed test."""
    return f"{reply.code} {reply.statuses} {reply.cited}\n{reply.text}\n{reply.labels}"


def _held(stack: Stack, name: str | None) -> contextlib.AbstractContextManager[None]:
    return stack.hanging(name) if name else contextlib.nullcontext()


def test_every_situation_is_played() -> None:
    assert {path.parent.name for path in FILES} == set(SITUATIONS)
    assert len(FILES) >= 34


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_file_is_sound(path: Path) -> None:
    content = read(path)
    jsonschema.validate(content, json.loads((HERE / "schema.json").read_text(encoding="utf-8")))
    named = {
        key
        for each in conversations(content)
        for turn in each["turns"]
        for name in ("cites", "cites_not")
        for key in turn["expect"].get(name, ())
    }
    assert named <= set(load_articles()), "an article id that does not exist"


@pytest.mark.parametrize(
    "turn",
    [{"user": "hello"}, {"user": "hello", "choice": "More", "expect": {"mode": "easy"}}, {"expect": {"mode": "easy"}},
     {"user": "hello", "expect": {}}, {"user": "hello", "expect": {"status": "fine"}}],
)  # fmt: skip
def test_schema_refuses(turn: dict[str, Any]) -> None:
    schema = json.loads((HERE / "schema.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"turns": [turn]}, schema)
