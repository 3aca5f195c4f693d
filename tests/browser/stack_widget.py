"""The chat on the demo page of the whole running service, used as a person with a keyboard does."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.widget.walker import FOCUSED, MOST_TABS

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds; a condition, not a pause
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIDEWAYS = """() => [document.documentElement.scrollWidth > innerWidth,
  ...[...document.querySelectorAll('body *')].filter((at) => !at.closest('.wide, .vh, .skip, send-chat')
    && at.getBoundingClientRect().right > innerWidth + 1).map((at) => at.outerHTML.slice(0, 90))]"""


class Widget:
    """The chat on the demo page, used as a person with a keyboard does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.locator("send-chat [role=log]")
        self.box = page.locator("send-chat textarea#question")

    @property
    def answers(self) -> Locator:
        return self.log.locator(".message.assistant")

    def go(self, name: str) -> None:
        """Press Tab until the focus is on something whose name begins so; `*` is the launcher."""
        for _ in range(MOST_TABS):
            if str(self.page.evaluate(FOCUSED)).startswith(name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached by Tab")

    def open(self, url: str) -> None:
        """Load the demo page and open the chat by keyboard."""
        self.page.goto(f"{url}/")
        self.page.locator("send-chat .launcher:not([hidden])").wait_for(state="attached")
        self.go("*")
        self.page.keyboard.press("Enter")
        self.answers.first.wait_for()

    def ask(self, text: str) -> Locator:
        """Type a question, send it with Enter, and return the answer once it is there."""
        before = self.answers.count()
        self.go("Your question")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(self.answers).to_have_count(before + 1, timeout=PATIENCE)
        return self.answers.last

    def press(self, name: str) -> Locator:
        """Go to a choice by Tab, press it, and return the answer."""
        before = self.answers.count()
        self.answers.last.get_by_role("button", name=name).wait_for()
        self.go(name)
        self.page.keyboard.press("Enter")
        expect(self.answers).to_have_count(before + 1, timeout=PATIENCE)
        return self.answers.last


def faults(page: Page) -> list[str]:
    """Return what axe finds on the whole page, one line each."""
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
