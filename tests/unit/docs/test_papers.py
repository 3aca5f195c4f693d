"""The papers in `docs/` say what the program does: settings, periods, stored columns, tests, contacts, commands."""

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import phonenumbers
import pytest
import sqlalchemy as sa
import yaml

from assistant import cli
from assistant.gateway.metrics import Metrics
from assistant.paths import ROOT
from assistant.settings import ELSEWHERE, PREFIX, Settings
from assistant.storage.desk_records import FLAG_STATES
from assistant.storage.staff_records import ROLES
from knowledge.features import FEATURES
from knowledge.training import RISK
from nlu.safeguarding import Thresholds
from tests.unit.docs import papers
from tests.unit.docs.papers import BLANK, NAMES, coded, flowing, paper, references_to_tests, section, table

TABLES = papers.database().tables
EVERYTHING = "\n".join(paper(name) for name in NAMES)
SETTINGS = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
STATUSES = set(yaml.safe_load((ROOT / "knowledge" / "schema" / "statuses.yml").read_text(encoding="utf-8")))
FLOORS = yaml.safe_load((ROOT / "tests" / "golden" / "floors.yml").read_text(encoding="utf-8"))
WITH_WORDS, THE_REST = "### Columns that can hold words", "### All other columns, and how long a row stays"
_STATED = re.compile(r"(\d+)\s+(?:days|minutes|hours)\s+\(`(ASSISTANT_\w+)`\)")
_FLOOR = re.compile(r"(\d+(?:\.\d+)?)\s+%\s+\(floor\s+`([\w.]+)`\)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def is_wide(column: sa.Column[object]) -> bool:
    """Whether the type alone leaves room for a person's words."""
    kind = column.type
    short = isinstance(kind, sa.String) and kind.length is not None and kind.length < 80
    return isinstance(kind, sa.String | sa.JSON | sa.LargeBinary) and not short


def stored() -> set[str]:
    return {f"{name}.{column.name}" for name, found in TABLES.items() for column in found.columns}


def told_with_words() -> list[str]:
    return [row[0].strip("`") for row in table(section(paper("dpia"), WITH_WORDS))]


def told_rest() -> list[str]:
    rows = table(section(paper("dpia"), THE_REST))
    return [f"{row[0].strip('`')}.{column.strip()}" for row in rows for column in row[2].split(",")]


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_there_is_every_paper_and_it_leaves_to_the_operator_what_is_theirs():
    for name in NAMES[:-1]:
        assert BLANK in paper(name), name
    bare = [line for line in EVERYTHING.splitlines() if BLANK in line and f"**{BLANK}" not in line]
    assert bare == [], "a blank must be marked in bold"


def test_every_setting_named_is_one():
    named = set(
        re.findall(r"ASSISTANT_[A-Z_]*[A-Z]", EVERYTHING + (ROOT / "deploy/send-assistant.service").read_text())
    )
    assert named <= set(SETTINGS) | ELSEWHERE


def test_every_period_stated_is_the_default():
    stated = _STATED.findall(flowing(EVERYTHING))
    assert {name for _, name in stated} >= {name for name in SETTINGS if name.startswith("ASSISTANT_RETENTION")}
    wrong = [(value, name) for value, name in stated if int(value) != getattr(Settings(), SETTINGS[name])]
    assert wrong == [], "the papers state another value than assistant/settings.py"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_of_days_stands_without_its_setting(name):
    text = flowing(paper(name))
    days = len(re.findall(r"\d+ days\b", text))
    assert days == len(re.findall(r"\d+ days \(`ASSISTANT_\w+`\)", text)), (
        "state the setting behind each number of days"
    )


def test_every_stored_column_is_in_annex_a():
    told = [*told_with_words(), *told_rest()]
    missing, gone = stored() - set(told), set(told) - stored()
    assert not missing, (
        f"stored, but not in annex A of docs/dpia.md (look at the privacy notice too): {sorted(missing)}"
    )
    assert not gone, f"in annex A of docs/dpia.md, but not stored: {sorted(gone)}"
    assert len(told) == len(set(told)), "a column stands in annex A twice"


def test_columns_that_can_hold_words_are_told_as_such():
    wide = {f"{name}.{c.name}" for name, found in TABLES.items() for c in found.columns if is_wide(c)}
    hidden = wide - set(told_with_words())
    assert not hidden, f"these can hold words by their type: say in annex A whose, and how protected: {sorted(hidden)}"


def test_encrypted_is_said_of_encrypted_columns_alone():
    said = {row[0].strip("`") for row in table(section(paper("dpia"), WITH_WORDS)) if row[2] == "encrypted"}
    sealed = {f"{name}.{c.name}" for name, t in TABLES.items() for c in t.columns if isinstance(c.type, sa.LargeBinary)}
    assert said == sealed


@pytest.mark.parametrize("name", ["safety-case", "accessibility-statement"])
def test_every_test_named_exists(name):
    named = references_to_tests(paper(name))
    assert len(named) >= 8
    for path, function in named:
        assert path.is_file(), path
        assert path.suffix != ".py" or function in functions(path), f"{path.name}::{function}"


def test_every_control_names_a_test_or_the_operator():
    hazards = re.split(r"^## H\d+ ", paper("safety-case"), flags=re.MULTILINE)[1:]
    assert len(hazards) >= 10
    for hazard in hazards:
        title, controls = hazard.splitlines()[0], re.split(r"^- ", hazard, flags=re.MULTILINE)[1:]
        assert "\nLeft: " in hazard, title
        assert re.search(r"Severity [1-5], likelihood [1-5]\.", hazard), title
        unshown = [c for c in controls if not (c.startswith("Operator:") or "`tests/" in c or "`docs/" in c)]
        assert (controls, unshown) != ([], []), title
        assert unshown == [], title


def test_figures_of_the_detectors_are_the_floors():
    stated = _FLOOR.findall(flowing(EVERYTHING))
    assert stated
    for percent, key in stated:
        floor = FLOORS
        for part in key.split("."):
            floor = floor[part]
        # `direct` and `veiled` stand under `recall`.
        assert float(percent) == pytest.approx(100 * floor), key


def test_every_status_named_is_one():
    named = re.findall(r"\bstatus(?:es)? `(\w+)`", flowing(EVERYTHING))
    kinds = "|".join({status.partition("_")[0] for status in STATUSES if "_" in status})
    named += [word for word in coded(EVERYTHING) if re.fullmatch(rf"(?:{kinds})_\w+", word)]
    assert len(set(named)) >= 4
    assert set(named) <= STATUSES


def test_the_features_of_the_ranker_are_those_in_use():
    (row,) = [cells for cells in table(paper("transparency-record")) if cells[0] == "ranker"]
    assert tuple(coded(row[2])) == FEATURES


def test_the_thresholds_of_the_safeguarding_classifier_are_those_in_use():
    (row,) = [cells for cells in table(paper("transparency-record")) if cells[0] == "safeguarding classifier"]
    limits = Thresholds()
    assert re.findall(r"0\.\d\d", row[3]) == [
        f"{value:.2f}" for value in (limits.alone, limits.with_hint, limits.lines)
    ]


def test_the_share_of_wrong_answers_is_the_risk_that_thresholds_are_set_by():
    assert f"up to {100 * RISK:.0f} in 100 answers" in flowing(paper("safety-case"))


def test_states_and_roles_are_those_of_the_program():
    assert ", ".join(FLAG_STATES).replace("_", " ") in flowing(paper("safety-case"))
    for role in ROLES:
        assert f"`{role}`" in section(paper("operating"), "## Staff accounts")


def test_e_mail_addresses_and_phone_numbers_are_those_of_the_contacts():
    contacts = (ROOT / "knowledge" / "contacts.yml").read_text(encoding="utf-8")
    assert [found for found in _EMAIL.findall(EVERYTHING) if found not in contacts] == []
    known = {re.sub(r"\D", "", number) for number in re.findall(r"\d[\d ]+\d", contacts)}
    numbers = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(EVERYTHING, "GB")]
    assert [number for number in numbers if re.sub(r"\D", "", number) not in known] == []


