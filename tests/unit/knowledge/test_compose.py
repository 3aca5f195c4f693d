"""Putting an answer together: direct answer first, at most 120 words, cards whole, nothing said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.compose import MOST_WORDS, contact_block, details, fit, opening, plain, resolve, service_block
from knowledge.markdown import block_text
from knowledge.model import Section
from tests import samples
from tests.samples import paragraph

BLOCKS = st.lists(
    st.integers(0, 150).map(lambda count: paragraph(" ".join(["word"] * count)))
    | st.just({"type": "contact", "key": "sendias"})
    | st.integers(1, 60).map(lambda count: {"type": "list", "items": ["item"] * count}),
    max_size=8,
)


def count(blocks):
    return sum(len(block_text(block).split()) for block in blocks)


def opened(article=None, **options):
    asked = {"mode": "standard", "group": None, "section": None, "audience": None} | options
    return opening(article or samples.article(), **asked)


def texts(blocks):
    return [block.get("text") for block in blocks]


@given(BLOCKS)
def test_what_is_kept_fits_and_keeps_its_order(blocks):
    kept = fit(blocks)
    assert [block for block in blocks if any(block is k for k in kept)] == kept
    assert count(kept[1:]) <= max(0, MOST_WORDS - count(kept[:1]))
    assert [b for b in kept if b["type"] == "contact"] == [b for b in blocks if b["type"] == "contact"]


@given(BLOCKS.filter(bool))
def test_the_first_block_always_stays(blocks):
    assert fit(blocks)[0] is blocks[0]


def test_what_follows_a_block_left_out_is_left_out_too():
    long, short = paragraph("word " * 115), paragraph("a b c")
    assert fit([long, paragraph("word " * 20), short]) == [long]


def test_tables_are_not_counted():
    table = {"type": "table", "columns": ["A"], "rows": [["word " * 300]]}
    assert fit([paragraph("a"), table, paragraph("b")]) == [paragraph("a"), table, paragraph("b")]


def test_the_article_as_a_whole_opens_with_its_text():
    assert opened() == list(samples.article().standard)
    assert opened(mode="easy") == list(samples.article().easy)


def test_the_lead_for_the_group_comes_first_then_its_section():
    blocks = opened(group=1)
    assert texts(blocks)[0] == "A plan lasts to 25."
    assert texts(blocks)[1].startswith("It lasts while it is needed")
    assert texts(opened(group=1, mode="easy"))[0] == "To 25."


def test_a_group_without_a_lead_opens_with_the_text():
    assert opened(group=0) == opened()
    assert opened(group=99) == opened()


def test_a_section_asked_for_comes_first_in_full_text_only():
    assert opened(section="Who can ask")[0]["items"] == ["a parent", "a school"]
    assert opened(section="Who can ask", mode="easy") == opened(mode="easy")
    assert opened(section="Not there") == opened()


def test_what_is_for_one_audience_follows_the_lead():
    article = samples.articles()["ambition-5"]
    assert texts(opened(article, audience="professional"))[0] == "Teachers will be trained."
    assert "Teachers will be trained." not in texts(opened(article, audience="family"))
    assert "Teachers will be trained." not in texts(opened(article, audience="professional", mode="easy"))


@pytest.mark.parametrize("lead", ["An EHC plan is a legal paper.", "An EHC plan is a legal paper"])
def test_the_first_sentence_is_not_said_twice(lead):
    article = samples.article(questions=(samples.QuestionGroup(("q",), lead),))
    assert texts(opened(article, group=0)) == [lead, "It says what help must be given."]


def test_a_text_of_the_one_sentence_just_said_is_left_out():
    article = samples.article(
        questions=(samples.QuestionGroup(("q",), "It is a paper."),), standard=(paragraph("It is a paper."),)
    )
    assert texts(opened(article, group=0)) == ["It is a paper."]


def test_a_lead_that_says_something_else_leaves_the_text_whole():
    assert texts(opened(group=2)) == ["The council writes it.", *texts(opened())]


def test_details_come_in_parts_that_fit():
    sections = tuple(Section(f"Part {number}", (paragraph("word " * 50),)) for number in range(5))
    article = samples.article(details=sections)
    assert [b["text"] for b in details(article, 0) if b["type"] == "heading"] == ["Part 0", "Part 1"]
    assert [b["text"] for b in details(article, 4) if b["type"] == "heading"] == ["Part 4"]
    assert details(article, 5) == []


def test_one_part_of_the_details_is_shown_however_long():
    article = samples.article(details=(Section("Long", (paragraph("word " * 500),)), Section("Next", ())))
    assert [b["text"] for b in details(article, 0) if b["type"] == "heading"] == ["Long"]


def test_a_card_leaves_out_what_is_empty_and_says_so():
    library = samples.library()
    card = contact_block(library.contacts["sendias"], library, "standard")
    assert {"phone", "email", "hours", "url"}.isdisjoint(card)
    assert card["note"] == library.phrase("contact_missing", "standard")
    assert card["checked"] == "2026-11-23"
    assert "note" not in contact_block(library.contacts["local_offer"], library, "standard")


def test_a_service_card_takes_its_contact_from_the_contacts():
    library = samples.library()
    card = service_block(library.services["play-club"], library, "standard")
    assert (card["type"], card["name"], card["ages"]) == ("service", "Play Club", "5 to 11")
    assert "description" not in service_block(library.services["play-club"], library, "easy")


def test_cards_are_filled_in_and_marks_for_the_checks_taken_off():
    blocks = [{"type": "contact", "key": "sendias"}, {"type": "service", "key": "play-club"}]
    filled = resolve([*blocks, {**paragraph("Law."), "quoted": True}], samples.library(), "standard")
    assert [block["name"] for block in filled[:2]] == ["Medway SENDIAS", "Play Club"]
    assert filled[2] == paragraph("Law.")


def test_a_key_that_is_in_no_file_is_an_error():
    with pytest.raises(KeyError):
        resolve([{"type": "contact", "key": "nobody"}], samples.library(), "standard")


def test_the_text_to_read_alone_has_every_line_of_a_card():
    library = samples.library()
    text = plain(resolve([paragraph("Hello."), {"type": "contact", "key": "local_offer"}], library, "standard"))
    assert text == "Hello.\n\nLocal Offer\nWebsite\nhttps://example.org/o"
