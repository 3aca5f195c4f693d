"""What managers set reaches the answers of the running service: contacts, and the off switch."""

from collections.abc import Iterator

import httpx
import pytest

from assistant.settings import Settings
from assistant.storage.operator import Operator
from assistant.storage.storage import Storage
from tests.e2e.talk import Talk
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(420)]
PHONE = "01634 000 111"


@pytest.fixture
def operator(stack: Stack) -> Iterator[Operator]:
    """What managers write, as another process of the same service would."""
    storage = Storage(Settings(data_dir=stack.folder / "data"))
    yield storage.operator
    storage.close()


def change(operator: Operator, name: str, value: object) -> None:
    operator.set(name, value, version=operator.entry(name).version, by="test")


def words_on(stack: Stack) -> str:
    """Ask a fresh assistant how to reach SENDIAS; return all that it says."""
    with Talk(stack.url) as talk:
        return str(talk.say("how do I contact Medway SENDIAS?"))


def test_a_contact_set_by_a_manager_shows_in_the_next_answers(stack: Stack, operator: Operator) -> None:
    assert PHONE not in words_on(stack)
    change(operator, "contact.sendias", {"phone": PHONE, "checked": "2026-11-20"})
    try:
        wait_until(lambda: PHONE in words_on(stack), "the new number in an answer", seconds=30)
    finally:
        change(operator, "contact.sendias", {})
    wait_until(lambda: PHONE not in words_on(stack), "the number gone again", seconds=30)


def test_the_off_switch_works_across_processes(stack: Stack, operator: Operator) -> None:
    def state() -> str:
        return str(httpx.get(f"{stack.url}/readyz", timeout=30, trust_env=False).json()["assistant"])

    change(operator, "pause", {"reason": "We check our answers.", "since": 0})
    try:
        wait_until(lambda: state() == "switched_off", "the switch", seconds=30)
        assert "We check our answers." in words_on(stack)
    finally:
        change(operator, "pause", None)
    wait_until(lambda: state() == "on", "the switch back", seconds=30)
    assert "We check our answers." not in words_on(stack)
