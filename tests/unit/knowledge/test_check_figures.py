"""Figures and addresses in a text: each is declared with its source, or it is found."""

import pytest

from knowledge.check.figures import check_figures
from knowledge.model import Contact, QuestionGroup, Section
from tests import samples
from tests.samples import paragraph

CONTACTS = {
    "sendias": Contact(
        "sendias", "SENDIAS", phone="01632 960 001", email="help@example.org", url="https://www.example.org/s/"
    ),
    "shout": Contact("shout", "Shout", text_number="85258"),
    "hidden": Contact("hidden", "Hidden", phone="01632 960 999"),
}
FACTS = (
    ("The council has 20 weeks from the request", "council"),
    ("It ends on 15 February 2027", "council"),
    ("2,500 pupils, 33.5% of them boys, cost £6,000", "council"),
    ("You have two months", "council"),
)


def found(text, *, facts=FACTS, contacts=("sendias", "shout")):
    article = samples.article(
        standard=(paragraph(text),), easy=(), questions=(), details=(), facts=facts, contacts=contacts
    )
    return [problem.message for problem in check_figures(article, CONTACTS)]


@pytest.mark.parametrize(
    "text",
    [
        "It takes 20 weeks.",
        "The 20-week limit.",
        "By 15 February.",
        "There are 2,500 pupils.",
        "33.5% are boys.",
        "It costs £6,000.",
        "You have two months.",
        "You have 2 months.",
        "Ambition 5 and Priority 3, in Year 6 at Stage 2.",
        "Ring 01632 960 001.",
        "Ring 01632 960001.",
        "Write to help@example.org.",
        "See www.example.org/s or https://example.org/s.",
        "Text 85258.",
        "No figure at all.",
    ],
)
def test_what_is_declared_passes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("It takes 21 weeks.", "21 week"),
        ("It takes 20 days.", "20 day"),
        ("It takes six weeks.", "6 week"),
        ("By 16 February.", "16 february"),
        ("There are 2,501 pupils.", "2,501"),
        ("33.6% are boys.", "33.6 %"),
        ("It costs £6,001.", "£6,001"),
        ("You have three months.", "3 month"),
        ("Ring 01632 960 002.", "01632 960 002"),
        ("Ring 01632 960 999.", "01632 960 999"),
        ("Write to other@example.org.", "other@example.org"),
        ("See www.example.com/s.", "www.example.com/s"),
        ("See medway.gov.uk/page.", "medway.gov.uk/page"),
        ("Ring 116 123.", "116 123"),
    ],
)
def test_a_figure_that_slipped_in_is_found(text, figure):
    problems = found(text)
    assert len(problems) >= 1
    assert any(figure in problem for problem in problems)


def test_a_number_of_another_contact_is_found_until_the_article_names_it():
    assert found("Ring 01632 960 999.", contacts=("sendias", "hidden")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"easy": (paragraph("It takes 99 weeks."),)},
        {"details": (Section("After 99 weeks", ()),)},
        {"details": (Section("When", ({"type": "list", "items": ["in 99 weeks"]},)),)},
        {"details": (Section("When", ({"type": "table", "columns": ["A"], "rows": [["99 weeks"]]},)),)},
        {"questions": (QuestionGroup(("q",), "It takes 99 weeks."),)},
        {"questions": (QuestionGroup(("q",), None, "99 weeks."),)},
        {"for_audience": {"family": "It takes 99 weeks."}},
        {"next_steps": ("Wait 99 weeks.",)},
    ],
)
def test_every_text_that_can_be_shown_is_looked_at(changes):
    article = samples.article(standard=(paragraph("Text."),), facts=(), **{"questions": (), "details": ()} | changes)
    assert [p.message for p in check_figures(article, {})] == ["'99 week' is not declared in the facts"]


def test_the_numbers_of_steps_are_no_figures():
    steps = {"type": "steps", "items": ["Ask.", "Wait."]}
    article = samples.article(standard=(steps,), questions=(), details=(), facts=())
    assert list(check_figures(article, {})) == []


def test_what_a_family_asks_is_not_looked_at():
    article = samples.article(questions=(QuestionGroup(("is it 99 weeks",)),), details=(), facts=())
    assert list(check_figures(article, {})) == []
