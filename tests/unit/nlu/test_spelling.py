"""Spelling help: it mends what nobody knows and leaves every right word, name and short form alone."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.loader import load_articles
from nlu.spelling import SpellingHelper, english_words, sound
from nlu.text import words

OURS = words(
    "assessment tribunal provision mediation autism sendias senco nursery transport exclusion statement resourced "
    "appeal medway ehcp physiotherapy psychologist communication attendance disability education"
)
RIGHT = words(
    "the school will not help my son and I am worried about his anxiety because he has been excluded again "
    "what are the names of the teachers who behave differently towards dyslexic girls in reception"
)
NAMES = ["Medway", "Chatham", "Gillingham", "Rainham", "Strood", "Hoo", "Bradfields", "Ofsted", "Kooth", "NELFT"]
ACRONYMS = ["EHCP", "SENCO", "SEMH", "SLCN", "PMLD", "CAMHS", "EBSA", "DLA", "PIP", "ICB", "SALT", "MPCF", "IPSEA"]


@functools.cache
def helper() -> SpellingHelper:
    return SpellingHelper(OURS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("asessment", "assessment"),
        ("tribunel", "tribunal"),
        ("provishun", "provision"),
        ("resorsed", "resourced"),
        ("mediashun", "mediation"),
        ("autisim", "autism"),
        ("attendence", "attendance"),
        ("fisiotherapy", "physiotherapy"),
    ],
)
def test_misspelt_words_of_the_subject_are_mended(typed, meant):
    assert helper().correct(f"what about {typed}?") == f"what about {meant}?"


@given(st.lists(st.sampled_from([*RIGHT, *OURS]), min_size=1, max_size=12))
def test_right_words_are_left_alone(sentence):
    text = " ".join(sentence)
    assert helper().correct(text) == text
    assert helper().unknown(text) == []


@given(st.lists(st.sampled_from(sorted(english_words())), min_size=1, max_size=8))
def test_no_english_word_is_ever_changed(sentence):
    text = " ".join(sentence)
    assert words(helper().correct(text)) == words(text)


@given(st.sampled_from(NAMES + ACRONYMS), st.sampled_from(["is it {}", "my school is {} in Kent", "{} or {}"]))
def test_names_and_short_forms_are_left_alone(name, frame):
    text = frame.format(name, name)
    assert helper().correct(text) == text


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=12))
def test_nothing_in_capitals_is_changed(acronym):
    corrected = helper().correct(f"the {acronym} says")
    assert corrected.split()[1] in (acronym, corrected.split()[1].upper())


@settings(deadline=None)
@given(st.text(max_size=80))
def test_mending_twice_is_mending_once(text):
    once = helper().correct(text)
    assert helper().correct(once) == once


@given(st.text("0123456789 £%.,:-/", max_size=40))
def test_figures_are_left_alone(text):
    assert helper().correct(text) == " ".join(text.split())


def test_a_nonsense_word_far_from_all_others_stays_and_is_unknown():
    assert helper().correct("xqzzptk") == "xqzzptk"
    assert helper().unknown("the xqzzptk plan 42") == ["xqzzptk"]


@pytest.mark.parametrize("word", ["u", "gta", "npx", "ehx"])
def test_short_words_have_too_many_neighbours_to_be_mended(word):
    assert helper().correct(f"a {word} b") == f"a {word} b"


def test_the_nearest_by_sound_wins_over_the_nearest_by_letters():
    both = SpellingHelper(["resourced", "resolved"])
    assert both.correct("resorsed") == "resourced"
    assert sound("resorsed") == sound("resourced") != sound("resolved")


@pytest.mark.parametrize(("one", "other"), [("skool", "school"), ("fone", "phone"), ("provishun", "provision")])
def test_words_that_sound_alike_share_a_key(one, other):
    assert sound(one) == sound(other)


def test_no_word_of_a_title_or_an_alias_of_the_articles_is_changed():
    articles = load_articles().values()
    names = [name for article in articles for name in (article.title, *article.aliases, *article.acronyms)]
    whole = SpellingHelper({word for name in names for word in words(name)})
    changed = {name: whole.correct(name) for name in names if words(whole.correct(name)) != words(name)}
    assert changed == {}
