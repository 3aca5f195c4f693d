"""Every word of the strategy's glossary, asked in three ways, is answered from the same article."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.e2e.talk import Talk
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(420)]
WORDS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("glossary.yml").read_text(encoding="utf-8"))


def test_the_list_is_whole() -> None:
    assert len(WORDS) == 31
    assert all(len(set(ways)) == 3 for ways in WORDS.values())


@pytest.mark.parametrize("article", WORDS)
def test_word_asked_in_three_ways(stack: Stack, article: str) -> None:
    found = {}
    for way in WORDS[article]:
        with Talk(stack.url) as talk:
            reply = talk.say(way)
            found[way] = (reply.statuses[-1], reply.cited[0] if reply.cited else None)
    assert found == dict.fromkeys(WORDS[article], ("answered", article))
