"""Benchmarks: turns are timed and counted, programs are weighed and leave nothing behind, runs are logged."""

import asyncio
import json
import os
import re
import sys

import httpx
import psutil
import pytest

from assistant import cli
from assistant.benchmark import machine, page, parts, peer, process, run, service
from assistant.benchmark.load import LongChat, Timing, chat_api, drive, one_long_chat, timing
from assistant.benchmark.process import NotStarted, free_port, running
from assistant.commands import bench as command
from tests.unit.assistant.evaluation_samples import tiny_parts


class Room:
    """Opens conversations that answer at once, and knows how many went on together."""

    def __init__(self, fails_on=""):
        self.chats, self.now, self.most, self.fails_on = [], 0, 0, fails_on

    async def open(self, client):
        said = []
        self.chats.append(said)
        room = self

        class Talk:
            async def say(self, text):
                room.now += 1
                room.most = max(room.most, room.now)
                await asyncio.sleep(0)
                room.now -= 1
                said.append(text)
                if text == room.fails_on:
                    raise httpx.ConnectError("gone")
                return text != "bad"

        return Talk()


async def test_all_turns_are_taken_in_conversations_of_their_length():
    room = Room()
    found = await drive(room.open, ["a", "b", "c"], clients=4, turns=25, per_chat=10)
    assert sorted(map(len, room.chats)) == [5, 10, 10]
    assert sorted("".join(map("".join, room.chats))) == sorted("abc" * 8 + "a")
    assert (found.clients, found.turns, found.failed) == (4, 25, 0)
    assert found.turns_per_second > 0
    assert 1 < room.most <= 4


async def test_failed_turns_are_counted_and_do_not_stop_the_others():
    assert (await drive(Room("b").open, ["a", "b"], clients=1, turns=10)).failed == 5
    assert (await drive(Room().open, ["a", "bad"], clients=2, turns=10)).failed == 5


def test_times_become_percentiles_and_a_rate():
    found = timing([0.001 * n for n in range(1, 101)], clients=2, failed=1, wall=4.0)
    assert found == Timing(2, 100, 1, p50_ms=50.5, p95_ms=96.0, turns_per_second=25.0)


async def test_one_long_chat_is_one_conversation():
    room = Room()
    found = await one_long_chat(room.open, ["a", "b"], turns=30, window=5)
    assert [len(said) for said in room.chats] == [30]
    assert found.turns == 30
    assert min(found.early_ms, found.late_ms) >= 0


