"""References, names, dates and the inventory: each rule with something that passes and something that fails."""

import datetime as dt

import pytest

from knowledge.check import check_content
from knowledge.check.problem import Problem, line_of
from knowledge.check.references import check_dates, check_names, check_references
from knowledge.check.run import missing_from_inventory
from knowledge.loader import ROOT
from knowledge.model import QuestionGroup, Section
from tests import samples

DAY = dt.timedelta(days=1)
CARD = {"type": "contact", "key": "nobody"}


def problems(**changes):
    article = samples.article(**changes)
    known = {**samples.articles(), "plan": article}
    found = check_references(known, samples.contacts(), ["play-club"])
    return [problem.message for problem in found if problem.path == article.path and problem.rule == "reference"]


def test_sound_references_pass():
    assert problems(services=("play-club",), part_of="transport") == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"related": ("gone",)}, "related 'gone'"),
        ({"part_of": "gone"}, "part_of 'gone'"),
        ({"contacts": ("nobody",)}, "contact 'nobody'"),
        ({"standard": (CARD,)}, "contact 'nobody'"),
        ({"easy": (CARD,)}, "contact 'nobody'"),
        ({"details": (Section("How long it lasts", (CARD,)),)}, "contact 'nobody'"),
        ({"services": ("gone",)}, "service 'gone'"),
        ({"standard": ({"type": "service", "key": "gone"},)}, "service 'gone'"),
        ({"facts": (("A fact", "gone"),)}, "source 'gone'"),
        ({"questions": (QuestionGroup(("q",), "Lead.", None, "Gone"),)}, "first 'Gone'"),
    ],
)
def test_what_leads_nowhere_is_found(changes, message):
    assert problems(**changes) == [f"{message} does not exist"]


@pytest.mark.parametrize(("count", "found"), [(5, 1), (6, 0)])
def test_an_article_needs_six_wordings(count, found):
    one = samples.article(questions=(QuestionGroup(tuple(f"wording {n}" for n in range(count))),), related=(), facts=())
    assert [p.rule for p in check_references({"plan": one}, samples.contacts(), [])] == ["questions"] * found


@pytest.mark.parametrize(
    "changes",
    [
        {"aliases": ("School Transport help",)},
        {"questions": (QuestionGroup(("school  transport HELP",)),)},
    ],
)
def test_a_wording_claimed_twice_is_found(changes):
    other = samples.simple("other", "Other", "school transport help")
    [problem] = check_names({"plan": samples.article(**changes), "other": other})
    assert problem.message == "'school transport help' is claimed by other, plan"


def test_wordings_of_one_article_may_repeat_its_alias():
    twice = samples.article(aliases=("my plan",), questions=(QuestionGroup(("my plan",)),))
    assert list(check_names({"plan": twice})) == []


@pytest.mark.parametrize(
    ("today", "rules"),
    [
        (samples.TODAY, []),
        (samples.TODAY + DAY, ["expired"]),
        (samples.TODAY + 90 * DAY, ["expired"]),
        (samples.TODAY + 91 * DAY, ["expired", "review"]),
    ],
)
def test_dates_that_have_passed_are_warnings(today, rules):
    found = list(check_dates({"a": samples.article(valid_until=samples.TODAY)}, today))
    assert [problem.rule for problem in found] == rules
    assert {problem.level for problem in found} <= {"warning"}


def test_an_id_of_the_inventory_without_an_answer_is_found(tmp_path):
    path = tmp_path / "inventory.yml"
    path.write_text("glossary: [plan, gone]\nservices: [club]\n", encoding="utf-8")
    [problem] = missing_from_inventory(path, {"plan", "club"})
    assert problem.message == "glossary: 'gone' has no article"


def test_a_finding_prints_as_editors_jump_to_it():
    assert str(Problem("a.md", 3, "figure", "what")) == "a.md:3: error: [figure] what"


def test_the_line_of_a_finding(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("one\ntwo\n", encoding="utf-8")
    assert [line_of(str(path), needle) for needle in ("two", "three", "")] == [2, 1, 1]
    assert line_of(str(tmp_path / "gone.md"), "two") == 1


@pytest.fixture
def broken_root(tmp_path):
    (tmp_path / "articles" / "x").mkdir(parents=True)
    (tmp_path / "services").mkdir()
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "inventory.yml").write_text("glossary: [ehcp]\n", encoding="utf-8")
    (tmp_path / "contacts.yml").write_text((ROOT / "contacts.yml").read_text(encoding="utf-8"), encoding="utf-8")
    good = (ROOT / "articles" / "glossary" / "ehcp.md").read_text(encoding="utf-8")
    (tmp_path / "articles" / "ehcp.md").write_text(good, encoding="utf-8")
    (tmp_path / "articles" / "x" / "ehcp.md").write_text(good, encoding="utf-8")
    (tmp_path / "articles" / "broken.md").write_text("nothing", encoding="utf-8")
    return tmp_path


def test_a_broken_file_and_an_id_used_twice_are_findings_among_others(broken_root):
    found = check_content(today=samples.TODAY, root=broken_root)
    schema = [problem.message for problem in found if problem.rule == "schema"]
    assert len(schema) == 2
    assert any("frontmatter" in message for message in schema)
    assert any("used twice" in message for message in schema)
    assert found == sorted(set(found))
