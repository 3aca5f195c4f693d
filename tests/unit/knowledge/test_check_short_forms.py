"""The content check on short forms that several articles bear."""

import pytest
import yaml

from knowledge.check.short_forms import check_short_forms
from knowledge.loader import ROOT, load_articles
from tests import samples

TWO = {
    "plan": samples.article(),
    "other": samples.simple("other", "Other plan", acronyms=("EHCP",)),
}
ROWS = [{"article": "plan", "means": "a plan"}, {"article": "other", "means": "another plan"}]


def found(tmp_path, articles, **table):
    path = tmp_path / "short_forms.yml"
    path.write_text(yaml.safe_dump({"several": {}, "one_meaning": [], **table}), encoding="utf-8")
    return [problem.message for problem in check_short_forms(articles, path)]


def test_a_clash_that_nobody_has_listed_is_a_problem(tmp_path):
    assert found(tmp_path, TWO) == ["'EHCP' is claimed by other, plan: list it in short_forms.yml"]


@pytest.mark.parametrize("table", [{"several": {"EHCP": ROWS}}, {"one_meaning": ["EHCP"]}])
def test_a_listed_clash_is_none(tmp_path, table):
    assert found(tmp_path, TWO, **table) == []


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ({"one_meaning": ["EHCP", "XX"]}, "'XX' is no longer borne"),
        ({"several": {"EHCP": ROWS[:1]}}, "'EHCP' has one meaning"),
        ({"several": {"EHCP": ROWS[:1]}}, "the meaning of 'other' is not among"),
        ({"several": {"EHCP": [*ROWS, {"article": "gone", "means": "x"}]}}, "'gone' does not exist"),
    ],
)
def test_a_row_out_of_date_is_a_problem(tmp_path, table, part):
    assert any(part in message for message in found(tmp_path, TWO, **table))


def test_the_short_forms_of_our_own_articles_are_all_listed():
    assert list(check_short_forms(load_articles(), ROOT / "schema" / "short_forms.yml")) == []
