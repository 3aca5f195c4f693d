"""The ablation table as a page of the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader

from assistant.benchmark.machine import commit
from assistant.evaluation.ablation import Row
from assistant.evaluation.report import Retrieved
from assistant.evaluation.tally import KindRow


def markdown(rows: Sequence[Row], found: Retrieved, answers: Sequence[KindRow], *, command: str, fitted: bool) -> str:
    """Return the page.

    Args:
        rows: The table, in order.
        found: The figures of retrieval as it is served.
        answers: Outcomes through the chat API by kind; empty where no service was asked.
        command: What makes the page.
        fitted: Whether the encoder of this build was fitted to our own questions.
    """
    environment = Environment(
        loader=PackageLoader("assistant.evaluation"),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template("evaluation.md.j2")
    return template.render(rows=rows, found=found, answers=answers, command=command, fitted=fitted, commit=commit())
