"""The staff pages in Debian's chromium: a gateway for each test, a fresh browser context for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.storage.staff_records import Account
from tests.browser.staff.desk_running import Running

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
_PATIENCE = 15_000  # milliseconds; a condition, not a pause
Opens = Callable[..., Page]


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    """The gateway with staff pages on an empty database."""
    server = Running(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def opens(chromium: Browser, running: Running) -> Iterator[Opens]:
    """Opens a page for an account, or for a family.

    The test fails if a script of ours broke, the content policy had to refuse something, or a page asked another
    server for anything.
    """
    pages: list[Page] = []
    troubles: list[str] = []

    def open_page(account: Account | None = None, **options) -> Page:
        context = chromium.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        if account is not None:
            context.add_cookies([running.cookie(account)])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if "Policy" in line.text else None)
        ours = (f"{running.url}/", "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or troubles.append(request.url))
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert troubles == []
