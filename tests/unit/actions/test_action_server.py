"""The action server: it answers only to the secret, and one clear line says why it cannot start."""

import pytest
from sanic import Sanic

from actions import server, wiring
from knowledge.errors import IndexOutOfDate


def test_without_a_secret_it_does_not_start():
    with pytest.raises(ValueError, match="ASSISTANT_INTERNAL_SECRET is not set"):
        server.make_app("")


@pytest.fixture
def checks():
    """The request checks of the app, with a stand-in for the request."""
    Sanic._app_registry.clear()
    app = server.make_app("hush")
    [check] = [found.func for found in app.request_middleware if found.func.__name__ == "demand_secret"]
    yield check
    Sanic._app_registry.clear()


class Request:
    def __init__(self, path, **headers):
        self.path, self.headers = path, headers


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer é"}])
async def test_a_call_without_the_secret_is_refused(checks, headers):
    for path in ("/webhook", "/actions", "/status"):
        assert (await checks(Request(path, **headers))).status == 401


async def test_a_call_with_the_secret_and_the_health_check_pass(checks):
    assert await checks(Request("/webhook", authorization="Bearer hush")) is None
    assert await checks(Request("/health")) is None


def test_an_outdated_index_is_one_line_and_exit_code_one(monkeypatch, capsys):
    def refuse():
        raise IndexOutOfDate("the index differs in ['articles']: run 'send-assistant build'")

    monkeypatch.setattr(wiring, "answering", refuse)
    assert server.main() == 1
    assert capsys.readouterr().err == "action server: the index differs in ['articles']: run 'send-assistant build'\n"


@pytest.mark.parametrize("gone", ["encoder", "knowledge"])
def test_a_missing_product_is_told_with_the_remedy(monkeypatch, tmp_path, gone, capsys):
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path))
    wiring.answering.cache_clear()
    assert server.main() == 1
    assert "run 'send-assistant build'" in capsys.readouterr().err
