"""The golden questions: retrieval by itself, then the service as its users meet it; misses are printed, floors held."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from assistant.evaluation import figures
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.offline import Found, Parts, load, look_up
from assistant.evaluation.run import evaluate, misses, table
from assistant.evaluation.score import Outcome
from assistant.evaluation.summary import Summary, summarise
from tests.stack import Stack

GOLDEN = Path(__file__).parent
FLOORS = yaml.safe_load((GOLDEN / "floors.yml").read_text(encoding="utf-8"))
RETRIEVAL, API = FLOORS["retrieval"], FLOORS["chat_api"]
# Every second question keeps the run through the whole service below a minute; the rest is asked in full.
STEP = {"questions": 2}


def cases(name: str) -> list[Case]:
    return read_cases(GOLDEN / f"{name}.jsonl")


@pytest.fixture(scope="module")
def parts(encoder_folder: Path, knowledge_folder: Path) -> Parts:
    assert encoder_folder.parent == knowledge_folder.parent
    return load(knowledge_folder.parent)


@pytest.fixture(scope="module")
def found(parts: Parts) -> list[Found]:
    return look_up(parts, [*cases("questions"), *cases("out_of_scope")])


@pytest.fixture(scope="module")
def summary(found: list[Found], parts: Parts) -> Summary:
    wrong = [row for row in found if row.rank != 1 and not row.case.out_of_scope]
    print("\n".join(f"{row.case.id} {row.case.turns[0]!r} wanted {row.expected}, got {row.ids[:1]}" for row in wrong))  # noqa: T201
    print(summarise(found, parts))  # noqa: T201
    return summarise(found, parts)


@pytest.mark.parametrize("name", RETRIEVAL["at_least"])
def test_retrieval_reaches_its_floor(summary: Summary, name: str) -> None:
    assert getattr(summary, name) >= RETRIEVAL["at_least"][name]


def test_answers_are_seldom_another_article(summary: Summary) -> None:
    assert summary.wrong_answers <= RETRIEVAL["most_wrong_answers"]


def test_the_probability_keeps_its_word(found: list[Found]) -> None:
    error = figures.calibration_error(figures.reliability([row.guess for row in found]))
    print(f"expected calibration error {error:.3f}")  # noqa: T201
    assert error <= RETRIEVAL["most_calibration_error"]


def asked(stack: Stack, chosen: Sequence[Case]) -> list[Outcome]:
    outcomes = evaluate(stack.url, chosen)
    print("\n".join([*misses(outcomes), table(outcomes)]))  # noqa: T201
    return outcomes


@pytest.mark.stack
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", API)
def test_the_service_reaches_its_floor(stack: Stack, name: str) -> None:
    outcomes = asked(stack, cases(name)[:: STEP.get(name, 1)])
    shares = {
        result: sum(outcome.result == result for outcome in outcomes) / len(outcomes) for result in ("correct", "wrong")
    }
    assert shares["correct"] >= API[name]["correct"]
    assert shares["wrong"] <= API[name]["most_wrong"]
    assert sum(outcome.cited for outcome in outcomes) / len(outcomes) >= API[name]["cited"]
