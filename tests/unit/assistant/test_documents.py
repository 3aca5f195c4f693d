"""README, decisions and hooks say what is so."""

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest
import yaml

from assistant import cli
from assistant.paths import ROOT
from assistant.settings import ELSEWHERE, PREFIX, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "assistant" / "decisions").glob("*.md"))
KNOWN = {PREFIX + field.name.upper() for field in fields(Settings)} | ELSEWHERE


def defaults() -> dict[str, str]:
    """Variable to default, as the table of README says."""
    rows = re.findall(r"^\| (`ASSISTANT_.+?) \| (.+?) \|", README, re.MULTILINE)
    pairs = ((names.split(", "), values.split(", ")) for names, values in rows)
    return {n.strip("`"): v.strip("`") for names, values in pairs for n, v in zip(names, values, strict=False)}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_setting_is_in_the_table(name):
    assert name in re.findall(r"`(ASSISTANT_[A-Z_]+)`", README)


def test_readme_names_no_setting_that_is_none():
    assert set(re.findall(r"ASSISTANT_[A-Z_]*[A-Z]", README)) == KNOWN


def test_the_defaults_in_readme_are_the_ones_in_use():
    told = defaults()
    for field in fields(Settings):
        value = getattr(Settings(), field.name)
        name = PREFIX + field.name.upper()
        if isinstance(value, bool):
            assert told[name] == ("on" if value else "off"), name
        elif isinstance(value, int | float):
            assert float(told[name]) == value, name
    assert Settings.from_env({"ASSISTANT_HOURS": told["ASSISTANT_HOURS"]}).hours == Settings().hours


def test_every_folder_of_the_map_exists_and_none_is_left_out():
    told = set(re.findall(r"^\| `([a-z]+)/` \|", README, re.MULTILINE))
    ignored = {"var"}
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - ignored
    assert told == there


def test_commands_and_files_in_readme_exist(capsys):
    make = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= make
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    usage = capsys.readouterr().out
    for command in ("check", "new-article", "preview", "feed", "evaluate"):
        assert f"`{command}`" in README
        assert re.search(rf"^ +{command}\b", usage, re.MULTILINE)
    for path in re.findall(r"`((?:docs|knowledge|assistant|deploy)/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path


def test_decisions_are_numbered_without_gaps_and_have_their_parts():
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        parts = [text.index(part) for part in ("\nStatus: ", "\n## Context", "\n## Decision", "\n## Consequences")]
        assert parts == sorted(parts)


def test_decisions_that_the_code_names_exist():
    numbers = {path.name[:4] for path in DECISIONS}
    files = [
        path
        for folder in ("assistant", "actions", "knowledge", "nlu", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".yml", ".md"}
    ]
    named = {n for path in files for n in re.findall(r"[Dd]ecision (\d{4})", path.read_text(encoding="utf-8"))}
    assert named
    assert named <= numbers


def test_every_library_that_serves_is_in_the_decision_on_libraries():
    pins = (ROOT / "deploy" / "requirements" / "serve.in").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^([a-z0-9-]+)", pins, re.MULTILINE))
    text = (ROOT / "assistant" / "decisions" / "0007-libraries.md").read_text(encoding="utf-8")
    assert {name for name in wanted if not re.search(rf"\b{re.escape(name)}\b", text)} == set()


@pytest.fixture
def hooks():
    content = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in content["repos"]] == ["local"]
    return {hook["id"]: hook for hook in content["repos"][0]["hooks"]}


def test_hooks_fetch_nothing_and_name_tools_of_the_environment(hooks):
    assert {hook["language"] for hook in hooks.values()} == {"system", "pygrep"}
    for name in ("ruff", "ruff-format", "mypy", "lint-imports", "content"):
        assert (ROOT / hooks[name]["entry"].split()[0]).exists()


@pytest.mark.parametrize(
    ("hook", "line", "caught"),
    [
        ("merge-conflict", "<" * 7 + " ours", True),
        ("merge-conflict", ">" * 7 + " theirs", True),
        ("merge-conflict", "=" * 7, True),
        ("merge-conflict", "=" * 12, False),
        ("private-key", "-----BEGIN RSA " + "PRIVATE KEY-----", True),
        ("private-key", "BEGIN PUBLIC KEY", False),
    ],
)
def test_what_the_patterns_of_the_hooks_catch(hooks, hook, line, caught):
    assert bool(re.search(hooks[hook]["entry"], line)) is caught


@pytest.mark.parametrize(
    ("hook", "size", "code"),
    [("empty-file", 0, 1), ("empty-file", 1, 0), ("large-file", 2_000_000, 1), ("large-file", 1000, 0)],
)
def test_what_the_shell_hooks_refuse(hooks, hook, size, code, tmp_path):
    path = tmp_path / "a file"
    path.write_bytes(b"x" * size)
    command = f'{hooks[hook]["entry"]} "$0"'
    done = subprocess.run(["sh", "-c", command, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert ("a file" in done.stdout) is bool(code)


def test_help_starts_quickly_because_nothing_heavy_is_imported():
    code = (
        "import sys\nfrom assistant.cli import _parser\n_parser()\n"
        "heavy = {'torch', 'spacy', 'faiss', 'onnxruntime', 'fastapi', 'textstat', 'jinja2', 'rapidfuzz'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
