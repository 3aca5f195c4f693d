"""The house rules that a machine can check: sizes, imports, pins without addresses, settings that are explained."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.paths import ROOT
from assistant.settings import PREFIX, Settings

PACKAGES = ("assistant", "actions", "knowledge", "nlu")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
REQUIREMENTS = sorted((ROOT / "deploy" / "requirements").iterdir())
MOST_LINES, MOST_FUNCTION_LINES = 300, 40


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_check():
    assert len(SOURCES) > 100
    assert len(TESTS) > 20
    assert len(REQUIREMENTS) > 4


def test_no_file_is_longer_than_300_lines():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*SOURCES, *TESTS]}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > MOST_FUNCTION_LINES} == {}


def test_no_package_imports_the_tests():
    imported = re.compile(r"^\s*(?:from|import) tests\b", re.MULTILINE)
    assert [name_of(path) for path in SOURCES if imported.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirement_files_hold_no_address(path):
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    address = re.compile(r"://|^-i\b|--(?:extra-)?index-url|--find-links|^-f\b|--trusted-host|\s@\s|\bgit\+")
    assert [line for line in lines if address.search(line)] == []


@pytest.mark.parametrize("path", [path for path in REQUIREMENTS if path.suffix == ".txt"], ids=lambda path: path.name)
def test_pins_are_exact_and_free_of_cuda(path):
    text = path.read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    pins = [line for line in lines if line and not line.startswith("-")]
    assert [line for line in pins if "==" not in line] == []
    assert re.findall(r"(?im)^(?:nvidia|cuda|triton)\S*", text) == []


def test_the_import_contracts_hold():
    tool = importlib.util.find_spec("importlinter")
    assert tool is not None
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "0 broken" in done.stdout


def test_every_setting_is_explained():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    names = [PREFIX + field.name.upper() for field in dataclasses.fields(Settings)]
    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []
