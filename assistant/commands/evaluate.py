"""`send-assistant evaluate`: golden questions asked of a running service, of retrieval alone, or part by part."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.paths import build_folder

if TYPE_CHECKING:
    from assistant.evaluation.cases import Case
    from assistant.evaluation.offline import Parts
    from assistant.evaluation.score import Outcome

_ADDRESS = "http://127.0.0.1:8080"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("evaluate", help="ask golden questions and report")
    parser.add_argument("file", nargs="+", type=Path, help="JSON lines of questions")
    parser.add_argument("--url", help=f"address of the service (else {_ADDRESS})")
    parser.add_argument("--misses", action="store_true", help="list every case that did not go right")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write a report page and the figures as JSON")
    parser.add_argument("--offline", action="store_true", help="measure retrieval alone, without a service")
    parser.add_argument("--ablation", action="store_true", help="measure what each part of retrieval adds")
    parser.add_argument("--peer", type=Path, help="with --ablation: folder of a stock Rasa bot's scripts")
    parser.add_argument(
        "--plain-build", type=Path, metavar="DIR", help="with --ablation: a build with MiniLM as published"
    )
    parser.add_argument("--page", type=Path, help="with --ablation: file for the page (Markdown)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Measure, print, and write what was asked for."""
    from assistant.evaluation.cases import read_cases

    cases = [case for path in options.file for case in read_cases(path)]
    return _ablation(options, cases) if options.ablation else _evaluate(options, cases)


def _evaluate(options: argparse.Namespace, cases: Sequence[Case]) -> int:
    from assistant.evaluation import report
    from assistant.evaluation.offline import look_up

    outcomes = [] if options.offline else _ask(options.url or _ADDRESS, cases)
    _print(outcomes, misses=options.misses)
    if not (options.offline or options.report):
        return 0
    parts = _parts()
    found = report.retrieved(look_up(parts, cases), parts)
    if options.offline:
        _say(f"{found.summary}")
    if options.report:
        _say(str(report.write(options.report, outcomes, found, _about(options))))
    return 0


def _ablation(options: argparse.Namespace, cases: Sequence[Case]) -> int:
    from assistant.build.step import read_manifest
    from assistant.evaluation import ablation, ablation_page, offline, report, summary, tally
    from assistant.evaluation.peer_rows import peer_rows

    parts = _parts()
    served = offline.look_up(parts, cases)
    rows = ablation.ablation(parts, served)
    if options.plain_build:
        plain = offline.load(options.plain_build)
        rows.append(ablation.Row("plain_encoder", summary.summarise(offline.look_up(plain, cases), plain)))
    if options.peer:
        rows += peer_rows(options.peer, parts, cases)
    answers = tally.kinds(_ask(options.url, cases)) if options.url else []
    found = report.retrieved(served, parts)
    fitted = ablation.fine_tuned(read_manifest(build_folder() / "encoder"))
    text = ablation_page.markdown(rows, found, answers, command=command_line(options), fitted=fitted)
    if options.page:
        options.page.write_text(text, encoding="utf-8")
    else:
        _say(text)
    return 0


def command_line(options: argparse.Namespace) -> str:
    """Return the command of an ablation as it can be given again."""
    given = {"peer": options.peer, "plain-build": options.plain_build, "url": options.url, "page": options.page}
    words = ["send-assistant evaluate --ablation", *map(str, options.file)]
    return " ".join([*words, *(f"--{name} {value}" for name, value in given.items() if value)])


def _ask(address: str, cases: Sequence[Case]) -> list[Outcome]:
    from assistant.evaluation.run import evaluate

    return evaluate(address, cases)


def _print(outcomes: Sequence[Outcome], *, misses: bool) -> None:
    from assistant.evaluation import run as results

    if not outcomes:
        return
    if misses:
        _say("\n".join(results.misses(outcomes)))
    _say(results.table(outcomes))
    _say(f"median time of an answer: {results.middle_milliseconds(outcomes):.0f} ms")


def _parts() -> Parts:
    from assistant.evaluation.offline import load

    return load(build_folder())


def _about(options: argparse.Namespace) -> dict[str, object]:
    from assistant.benchmark.machine import commit

    asked = "none, retrieval alone" if options.offline else options.url or _ADDRESS
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    return {"files": [path.name for path in options.file], "service": asked, "commit": commit(), "time": now}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
