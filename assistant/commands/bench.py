"""`send-assistant bench`: how fast the service is and what it needs, on this machine."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from assistant.paths import ROOT, build_folder

_QUESTIONS = ROOT / "tests" / "golden" / "questions.jsonl"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("bench", help="measure speed, memory and start on this machine")
    parser.add_argument("--questions", type=Path, default=_QUESTIONS, help="JSON lines of what is asked")
    parser.add_argument("--peer", type=Path, help="folder of a stock Rasa bot's scripts, to measure it in the same run")
    parser.add_argument("--page", type=Path, help="write a page with the figures (Markdown)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Measure, log, and write the page."""
    from assistant.benchmark.page import log, markdown
    from assistant.benchmark.run import bench
    from assistant.evaluation.cases import read_cases

    questions = [case.turns[-1] for case in read_cases(options.questions) if len(case.turns) == 1]
    report = bench(questions, tell=lambda text: _say(f"bench    | {text}"), peer_source=options.peer)
    text = markdown(report, command_line(options))
    if options.page:
        options.page.write_text(text, encoding="utf-8")
    else:
        _say(text)
    if options.peer is None:
        _say("bench    | no stock bot measured beside it: --peer DIR names its folder")
    _say(f"bench    | {log(report.machine, dataclasses.asdict(report), build_folder() / 'bench')}")
    return 0


def command_line(options: argparse.Namespace) -> str:
    """Return the command as it can be given again."""
    words = ["send-assistant bench"]
    words += [f"--peer {options.peer}"] if options.peer else []
    words += [f"--page {options.page}"] if options.page else []
    return " ".join(words)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
