"""Fixtures: one canned gateway and one browser for all, a fresh page for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.widget.running import CHROMIUM, CHROMIUM_ARGS, Running
from tests.browser.widget.walker import Walker

DESKTOP = {"width": 1280, "height": 900}
Opens = Callable[..., Walker]


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """Return the canned gateway, running."""
    running = Running()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def running(server: Running) -> Iterator[Running]:
    """Return the gateway with its knobs turned back; it runs again after a test that stopped it."""
    server.reset()
    yield server
    server.reset()
    server.ensure_started()


@pytest.fixture
def opens(browser: Browser, running: Running) -> Iterator[Opens]:
    """Return a function that opens a page in a context of its own and gives its walker.

    The test fails if a page logged an error of its own or broke the content security policy.
    """
    walkers: list[Walker] = []

    def open_page(**options: Any) -> Walker:
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(8000)
        walkers.append(Walker(context.new_page(), running))
        return walkers[-1]

    yield open_page
    for walker in walkers:
        walker.page.context.close()
    assert [trouble for walker in walkers for trouble in walker.troubles] == []


@pytest.fixture
def walker(opens: Opens) -> Walker:
    """Return a walker on a page of desktop size."""
    return opens()
