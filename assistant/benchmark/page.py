"""A run as a page of the documentation, and as JSON for comparing runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from assistant.benchmark.machine import Machine
from assistant.benchmark.run import Report


def markdown(report: Report, command: str) -> str:
    """Return the page for the documentation; `command` is what makes it."""
    environment = Environment(
        loader=PackageLoader("assistant.benchmark"),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("benchmarks.md.j2").render(report=report, command=command)


def log(machine: Machine, figures: Mapping[str, Any], folder: Path) -> Path:
    """Write the figures of a run into a folder, made if missing, under its time and commit; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{machine.measured_at.replace(':', '')}-{machine.commit.rstrip('+')}.json"
    content = {**figures, "machine": dataclasses.asdict(machine)}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path
