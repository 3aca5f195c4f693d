"""The report on all content: its figures are those of the content, and nothing of the inventory is missing."""

import re

import pytest

from knowledge.check.problem import Problem
from knowledge.check.report import report
from knowledge.loader import ROOT, load_articles, read_yaml
from knowledge.services import load_services


@pytest.fixture(scope="module")
def text():
    return report([Problem("a.md", 1, "grade", "hard"), Problem("b.md", 2, "review", "due", "warning")])


def table(text, title):
    """The rows of a section as lists of cells, without head and rule."""
    section = text.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_amounts_are_those_of_the_content(text):
    articles = load_articles()
    amounts = {what: int(number) for what, number in table(text, "How much")}
    assert amounts["articles"] == len(articles)
    assert amounts["service records"] == len(load_services())
    assert amounts["question wordings"] == sum(len(g.ask) for a in articles.values() for g in a.questions)
    assert amounts["findings of the check: errors"] == amounts["findings of the check: warnings"] == 1


def test_tables_add_up(text):
    amounts = {what: int(number) for what, number in table(text, "How much")}
    topics = table(text, "Articles by topic")
    assert sum(int(row[1]) for row in topics) == amounts["articles"]
    assert sum(int(row[2]) for row in topics) == amounts["question wordings"]
    sources = [[int(cell) for cell in row[1:]] for row in table(text, "Sources by kind and certainty")]
    assert all(sum(row[:-1]) == row[-1] for row in sources)
    assert sum(row[-1] for row in sources) == amounts["sources named"]
    certainties = table(text, "Service records by certainty")
    assert sum(int(row[1]) for row in certainties) == amounts["service records"]


def test_grades_stay_within_the_limits(text):
    grades = {row[0]: (float(row[1]), float(row[2])) for row in table(text, "Reading grade")}
    assert grades["standard"][0] <= 8.0
    assert grades["standard"][1] <= 10.0
    assert grades["easy"][0] <= 5.0
    assert grades["easy"][1] <= 6.5


def test_every_id_of_the_inventory_is_listed_and_answered(text):
    wanted = [key for keys in read_yaml((ROOT / "schema" / "inventory.yml").read_text()).values() for key in keys]
    rows = table(text, "Inventory against articles")
    assert [row[1] for row in rows] == [f"`{key}`" for key in wanted]
    assert all(re.match(r"article \(\w+\)|service record", row[2]) for row in rows)
    assert f"{len(wanted)} ids, 0 missing." in text


@pytest.fixture
def small_root(tmp_path):
    for folder in ("articles", "services", "schema"):
        (tmp_path / folder).mkdir()
    (tmp_path / "schema" / "inventory.yml").write_text("glossary: [ehcp, gone]\n", encoding="utf-8")
    for name in ("contacts.yml", "schema/topics.yml", "articles/ehcp.md"):
        source = ROOT / ("articles/glossary/ehcp.md" if name == "articles/ehcp.md" else name)
        (tmp_path / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_what_is_missing_is_said(small_root):
    text = report([], small_root)
    assert "2 ids, 1 missing: gone." in text
    assert ["glossary", "`gone`", "MISSING"] in [row[:3] for row in table(text, "Inventory against articles")]
    assert "- `sendias.phone`" in text


def test_the_same_content_gives_the_same_report(small_root):
    assert report([], small_root) == report([], small_root)