SERVER = """
import http.server, json, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, {})
    def do_POST(self):
        if self.path.endswith("/conversations"):
            return self.answer(201, {"conversation_id": "c", "token": "t"})
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        good = self.headers["Authorization"] == "Bearer t" and self.path.endswith("/c/messages")
        status = "answered" if good and body["text"] != "down" else "error_unavailable"
        self.answer(429 if body["text"] == "limit" else 200, {"messages": [{"status": None}, {"status": status}]})
    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def started(tmp_path, *command, port=1):
    return running(
        list(command),
        url=f"http://127.0.0.1:{port}",
        ready="/",
        log=tmp_path / "log",
        environment=dict(os.environ),
        cwd=tmp_path,
        seconds=30,
    )


def test_a_program_is_weighed_with_all_it_started_and_leaves_nothing(tmp_path):
    port = free_port()
    with started(tmp_path, sys.executable, "-c", SERVER, str(port), port=port) as program:
        assert program.url == f"http://127.0.0.1:{port}"
        assert program.start_seconds > 0
        assert program.processes == 2
        family = process._family(program._process.pid)
        assert program.memory_mb > psutil.Process(program._process.pid).memory_info().rss / 1e6
        heard = asyncio.run(drive(chat_api(program.url), ["a", "down", "limit", "b"], clients=2, turns=8))
        assert (heard.turns, heard.failed) == (8, 4)
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_program_that_ends_is_told_with_its_last_words(tmp_path):
    with (
        pytest.raises(NotStarted, match="no luck"),
        started(tmp_path, sys.executable, "-c", "raise SystemExit('no luck')"),
    ):
        pass


def test_the_stand_in_for_rasa_gives_an_answer_that_the_gateway_takes(tmp_path):
    from assistant.gateway.rasa_client import _reply

    port = free_port()
    with started(tmp_path, sys.executable, "-m", "assistant.benchmark.stub", str(port), port=port) as program:
        answer = httpx.post(f"{program.url}/webhooks/gateway/webhook", json={"text": "x"}, trust_env=False).json()
    assert _reply(answer).messages[0]["status"] == "answered"


def test_a_measured_service_is_not_touched_by_other_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "sqlite:///of-someone-else")
    monkeypatch.setenv("ASSISTANT_RASA_PYTHON", "/some/python")
    found = service._environment(tmp_path, 81)
    assert "ASSISTANT_DATABASE_URL" not in found
    assert (found["ASSISTANT_RATE_LIMIT"], found["PORT"]) == ("off", "81")
    assert (found["ASSISTANT_DATA_DIR"], found["ASSISTANT_RASA_PYTHON"]) == (str(tmp_path), "/some/python")


def test_encoder_and_retrieval_are_timed_apart():
    found = parts.time_parts(tiny_parts(), ["who writes the plan", "free bus"] * 3)
    assert 0 < found.encoder_p50_ms <= found.encoder_p95_ms
    assert 0 < found.retrieval_p50_ms <= found.retrieval_p95_ms


def test_the_commit_is_marked_where_files_differ(tmp_path, monkeypatch):
    assert machine.commit(tmp_path) == "unknown"
    answers = {"rev-parse": "abc123", "status": " M file"}
    monkeypatch.setattr(machine, "_git", lambda root, command, *_: answers[command])
    assert machine.commit() == "abc123+"
    answers["status"] = ""
    assert machine.this_machine().commit == "abc123"


def test_without_git_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.commit() == "unknown"


def side(rate):
    return run.Side(
        12.0, 4, 900, 950, Timing(1, 9, 0, 15, 20, rate), Timing(16, 9, 1, 90, 99, 111), LongChat(200, 8, 9)
    )


def report(*, theirs=None, load=0.1):
    made_on = machine.Machine("abc+", "2026-11-23T10:00:00Z", 2, 24.0, "3.11", "Linux", load)
    return run.Report(made_on, side(61.5), Timing(1, 9, 0, 3, 4, 300), parts.PartTimes(3, 4, 1, 2), theirs)


def test_the_page_shows_both_sides_where_there_are_two():
    alone = page.markdown(report(), "send-assistant bench")
    both = page.markdown(report(theirs=side(30.5)), "send-assistant bench --peer X")
    assert "| one client: turns a second | 61.5 |\n" in alone
    assert "| one client: turns a second | 61.5 | 30.5 |\n" in both
    assert "stock" not in alone
    assert "send-assistant bench --peer X\n" in both
    for text in (alone, both):
        tables = [part.splitlines() for part in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]
        assert [len(table) for table in tables] == [12, 5]
        assert all(len({line.count("|") for line in table}) == 1 for table in tables)
        assert "busy" not in text
    assert "busy" in page.markdown(report(load=3.0), "x")


def test_a_run_is_logged_under_its_time_and_commit(tmp_path):
    path = page.log(report().machine, {"service": {"clients": 16}}, tmp_path / "bench")
    assert path.name == "2026-11-23T100000Z-abc.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["machine"]["commit"] == "abc+"
    assert content["service"] == {"clients": 16}


@pytest.fixture
def measured(monkeypatch, tmp_path):
    seen = {}

    def bench(questions, *, tell, peer_source):
        seen.update(questions=questions, peer=peer_source)
        tell("part")
        return report()

    monkeypatch.setattr(run, "bench", bench)
    monkeypatch.setattr(command, "build_folder", lambda: tmp_path)
    return seen


def test_the_command_measures_logs_and_says_that_no_peer_was_given(measured, tmp_path, capsys):
    assert cli.main(["bench"]) == 0
    out = capsys.readouterr().out
    assert "bench    | part" in out
    assert "# Benchmarks" in out
    assert "--peer DIR names its folder" in out
    [logged] = (tmp_path / "bench").glob("*.json")
    assert json.loads(logged.read_text(encoding="utf-8"))["service"]["many_clients"]["turns_per_second"] == 111
    assert len(measured["questions"]) > 400
    assert measured["peer"] is None


def test_the_page_names_the_command_that_made_it(measured, tmp_path, capsys):
    target = tmp_path / "benchmarks.md"
    assert cli.main(["bench", "--peer", "../peer", "--page", str(target)]) == 0
    assert f"send-assistant bench --peer ../peer --page {target}\n" in target.read_text(encoding="utf-8")
    assert "--peer DIR" not in capsys.readouterr().out
    assert str(measured["peer"]) == "../peer"


def test_a_folder_without_a_stock_bot_is_one_line(tmp_path):
    with pytest.raises(peer.PeerUnusable, match=r"make_project\.py is missing"):
        peer.prepare(tmp_path)


def test_the_stock_bot_is_made_once(tmp_path, monkeypatch):
    source, text = tmp_path / "peer", tmp_path / "facts" / "medway-send-strategy-2022-25.txt"
    for path in (source / "make_project.py", text):
        path.parent.mkdir()
        path.write_text("import pathlib, sys; pathlib.Path(sys.argv[2], 'bot_full').mkdir()", encoding="utf-8")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nmkdir models && echo x >> models/model.tar.gz\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("ASSISTANT_RASA_PYTHON", str(python))
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path / "build"))
    bot = peer.prepare(source)
    assert peer.prepare(source) == bot
    assert (bot / "models" / "model.tar.gz").read_text(encoding="utf-8") == "x\n"
    (source / "make_project.py").write_text("raise SystemExit('broken script')", encoding="utf-8")
    with pytest.raises(peer.PeerUnusable, match="broken script"):
        peer.prepare(source)
