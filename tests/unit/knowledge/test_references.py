"""Paragraphs, sections, regulations and cases: found in messages, known from the articles."""

import pytest

from knowledge.answering.references import References
from knowledge.loader import ROOT, read_yaml
from tests import samples

TABLE = read_yaml((ROOT / "schema" / "references.yml").read_text(encoding="utf-8"))
CASE = samples.dataclasses.replace(samples.LAW, title="R (Q) v Otherham County Council [2020] EWHC 12", section=None)
RANGE = samples.dataclasses.replace(samples.LAW, title="SEND Code of Practice 2015", section="paragraphs 6.28 to 6.30")
ARTICLES = [
    samples.article(),
    samples.simple("ruling", "A ruling", sources=(CASE,)),
    samples.simple("code", "The Code", sources=(RANGE,), facts=(("Regulation 12 says what a plan holds", "law"),)),
]
HELD = References(TABLE, ARTICLES)


def cited(text):
    return [(one.unit, one.number) for one in HELD.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("para 9.14", [("paragraph", "9.14")]),
        ("what does 9.83 of the code say", [("paragraph", "9.83")]),
        ("code of practice 6.44", [("paragraph", "6.44")]),
        ("s.42 and section 508B", [("section", "42"), ("section", "508b")]),
        ("sections 20 to 22", [("section", "20"), ("section", "21"), ("section", "22")]),
        ("reg 64", [("regulation", "64")]),
        ("Smith v Otherham Council [2019]", [("case", "Smith v Otherham Council [2019]")]),
        ("smith v otherham 2019 on buses", [("case", "smith v otherham 2019")]),
        ("[2021] UKUT 33", [("case", "[2021] UKUT 33")]),
    ],
)
def test_citations_are_found(text, expected):
    assert cited(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "section F",
        "it's 3 weeks",
        "his school's 12 pupils",
        "age 16 to 25",
        "9.5 years",
        "sen support v a plan",
        "year 6",
    ],
)
def test_what_is_no_citation_is_left_alone(text):
    assert cited(text) == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("section 42", {"plan"}),
        ("section 42 of the care act", set()),
        ("paragraph 6.29", {"code"}),
        ("chapter 6 of the code", {"code"}),
        ("paragraph 12.1", set()),
        ("regulation 12", {"code"}),
        ("the Otherham case: R (Q) v Otherham", {"ruling"}),
        ("Jones v Otherham County Council [2020]", set()),
    ],
)
def test_what_is_held_is_known(text, ids):
    [reference] = HELD.find(text)
    assert set(HELD.holders(reference)) == ids


def test_the_nearest_number_of_the_same_work_is_offered():
    [lost] = HELD.find("paragraph 6.99 of the code")
    assert HELD.nearest(lost) == ["code"]
    assert HELD.shown(lost) == "paragraph 6.99 (Code of Practice)"


def test_the_rest_of_a_message_is_what_else_it_asks():
    text = "what does paragraph 6.99 say about buses"
    assert HELD.without(text, HELD.find(text)) == "what does say about buses"
