"""Parts of the service die in mid-conversation: families still get a reply, nothing is lost, all comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from assistant.paths import ROOT
from tests.e2e.talk import Talk
from tests.stack import Stack, ensure_built, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
STOP_SECONDS = 5.0


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A service of this module's own: what is broken here cannot disturb other tests."""
    ensure_built()
    service = Stack(tmp_path_factory.mktemp("down"))
    try:
        service.wait_ready()
        yield service
    finally:
        service.stop()


@pytest.fixture
def whole(own: Stack) -> Stack:
    """The service with all its parts up again, whatever the test before did to it."""
    own.wait_ready()
    return own


def apologises(talk: Talk, text: str) -> None:
    """Say something while a part is down and check the reply: an apology, the contacts, and the words kept."""
    reply = talk.say(text)
    assert reply.code == 200
    assert reply.statuses == ["error_unavailable"]
    assert "sorry" in reply.text
    cards = [block for message in reply.messages for block in message["blocks"] if block["type"] == "contact"]
    assert any("SENDIAS" in card["name"] for card in cards)
    assert all(card.get("url") or card.get("phone") for card in cards)
    said = [message for message in talk.history() if message["sender"] == "user"]
    assert said[-1]["text"] == text


def someone_in_danger_is_answered(service: Stack) -> None:
    """Check the reply that must come whatever is down."""
    with Talk(service.url) as talk:
        reply = talk.say("I want to kill myself")
        assert reply.code == 200
        assert reply.statuses == ["safeguarding"]
        assert "999" in reply.text


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_killed_part_gets_an_apology_then_the_thread_goes_on(whole: Stack, part: str) -> None:
    with Talk(whole.url) as talk:
        assert talk.say("What is mediation?").cited == ["process-mediation"]
        whole.kill(part)
        apologises(talk, "What is the Local Offer?")
        someone_in_danger_is_answered(whole)
        whole.wait_ready()
        more = talk.say("tell me more")
        assert more.statuses == ["answered"]
        assert more.cited == ["process-mediation"], "the topic from before the crash is lost"
        texts = [message["text"] for message in talk.history() if message["sender"] == "user"]
        assert texts == ["What is mediation?", "What is the Local Offer?", "tell me more"]


def test_readiness_names_the_part_that_is_down(whole: Stack) -> None:
    held = whole.process("rasa")
    held.suspend()
    try:
        whole.wait_down()
        answer = httpx.get(f"{whole.url}/readyz", timeout=30, trust_env=False)
        assert answer.status_code == 503
        assert answer.json()["parts"] == {"storage": "ok", "rasa": "down", "actions": "ok"}
        assert httpx.get(f"{whole.url}/healthz", timeout=30, trust_env=False).status_code == 200
    finally:
        held.resume()


def test_gateway_killed_keeps_the_conversation(whole: Stack) -> None:
    with Talk(whole.url) as talk:
        talk.say("What is mediation?")
        before = talk.history()
        whole.kill("gateway")
        wait_until(whole.is_ready, "the gateway is back")
        assert talk.history() == before
        assert talk.say("tell me more").cited == ["process-mediation"]


@pytest.mark.parametrize("secret", [None, "Bearer wrong", "Bearer"])
def test_inner_parts_refuse_calls_without_the_secret(whole: Stack, secret: str | None) -> None:
    headers = {"Authorization": secret} if secret is not None else {}
    rasa, actions = whole.listening("rasa"), whole.listening("actions")
    with httpx.Client(headers=headers, timeout=30, trust_env=False) as stranger:
        turn: dict[str, object] = {"conversation": "x", "text": "hello", "state": None, "context": {}}
        assert stranger.post(f"{rasa}/webhooks/gateway/webhook", json=turn).status_code == 401
        call = {"next_action": "action_answer_question", "tracker": {}, "domain": {}}
        assert stranger.post(f"{actions}/webhook", json=call).status_code == 401
        assert stranger.get(f"{actions}/actions").status_code == 401


@pytest.mark.parametrize(
    "path", ["/conversations/x/tracker", "/domain", "/model/parse", "/webhooks/rest/webhook", "/status"]
)
def test_rasa_has_no_other_way_in(whole: Stack, path: str) -> None:
    rasa = whole.listening("rasa")
    for method in ("GET", "POST"):
        answer = httpx.request(
            method, f"{rasa}{path}", json={"sender": "x", "message": "hello"}, timeout=30, trust_env=False
        )
        assert answer.status_code in (401, 404, 405)


def test_inner_parts_listen_on_this_machine_alone(whole: Stack) -> None:
    assert whole.listening("rasa").startswith("http://127.0.0.1:")
    assert whole.listening("actions").startswith("http://127.0.0.1:")


def test_port_taken_gives_one_clear_line(whole: Stack) -> None:
    done = _serve(whole.port)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    assert f"port {whole.port}" in lines[0]
    assert "PORT=" in lines[0]
    assert whole.is_ready()


def test_stop_takes_five_seconds_at_most_and_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    ensure_built()
    service = Stack(tmp_path_factory.mktemp("stop"))
    try:
        service.wait_ready()
        names = ("rasa", "actions", "gateway")
        ports = [service.listening(name) for name in names]
        with Talk(service.url) as talk, talk.client.stream("GET", f"/conversations/{talk.id}/events") as events:
            assert events.status_code == 200  # an open stream must not hold up the stop
            assert service.stop() <= STOP_SECONDS
        for address in ports:
            with pytest.raises(httpx.ConnectError):
                httpx.get(address, timeout=5, trust_env=False)
    finally:
        service.stop()


def test_stop_while_starting_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    ensure_built()
    service = Stack(tmp_path_factory.mktemp("early"))
    wait_until(lambda: len(service.processes()) > 1, "the first part has been started")
    assert service.stop() <= STOP_SECONDS


def _serve(port: int) -> subprocess.CompletedProcess[str]:
    """Start the service on a port as the command line does, until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", "serve"],
        cwd=ROOT,
        env={**os.environ, "ASSISTANT_PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
