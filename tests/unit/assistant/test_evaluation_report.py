"""The report page and its figures: whole, self-contained, safe; and the command that writes them."""

import json
import re
from xml.etree import ElementTree

import pytest

from assistant import cli
from assistant.commands import evaluate as command
from assistant.evaluation import offline, report
from assistant.evaluation.cases import Case
from assistant.evaluation.client import Reply
from assistant.evaluation.offline import Found, look_up
from assistant.evaluation.score import judge
from assistant.evaluation.tally import kinds
from tests.unit.assistant.evaluation_samples import ASKED, tiny_parts

ABOUT = {"files": ["a.jsonl", "b.jsonl"], "commit": "abc"}


def outcome(text="It is <b>20</b> weeks.", *, kind="process", wanted="20", cited=("plan",), status="answered"):
    case = Case("T1", kind, ("first", "how <i>long</i>"), ("plan",), ((wanted,),))
    return judge(case, Reply(status, text, cited, (), 0.1))


OUTCOMES = [outcome(), outcome(wanted="30"), outcome(cited=("bus",)), outcome(kind="contact", status="clarify")]


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


@pytest.fixture
def found(parts):
    return report.retrieved(look_up(parts, ASKED), parts)


def test_kinds_are_counted_and_added_up():
    rows = {row.kind: row for row in kinds(OUTCOMES)}
    assert list(rows) == ["contact", "process", "all"]
    assert (rows["process"].total, rows["process"].correct, rows["process"].wrong, rows["process"].cited) == (
        3,
        2,
        1,
        2,
    )
    assert rows["contact"].clarified == 1
    assert rows["all"].total == 4
    assert kinds([]) == []


def test_expected_and_predicted_are_not_mixed_up():
    content = json.loads(report.figures_json([outcome(cited=("bus",))], None, ABOUT))
    [miss] = content["misses"]
    assert (miss["expected"], miss["predicted"]) == (["plan"], ["bus"])
    assert content["about"] == ABOUT
    assert content["retrieval"] is None


def test_the_json_holds_all_figures(found):
    content = json.loads(report.figures_json(OUTCOMES, found, ABOUT))
    assert len(content["misses"]) == 3
    assert len(content["retrieval"]["bins"]) == 10
    assert content["retrieval"]["summary"]["inside"] == 4
    assert content["chat_api"][-1]["kind"] == "all"


def test_the_page_needs_nothing_else_and_runs_nothing(found):
    text = report.page(OUTCOMES, found, ABOUT)
    assert not re.search(r"<script|\son\w+=|<link[^>]+href=\"(?!data:)|src=|url\(|https?://", text)
    assert "how &lt;i&gt;long&lt;/i&gt;" in text
    assert "<i>" not in text


def test_drawings_are_named_and_their_numbers_stand_in_a_table(found):
    text = report.page(OUTCOMES, found, ABOUT)
    drawings = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]
    assert len(drawings) == 2
    for drawing in drawings:
        names = [drawing.find(f".//*[@id='{key}']") for key in drawing.get("aria-labelledby").split()]
        assert drawing.get("role") == "img"
        assert all(name is not None and name.text.strip() for name in names)
    assert all("<caption" in table for table in re.findall(r"<table.*?</table>", text, re.DOTALL))
    assert "0.9 to 1.0" in text
    assert "without the service" in text


def test_the_page_can_do_without_a_service_and_without_misses(found):
    assert "Answers through the chat API" not in report.page([], found, ABOUT)
    alone = report.page([outcome()], None, ABOUT)
    assert "every case was correct" in alone
    assert "<svg" not in alone


def test_both_files_are_written(found, tmp_path):
    path = report.write(tmp_path / "a" / "b", OUTCOMES, found, ABOUT)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads((path.parent / "figures.json").read_text(encoding="utf-8"))["about"] == ABOUT


@pytest.fixture
def measured(monkeypatch, parts, tmp_path):
    """The command over the tiny library; a service would be asked as `asked` notes."""
    asked = []
    monkeypatch.setattr(command, "_parts", lambda: parts)
    monkeypatch.setattr(command, "_ask", lambda address, cases: asked.append(address) or OUTCOMES)
    path = tmp_path / "cases.jsonl"
    rows = [{"id": "1", "kind": "glossary", "text": "who writes the plan", "expected": "plan"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return str(path), asked


def test_without_a_report_only_the_service_is_asked(measured, capsys):
    path, asked = measured
    assert cli.main(["evaluate", path, "--misses"]) == 0
    out = capsys.readouterr().out
    assert asked == ["http://127.0.0.1:8080"]
    assert "wrong     T1" in out
    assert "median time of an answer: 100 ms" in out


def test_offline_asks_no_service_and_prints_the_figures(measured, capsys):
    path, asked = measured
    assert cli.main(["evaluate", path, "--offline"]) == 0
    assert asked == []
    assert "recall_at_1=1.0" in capsys.readouterr().out


def test_a_report_holds_both(measured, tmp_path, capsys):
    path, asked = measured
    assert cli.main(["evaluate", path, "--url", "http://x", "--report", str(tmp_path / "r")]) == 0
    content = json.loads((tmp_path / "r" / "figures.json").read_text(encoding="utf-8"))
    assert asked == ["http://x"]
    assert content["about"]["service"] == "http://x"
    assert content["retrieval"]["summary"]["recall_at_1"] == 1.0
    assert content["chat_api"]
    assert str(tmp_path / "r" / "index.html") in capsys.readouterr().out


def test_the_ablation_writes_its_page_with_its_command(measured, tmp_path):
    path, asked = measured
    page = tmp_path / "evaluation.md"
    assert cli.main(["evaluate", path, "--ablation", "--url", "http://x", "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert f"send-assistant evaluate --ablation {path} --url http://x --page {page}" in text
    assert "| contact | 1 |" in text
    assert asked == ["http://x"]


def test_a_build_with_the_encoder_as_published_is_a_row_of_its_own(measured, tmp_path, parts, monkeypatch, capsys):
    path, _ = measured
    seen = []
    monkeypatch.setattr(offline, "load", lambda folder: seen.append(folder) or parts)
    assert cli.main(["evaluate", path, "--ablation", "--plain-build", str(tmp_path)]) == 0
    assert "| as it is served, but the encoder as published | 1 |" in capsys.readouterr().out
    assert seen == [tmp_path]


def test_an_always_answered_question_counts_with_certainty():
    assert Found(ASKED[0], ("plan",), ("plan",), None).guess.probability == 1.0
