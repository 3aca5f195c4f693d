"""Plain English: each rule with a text that passes and one that fails."""

import pytest

from knowledge.check.reading import check_reading, grade
from tests import samples
from tests.samples import paragraph

PLAIN = "The school must help. You can ask for more. We can tell you how."
HARD = (
    "Notwithstanding considerable administrative complications, responsible authorities necessarily "
    "facilitate multidisciplinary collaboration."
)


def rules(*, standard=PLAIN, easy=PLAIN):
    texts = {name: (paragraph(text),) if text else () for name, text in (("standard", standard), ("easy", easy))}
    return {problem.rule for problem in check_reading(samples.article(**texts))}


def sentences(count, words):
    return " ".join("The " + "cat " * (words - 2) + "sat." for _ in range(count))


def test_plain_texts_pass():
    assert rules() == set()


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        ({"standard": ""}, "empty"),
        ({"easy": ""}, "empty"),
        ({"standard": sentences(23, 5)}, "length"),
        ({"easy": sentences(15, 5)}, "length"),
        ({"standard": sentences(2, 16)}, "sentences"),
        ({"easy": "You can ask. " + sentences(1, 13)}, "sentences"),
        ({"standard": "The XYZ will help you."}, "acronym"),
        ({"easy": "The XYZ will help you."}, "acronym"),
        ({"standard": HARD}, "grade"),
        ({"easy": "Responsible authorities necessarily facilitate collaboration."}, "grade"),
    ],
)
def test_each_rule_is_broken_by_name(texts, rule):
    assert rule in rules(**texts)


@pytest.mark.parametrize(
    "texts",
    [
        {"standard": sentences(22, 5)},
        {"easy": sentences(14, 5)},
        {"standard": sentences(1, 20) + " " + sentences(1, 5)},
        {"easy": sentences(1, 12)},
        {"standard": "The XYZ (extra young zebras) will help you."},
        {"standard": "Extra young zebras (XYZ) will help you. The XYZ is kind."},
        {"standard": "XYZ means extra young zebras. It can help."},
        {"standard": "SEND and the NHS can help."},
        {"standard": "Ask for an Education, Health and Care Plan. It is free."},
    ],
)
def test_what_keeps_within_a_rule_passes(texts):
    assert rules(**texts) == set()


def test_an_acronym_explained_only_later_is_found():
    assert "acronym" in rules(standard="The XYZ is kind. Extra young zebras (XYZ) help.")


def test_quoted_law_and_tables_are_not_measured():
    quoted = {**paragraph(HARD), "quoted": True}
    table = {"type": "table", "columns": [HARD], "rows": [[HARD]]}
    article = samples.article(standard=(paragraph(PLAIN), quoted, table))
    assert list(check_reading(article)) == []


def test_official_names_count_as_one_short_word():
    assert grade("You can get a Disability Living Allowance.") == grade("You can get a name.")
    assert grade("") == 0.0
    assert grade(HARD) > 15 > grade(PLAIN)


def test_a_full_stop_in_a_figure_or_an_address_ends_no_sentence():
    assert "sentences" in rules(easy="We say 3.5 and example.org and 4.5 are all in the one long same text.")
