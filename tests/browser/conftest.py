"""Browsers over the whole running service; a test fails if a page asked another server for anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.stack_widget import DESKTOP, PATIENCE, Widget
from tests.browser.widget.running import CHROMIUM, CHROMIUM_ARGS
from tests.stack import Stack

# Where "Leave quickly" leads; the tests that press it answer for that page themselves.
NEUTRAL = "https://www.bbc.co.uk/"
OpensContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, closed with the module so that other modules can start Playwright themselves."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def contexts(chromium: Browser, stack: Stack) -> Iterator[OpensContext]:
    """Opens browsers that remember nothing; no address but the service's own may be asked for."""
    asked: list[str] = []
    made: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: asked.append(request.url))
        made.append(context)
        return context

    yield open_context
    for context in made:
        context.close()
    assert asked
    ours = (f"{stack.url}/", "data:", "blob:", NEUTRAL)
    assert [url for url in asked if not url.startswith(ours)] == []


@pytest.fixture
def context(contexts: OpensContext) -> BrowserContext:
    """A browser that remembers nothing."""
    return contexts()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails if a script of ours broke or the content policy had to refuse something."""
    made, troubles = context.new_page(), []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
    yield made
    assert troubles == []


@pytest.fixture
def widget(page: Page, stack: Stack) -> Widget:
    """The chat, opened by keyboard."""
    opened = Widget(page)
    opened.open(stack.url)
    return opened


@pytest.fixture
def plain(contexts: OpensContext) -> Page:
    """A page in a browser whose scripts are switched off."""
    return contexts(java_script_enabled=False).new_page()
