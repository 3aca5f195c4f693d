"""Speed of the running service: logged with commit and machine, held to its budgets."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.benchmark import page
from assistant.benchmark.load import Timing, chat_api, drive, one_long_chat
from assistant.benchmark.machine import this_machine
from assistant.benchmark.parts import time_parts
from assistant.evaluation.cases import read_cases
from assistant.evaluation.offline import load
from assistant.paths import build_folder
from tests.stack import Stack

BUDGETS = yaml.safe_load(Path(__file__).with_name("budgets.yml").read_text(encoding="utf-8"))
GOLDEN = Path(__file__).parent.parent / "golden"
QUESTIONS = [case.turns[0] for case in read_cases(GOLDEN / "questions.jsonl")]
TURNS = 96


@pytest.fixture(scope="module")
def figures() -> Iterator[dict[str, Any]]:
    """What the tests of this file measure; written to `.build/bench/` when they are done."""
    found: dict[str, Any] = {}
    yield found
    page.log(this_machine(), {"suite": found}, build_folder() / "bench")


def turns(stack: Stack, clients: int) -> Timing:
    asyncio.run(drive(chat_api(stack.url), QUESTIONS, clients=1, turns=10))
    return asyncio.run(drive(chat_api(stack.url), QUESTIONS, clients=clients, turns=TURNS, per_chat=6))


@pytest.mark.stack
def test_one_client_is_answered_quickly(stack: Stack, figures: dict[str, Any]) -> None:
    found = turns(stack, 1)
    figures["one_client"] = dataclasses.asdict(found)
    assert found.failed == 0
    assert found.p50_ms <= BUDGETS["one_client_p50_ms"]


@pytest.mark.stack
def test_sixteen_clients_are_all_answered(stack: Stack, figures: dict[str, Any]) -> None:
    found = turns(stack, 16)
    figures["many_clients"] = dataclasses.asdict(found)
    assert (found.turns, found.failed) == (TURNS, 0)
    assert found.p95_ms <= BUDGETS["many_clients_p95_ms"]


@pytest.mark.stack
@pytest.mark.timeout(300)
def test_a_long_conversation_does_not_become_slow(stack: Stack, figures: dict[str, Any]) -> None:
    runs = [asyncio.run(one_long_chat(chat_api(stack.url), QUESTIONS, turns=200)) for _ in range(2)]
    figures["long_chat"] = [dataclasses.asdict(found) for found in runs]
    assert min(found.late_ms / found.early_ms for found in runs) <= BUDGETS["long_chat_growth"]


@pytest.mark.stack
def test_all_processes_fit_into_their_memory(stack: Stack, figures: dict[str, Any]) -> None:
    figures["memory_mb"] = round(sum(process.memory_info().rss for process in stack.processes()) / 1e6)
    assert figures["memory_mb"] <= BUDGETS["memory_mb"]


def test_encoder_and_retrieval_stay_within_a_turn(
    encoder_folder: Path, knowledge_folder: Path, figures: dict[str, Any]
) -> None:
    assert encoder_folder.parent == knowledge_folder.parent
    found = time_parts(load(knowledge_folder.parent), QUESTIONS[:50])
    figures["parts"] = dataclasses.asdict(found)
    assert found.encoder_p50_ms <= BUDGETS["encoder_p50_ms"]
    assert found.retrieval_p50_ms <= BUDGETS["retrieval_p50_ms"]
