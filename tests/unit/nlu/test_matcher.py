"""The glossary matcher: kinds and values, longest match, one spelling for the numbers, nothing in ordinary talk."""

import functools
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.matcher import TermMatcher

TERMS = {
    "ehc plan": "ehcp",
    "ehcp": "ehcp",
    "plan": "plan-word",
    "senco": "senco",
    "annual review": "process-annual-review",
    "special educational needs co-ordinator": "senco",
    "c++ (odd name)": "odd",
}


@functools.cache
def matcher() -> TermMatcher:
    return TermMatcher(TERMS)


def found(text):
    return [(entity.kind, entity.value) for entity in matcher().find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is an EHCP", [("term", "ehcp")]),
        ("WHAT IS A SENCO?", [("term", "senco")]),
        ("who is the special educational needs co-ordinator", [("term", "senco")]),
        ("my EHC plan", [("term", "ehcp")]),
        ("my plan", [("term", "plan-word")]),
        ("the annual review of the ehcp", [("term", "process-annual-review"), ("term", "ehcp")]),
        ("tell me about c++ (odd name)", [("term", "odd")]),
        ("ambition 5", [("ambition", "5")]),
        ("ambition five", [("ambition", "5")]),
        ("the fifth ambition", [("ambition", "5")]),
        ("priority number 3", [("priority", "3")]),
        ("and for teachers?", [("audience", "professional")]),
        ("what about young people", [("audience", "young_person")]),
        ("for parents", [("audience", "family")]),
        ("he is 7", [("age", "7")]),
        ("she's 15 years old", [("age", "15")]),
        ("in secondary school", [("stage", "secondary")]),
    ],
)
def test_what_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", ["section F", "what is in section b"])
def test_sections_are_found_by_their_letter(text):
    [(kind, value)] = found(text)
    assert (kind, value[-1]) == ("section", text[-1].lower())


@pytest.mark.parametrize("text", ["", "   ", "\n", "hello there", "thank you so much", "🙂", "how long does that take"])
def test_nothing_is_found_where_nothing_is_named(text):
    assert found(text) == []


def test_the_place_of_a_match_points_into_the_text():
    text = "is an EHC plan for ambition 4?"
    assert [text[entity.start : entity.end] for entity in matcher().find(text)] == ["EHC plan", "ambition 4"]
    assert [entity.text for entity in matcher().find(text)] == ["EHC plan", "ambition 4"]


@given(st.text(max_size=80))
def test_any_text_gives_ordered_matches_that_do_not_overlap(text):
    entities = matcher().find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(entities))
    assert all(0 <= entity.start < entity.end for entity in entities)


@given(st.lists(st.sampled_from(["ehc plan", "senco", "hello", "ambition 2", "the", "review", "parents"]), max_size=8))
def test_case_makes_no_difference(parts):
    text = " ".join(parts)
    assert found(text.upper()) == found(text)


def test_terms_are_loaded_from_the_file_of_the_build(tmp_path):
    path = tmp_path / "terms.json"
    path.write_text('{"short break": "process-short-breaks"}', encoding="utf-8")
    [entity] = TermMatcher.load(path).find("Can we get a Short Break?")
    assert (entity.kind, entity.value) == ("term", "process-short-breaks")
