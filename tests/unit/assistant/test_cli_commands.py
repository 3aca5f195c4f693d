"""The command line: what each command does, and one clear line with the remedy when it cannot."""

import importlib
import socket

import pytest

from assistant import cli, serve
from assistant.errors import ServiceError
from assistant.serve import NotBuilt, PortTaken
from assistant.settings import Secret, Settings
from knowledge import check
from knowledge.check import Problem
from knowledge.errors import ContentError


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def building(monkeypatch):
    """Put something in the place of the build."""
    return lambda instead: monkeypatch.setattr("assistant.build.run.build", instead)


def test_a_taken_port_is_one_line_with_the_remedy(taken_port, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_PORT", str(taken_port))
    assert cli.main(["serve"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"send-assistant: port {taken_port} on 127.0.0.1 is taken")
    assert line.endswith(f"or choose another port: PORT={taken_port + 1} make run")


def test_a_taken_port_is_found_before_anything_is_started(taken_port):
    with pytest.raises(PortTaken):
        serve.serve(Settings(port=taken_port))


@pytest.mark.parametrize(("model", "remedy"), [(False, "run 'send-assistant build'"), (True, "run 'make setup'")])
def test_what_is_not_there_is_told_with_the_remedy(tmp_path, monkeypatch, port, model, remedy):
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_RASA_PYTHON", str(tmp_path / "no-python"))
    if model:
        (tmp_path / "dialogue").mkdir()
        (tmp_path / "dialogue" / "model.tar.gz").touch()
    with pytest.raises(NotBuilt, match=remedy):
        serve.serve(Settings(port=port))


def test_a_setting_that_cannot_be_used_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_PORT", "many")
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr().err.startswith("send-assistant: ASSISTANT_PORT='many' cannot be used")


def test_the_three_programs_share_one_secret_and_stay_on_loopback(tmp_path):
    settings = Settings(host="0.0.0.0", port=8080)
    programs = {program.name: program for program in serve.programs(settings, tmp_path / "model.tar.gz")}
    secrets = {program.environment["ASSISTANT_INTERNAL_SECRET"] for program in programs.values()}
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 32
    # It loads beside the others, and opens its port on the first start only when they answer.
    gateway = programs["gateway"]
    assert gateway.first[0] == "--after"
    assert set(gateway.first[1:]) == {programs["actions"].ready, programs["rasa"].ready}
    assert all(program.ready.startswith("http://127.0.0.1:") for program in programs.values())
    rasa = list(programs["rasa"].command)
    assert rasa[rasa.index("-i") + 1] == "127.0.0.1"
    assert "--enable-api" not in rasa


def test_a_secret_that_was_set_is_kept(tmp_path):
    settings = Settings(internal_secret=Secret("given"))
    found = serve.programs(settings, tmp_path)
    assert {program.environment["ASSISTANT_INTERNAL_SECRET"] for program in found} == {"given"}


def test_build_tells_its_steps_and_its_time(building, capsys):
    building(lambda tell, force: tell(f"step, force {force}"))
    assert cli.main(["build", "--force"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first == "build    | step, force True"
    assert last.startswith("build    | done in ")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ServiceError("only 3 MB free: free 500 MB"), "send-assistant: only 3 MB free: free 500 MB"),
        (ContentError("a.md: wrong"), "send-assistant: a.md: wrong"),
        (OSError(28, "No space left on device", "/x"), "send-assistant: No space left on device /x"),
        (OSError("odd"), "send-assistant: odd"),
    ],
)
def test_errors_become_one_line_and_exit_code_one(building, capsys, error, line):
    def fail(*_, **__):
        raise error

    building(fail)
    assert cli.main(["build"]) == 1
    assert capsys.readouterr().err == f"{line}\n"


def test_a_missing_encoder_is_one_line_too(building, capsys, tmp_path):
    from nlu.encoder import SentenceEncoder

    building(lambda *_, **__: SentenceEncoder(tmp_path))
    assert cli.main(["build"]) == 1
    assert "run 'send-assistant build'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [([], 1, "1 errors, 1 warnings"), (["b.md"], 0, "0 errors, 1 warnings"), (["gone"], 0, "0 errors, 0 warnings")],
)
def test_check_shows_findings_and_fails_on_errors_only(monkeypatch, capsys, arguments, code, last):
    found = [Problem("a.md", 1, "grade", "hard"), Problem("b.md", 2, "review", "due", "warning")]
    monkeypatch.setattr(check, "check_content", lambda today: found)
    assert cli.main(["check", *arguments]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_check_prints_the_figures_when_asked(monkeypatch, capsys):
    monkeypatch.setattr(check, "check_content", lambda today: [])
    summary = importlib.import_module("knowledge.check.summary")
    monkeypatch.setattr(summary, "summary", lambda: "articles 7")
    assert cli.main(["check", "--summary"]) == 0
    assert capsys.readouterr().out == "articles 7\n0 errors, 0 warnings\n"


def test_evaluate_without_a_service_is_one_line(tmp_path, capsys, port):
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "1", "kind": "fact", "text": "hello", "expected": "a"}\n', encoding="utf-8")
    assert cli.main(["evaluate", str(path), "--url", f"http://127.0.0.1:{port}"]) == 1
    assert f"no usable answer from http://127.0.0.1:{port}" in capsys.readouterr().err


def test_a_command_is_required(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main([])
    assert caught.value.code == 2
    assert "COMMAND" in capsys.readouterr().err
