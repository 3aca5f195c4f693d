"""The report of an evaluation: one HTML page that needs nothing else, and its figures as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from assistant.evaluation import charts, figures
from assistant.evaluation.offline import Found, Parts
from assistant.evaluation.score import Outcome, went_right
from assistant.evaluation.summary import Summary, summarise
from assistant.evaluation.tally import kinds


@dataclasses.dataclass(frozen=True)
class Retrieved:
    """What was measured without a service: rankings, and the probability with the limit that is served."""

    summary: Summary
    bins: tuple[figures.Bin, ...]
    curve: tuple[figures.RiskPoint, ...]
    served: figures.RiskPoint
    calibration_error: float
    brier: float


def retrieved(rows: Sequence[Found], parts: Parts) -> Retrieved:
    """Return the figures of the questions that were looked up."""
    guesses = [row.guess for row in rows]
    bins = tuple(figures.reliability(guesses))
    return Retrieved(
        summary=summarise(rows, parts),
        bins=bins,
        curve=tuple(figures.risk_coverage(guesses)),
        served=figures.at_limit(guesses, parts.calibrator.answer_from),
        calibration_error=figures.calibration_error(bins),
        brier=figures.brier(guesses),
    )


def figures_json(outcomes: Sequence[Outcome], found: Retrieved | None, about: dict[str, Any]) -> str:
    """Return everything that was measured, for other programs.

    Args:
        outcomes: Asked of a service; may be empty.
        found: Measured without a service.
        about: Files, address, commit, time.
    """
    content = {
        "about": about,
        "chat_api": [dataclasses.asdict(row) for row in kinds(outcomes)],
        "retrieval": dataclasses.asdict(found) if found else None,
        "misses": [_miss(outcome) for outcome in outcomes if not went_right(outcome)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def page(outcomes: Sequence[Outcome], found: Retrieved | None, about: dict[str, Any]) -> str:
    """Return the report as HTML with drawings inside; arguments as for `figures_json`."""
    template = _environment().get_template("report.html.j2")
    return template.render(
        about=about,
        kinds=kinds(outcomes),
        found=found,
        reliability=charts.reliability_chart(found.bins) if found else None,
        tenths=figures.tenths(found.curve) if found else (),
        risk=charts.risk_chart(found.curve, found.served) if found else None,
        misses=[_miss(outcome) for outcome in outcomes if not went_right(outcome)],
    )


def write(folder: Path, outcomes: Sequence[Outcome], found: Retrieved | None, about: dict[str, Any]) -> Path:
    """Write `index.html` and `figures.json` into a folder, made if missing; return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(figures_json(outcomes, found, about), encoding="utf-8")
    path = folder / "index.html"
    path.write_text(page(outcomes, found, about), encoding="utf-8")
    return path


def _miss(outcome: Outcome) -> dict[str, Any]:
    case, reply = outcome.case, outcome.reply
    return {
        "id": case.id,
        "kind": case.kind,
        "result": outcome.result,
        "turns": list(case.turns),
        "expected": list(case.expected),
        "predicted": list(reply.article_ids),
        "status": reply.status,
        "missing": list(outcome.missing),
    }


def _environment() -> Environment:
    loader = PackageLoader("assistant.evaluation")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
