"""The supervisor over small real programs: order, restart, a quick stop, and nobody left behind."""

import asyncio
import os
import signal
import socket
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from assistant.supervisor import supervisor as supervising
from assistant.supervisor.child import Program
from assistant.supervisor.supervisor import StartFailed, Supervisor

SERVER = """
    import http.server, os, pathlib, sys, time
    port, diary, *orders = sys.argv[1:]
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
        def log_message(self, *_): pass
    server = http.server.HTTPServer(("127.0.0.1", int(port)), Answer)
    name = pathlib.Path(diary)
    with name.open("a") as book: book.write(f"{os.environ['NAME']} {os.getpid()}\\n")
    print("hello from", os.environ["NAME"], flush=True)
    if "stubborn" in orders:
        import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "parent" in orders:
        import subprocess; subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    server.serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def diary(tmp_path) -> Path:
    (tmp_path / "server.py").write_text(textwrap.dedent(SERVER), encoding="utf-8")
    return tmp_path / "diary"


@pytest.fixture
def program(diary):
    def make(name: str, *orders: str, needs: tuple[str, ...] = ()) -> Program:
        port = free_port()
        command = [sys.executable, str(diary.with_name("server.py")), str(port), str(diary), *orders]
        return Program(name, command, f"http://127.0.0.1:{port}/", {"NAME": name}, needs)

    return make


def started(diary: Path) -> list[tuple[str, int]]:
    rows = diary.read_text(encoding="utf-8").split() if diary.exists() else []
    return [(name, int(pid)) for name, pid in zip(rows[::2], rows[1::2], strict=True)]


async def until(condition, seconds: float = 20.0):
    async with asyncio.timeout(seconds):
        while not (found := condition()):
            await asyncio.sleep(0.02)
    return found


class Running:
    """A supervisor at work, and the moment when it said that all is ready."""

    def __init__(self, *programs: Program) -> None:
        self.ready = asyncio.Event()
        self.task = asyncio.create_task(Supervisor(programs).run(self._say))

    def _say(self) -> str:
        self.ready.set()
        return "all is ready"

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        begun = time.monotonic()
        os.kill(os.getpid(), number)
        await self.task
        return time.monotonic() - begun


async def all_gone(pids) -> None:
    await until(lambda: not [pid for pid in pids if psutil.pid_exists(pid) and _alive(pid)])


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_program_starts_when_what_it_needs_is_ready(program, diary, capsys):
    running = Running(program("gateway", needs=("rasa", "actions")), program("rasa"), program("actions"))
    await asyncio.wait_for(running.ready.wait(), 20)
    assert [name for name, _ in started(diary)][-1] == "gateway"
    assert len(started(diary)) == 3
    await running.stop()
    out = capsys.readouterr().out
    assert out.index("rasa is ready") < out.index("gateway is ready") < out.index("all is ready")
    assert "rasa     | hello from rasa\n" in out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_all_within_five_seconds(program, diary, number):
    running = Running(program("one"), program("two", "stubborn"), program("three", "parent"))
    await asyncio.wait_for(running.ready.wait(), 20)
    pids = [pid for _, pid in started(diary)]
    family = [child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)]
    assert len(family) == 1
    assert await running.stop(number) < 5
    await all_gone([*pids, *family])


async def test_a_crashed_program_is_started_again_and_the_others_go_on(program, diary, capsys, monkeypatch):
    monkeypatch.setattr(supervising, "_FIRST_PAUSE", 0.01)
    running = Running(program("one"), program("two", "parent"))
    await asyncio.wait_for(running.ready.wait(), 20)
    before = dict(started(diary))
    [orphan] = psutil.Process(before["two"]).children()
    os.kill(before["two"], signal.SIGKILL)
    again = await until(lambda: [pid for name, pid in started(diary)[2:] if name == "two"])
    await all_gone([before["two"], orphan.pid])
    assert psutil.pid_exists(before["one"])
    await until(lambda: capsys.readouterr().out.count("two is ready"))
    await running.stop()
    await all_gone([before["one"], *again])


async def test_each_crash_in_a_row_waits_longer(program, diary, monkeypatch, capsys):
    monkeypatch.setattr(supervising, "_FIRST_PAUSE", 0.02)
    pauses = []
    sleep = asyncio.sleep

    async def noted(seconds):
        if seconds != 0.1:  # the pause between two looks at the ready address
            pauses.append(seconds)
        await sleep(min(seconds, 0.02))

    running = Running(program("one"))
    await asyncio.wait_for(running.ready.wait(), 20)
    monkeypatch.setattr("assistant.supervisor.supervisor.asyncio.sleep", noted)
    for count in (1, 2, 3):
        os.kill(started(diary)[-1][1], signal.SIGKILL)
        async with asyncio.timeout(20):
            while len(started(diary)) <= count:
                await sleep(0.02)
    monkeypatch.undo()
    await running.stop()
    assert [pause for pause in pauses if pause != 0.02][:3] == [0.04, 0.08, 0.16]


async def test_a_program_that_ends_while_starting_stops_everything_with_its_name(program, diary):
    broken = Program("broken", [sys.executable, "-c", "print('why'); raise SystemExit(3)"], "http://127.0.0.1:9/")
    running = Running(program("one"), broken, program("two", needs=("broken",)))
    with pytest.raises(StartFailed, match=r"^broken ended while starting"):
        await asyncio.wait_for(running.task, 20)
    assert "two" not in dict(started(diary))
    await all_gone([pid for _, pid in started(diary)])


async def test_a_program_that_is_never_ready_is_given_up(monkeypatch):
    monkeypatch.setattr(supervising, "START_SECONDS", 0.3)
    deaf = Program("deaf", [sys.executable, "-c", "import time; time.sleep(600)"], f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(StartFailed, match=r"^deaf was not ready within 0 s"):
        await asyncio.wait_for(Running(deaf).task, 20)


async def test_a_stop_while_starting_leaves_nobody(program, diary):
    slow = Program("slow", [sys.executable, "-c", "import time; time.sleep(600)"], f"http://127.0.0.1:{free_port()}/")
    running = Running(program("one"), slow, program("two", needs=("slow",)))
    await until(lambda: started(diary))
    assert await running.stop() < 5
    await all_gone([pid for _, pid in started(diary)])


async def test_a_very_long_line_does_not_stop_the_words(capsys):
    code = "print('x' * 200_000); print('after', flush=True); import time; time.sleep(600)"
    loud = Program("loud", [sys.executable, "-c", code], f"http://127.0.0.1:{free_port()}/")
    running = Running(loud)
    heard = []
    await until(lambda: heard.append(capsys.readouterr().out) or "loud     | after" in "".join(heard))
    await running.stop()