@pytest.mark.parametrize("name", NAMES)
def test_files_and_links_named_exist(name):
    text = paper(name)
    named = [
        part
        for part in coded(text)
        if re.fullmatch(r"(?:docs|knowledge|assistant|nlu|deploy|tests|widget)/[\w./-]+", part)
    ]
    named += [f"docs/{link}" for link in re.findall(r"\]\(([\w-]+\.md)\)", text)]
    assert [part for part in named if not (ROOT / part).exists()] == []
    numbers = {path.name[:4] for path in (ROOT / "assistant" / "decisions").glob("*.md")}
    assert set(re.findall(r"decision (\d{4})", flowing(text))) <= numbers


def test_commands_named_exist(capsys):
    named = set(
        re.findall(r"send-assistant ([a-z][a-z-]+)(?: ([a-z][a-z-]+)(?![\w/-]))?", "\n".join(coded(EVERYTHING)))
    )
    assert len(named) >= 4
    for command, part in sorted(named):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        usage = capsys.readouterr().out
        assert usage, f"send-assistant {command}"
        assert not part or re.search(rf"\b{part}\b", usage), f"send-assistant {command} {part}"
    made = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in re.findall(r"make ([a-z][a-z ]+)", "\n".join(coded(EVERYTHING))):
        assert set(command.split()) <= set(made), command


def test_what_to_watch_exists():
    watched = section(paper("operating"), "## What to watch")
    counted = Metrics()
    counted.request("GET", "/", 200, 0.1)
    counted.reply("answered")
    counted.event("limited")
    page = counted.page().decode()
    figures = [word for word in coded(watched) if word.startswith("assistant_")]
    assert [word for word in figures if f"\n{word}" not in page] == []
    sources = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("assistant", "actions")
        for path in (ROOT / folder).rglob("*.py")
    )
    events = re.findall(r"`([a-z_]+)`", watched.partition("holds event names")[2])
    assert len(events) >= 5
    assert [name for name in events if name not in STATUSES and f'"{name}' not in sources] == []


def test_the_papers_stay_short():
    for name in NAMES:
        assert len(paper(name).splitlines()) <= 250, name
    assert papers.DOCS.is_dir()
