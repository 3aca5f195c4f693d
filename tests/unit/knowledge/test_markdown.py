"""The dialect: what becomes which block, and what is refused."""

import pytest

from knowledge.errors import ContentError
from knowledge.markdown import block_text, split_body, to_blocks, to_sections


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One *two* **three**\nfour.", [{"type": "paragraph", "text": "One two three four."}]),
        ("See [the page](https://example.org).", [{"type": "paragraph", "text": "See the page."}]),
        ("Use `code`.", [{"type": "paragraph", "text": "Use code."}]),
        ("- one\n- two\n  more", [{"type": "list", "items": ["one", "two more"]}]),
        ("1. ask\n2. wait", [{"type": "steps", "items": ["ask", "wait"]}]),
        ("| A | B |\n|---|---|\n| 1 | 2 |", [{"type": "table", "columns": ["A", "B"], "rows": [["1", "2"]]}]),
        ("> The law says so.", [{"type": "paragraph", "text": "The law says so.", "quoted": True}]),
        ("{{contact:sendias}}", [{"type": "contact", "key": "sendias"}]),
        ("{{service:play-club}}", [{"type": "service", "key": "play-club"}]),
        ("Ask {{contact:sendias}} now", [{"type": "paragraph", "text": "Ask {{contact:sendias}} now"}]),
        ("{{other:x}}", [{"type": "paragraph", "text": "{{other:x}}"}]),
        ("", []),
    ],
)
def test_blocks(text, blocks):
    assert list(to_blocks(text)) == blocks


@pytest.mark.parametrize("text", ["# Heading", "```\ncode\n```", "<div>x</div>", "---", "    indented code"])
def test_what_is_not_in_the_dialect_is_refused(text):
    with pytest.raises(ContentError, match="not part of the dialect"):
        to_blocks(text)


def test_sections_are_cut_at_their_headings():
    found = to_sections("### One?\n\nText.\n\n### Two\n\n- item\n")
    assert [section.heading for section in found] == ["One?", "Two"]
    assert found[1].blocks == ({"type": "list", "items": ["item"]},)
    assert to_sections("\n") == ()


def test_details_without_a_heading_are_refused():
    with pytest.raises(ContentError, match="must begin with"):
        to_sections("Loose text.\n\n### One\n\nText.")


def test_a_body_is_cut_into_its_parts():
    parts = split_body("\n## Standard\n\nA.\n\n## Details\n\n### H\n\nB.\n\n## Easy\n\nC.\n")
    assert {name: text.strip() for name, text in parts.items()} == {
        "Standard": "A.",
        "Details": "### H\n\nB.",
        "Easy": "C.",
    }


@pytest.mark.parametrize(
    "body",
    [
        "Loose.\n## Standard\nA\n## Easy\nB",
        "## Standard\nA",
        "## Easy\nA",
        "## Standard\nA\n## Standard\nB\n## Easy\nC",
        "",
    ],
)
def test_a_body_with_a_part_missing_or_doubled_is_refused(body):
    with pytest.raises(ContentError):
        split_body(body)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ({"type": "paragraph", "text": "Hi."}, "Hi."),
        ({"type": "steps", "items": ["a", "b"]}, "1. a\n2. b"),
        ({"type": "list", "items": ["a", "b"]}, "- a\n- b"),
        ({"type": "table", "columns": ["A", "B"], "rows": [["1", "2"]]}, "A | B\n1 | 2"),
        ({"type": "contact", "key": "sendias"}, ""),
    ],
)
def test_each_block_can_be_read_as_text(block, text):
    assert block_text(block) == text
