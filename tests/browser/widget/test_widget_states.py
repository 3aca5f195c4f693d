"""Every state is reached with the keyboard alone and has no accessibility fault that axe can find."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from tests.browser.widget.running import Running
from tests.browser.widget.walker import STATES, Walker

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(walker: Walker) -> list[str]:
    """Return what axe finds on the whole page, one line each."""
    walker.watching = False  # axe itself tries an inline style, which the page's policy rightly refuses
    results = Axe().run(
        walker.page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    )
    found = results.response["violations"]
    return [f"{each['id']}: {node['html'][:120]} {node['target']}" for each in found for node in each["nodes"]]


def test_there_are_states_enough() -> None:
    ids = [state["id"] for state in STATES]
    assert len(ids) >= 20
    assert len(set(ids)) == len(ids)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return one context for all states: a new one for each would take as long as the walk."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def walker(context: BrowserContext, running: Running) -> Iterator[Walker]:
    """Return a walker in a browser that remembers nothing."""
    page = context.new_page()
    yield Walker(page, running)
    context.set_offline(False)
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.close()


@pytest.mark.parametrize("state", [state["id"] for state in STATES])
def test_state_by_keyboard_without_faults(walker: Walker, state: str) -> None:
    walker.walk(state)
    assert faults(walker) == []
