"""Walks the chat to a state with the keyboard alone, as `widget/states.json` describes it."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.widget.canned_gateway import ROOT
from tests.browser.widget.running import Running

STATES: list[dict[str, Any]] = json.loads((ROOT / "widget/states.json").read_text())
MOST_TABS = 120
# The name of what has the focus, looked up through shadow roots; `*` marks the launcher.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const label = at?.labels?.[0]?.textContent;
  return (at?.classList.contains('launcher') ? '*' : '') + (at?.ariaLabel || label || at?.textContent || '').trim();
}"""
Step = str | dict[str, Any]


class Walker:
    """One page with the chat on it."""

    def __init__(self, page: Page, running: Running) -> None:
        self.page = page
        self.running = running
        self.path = "/"
        self.troubles: list[str] = []
        self.watching = True
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", lambda line: self._note(line.text) if "Policy" in line.text else None)

    def _note(self, trouble: str) -> None:
        if self.watching:
            self.troubles.append(trouble)

    @property
    def panel(self) -> Locator:
        """Return the chat window."""
        return self.page.locator("send-chat #panel")

    @property
    def log(self) -> Locator:
        """Return the transcript."""
        return self.page.locator("send-chat [role=log]")

    @property
    def box(self) -> Locator:
        """Return the box for typing."""
        return self.page.locator("send-chat textarea#question")

    def walk(self, state: str) -> None:
        """Go to a state of `states.json` from a freshly loaded page."""
        steps: list[Step] = next(each["steps"] for each in STATES if each["id"] == state)
        if steps and isinstance(steps[0], dict) and "page" in steps[0]:
            self.path = f"/pages/{steps[0]['page']}"
            steps = steps[1:]
        self.load()
        for step in steps:
            self.take(step)

    def load(self) -> None:
        """Open the page and wait for the launcher."""
        self.page.goto(self.running.url + self.path)
        self.page.locator("send-chat .launcher:not([hidden])").wait_for(state="attached")

    def take(self, step: Step) -> None:
        """Take one step."""
        name, value = (step, None) if isinstance(step, str) else next(iter(step.items()))
        way: Callable[[Any], None] = getattr(self, f"_{name}")
        way(value)

    def focused(self) -> str:
        """Return the name of what has the focus."""
        return str(self.page.evaluate(FOCUSED))

    def answers(self) -> int:
        """Return how many messages the assistant has shown."""
        return self.log.locator(".message.assistant").count()

    def _open(self, _value: None) -> None:
        self._go("*")
        self.page.keyboard.press("Enter")
        self.panel.wait_for()
        if not self.running.canned.held:
            self.log.locator(".message.assistant").first.wait_for()

    def _go(self, name: str) -> None:
        for _ in range(MOST_TABS):
            if self.focused().startswith(name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached by Tab")

    def _press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def _say(self, text: str) -> None:
        self._go("Your question")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def _ask(self, text: str) -> None:
        self._say(text)
        self.page.wait_for_function("() => !document.querySelector('send-chat').shadowRoot.querySelector('.typing')")
        self.log.locator(".message.user", has_text=text).last.wait_for()

    def _fill(self, size: int) -> None:
        self._go("Your question")
        self.page.keyboard.insert_text("word " * (size // 5))
        if size % 5 == 0:
            self.page.keyboard.press("Backspace")
            self.page.keyboard.type("s")

    def _see(self, text: str) -> None:
        self.panel.get_by_text(text).last.wait_for()

    def _gone(self, text: str) -> None:
        self.panel.get_by_text(text).first.wait_for(state="detached")

    def _handover(self, _value: None) -> None:
        self._go("Talk to a person")
        self.page.keyboard.press("Enter")
        self._go("What do you need help with?")
        self.page.keyboard.type("I would like advice about school.")
        self._go("I agree")
        self.page.keyboard.press("Space")
        self._go("Ask for a person")
        self.page.keyboard.press("Enter")
        self._see("ABC-123")

    def _person(self, text: str) -> None:
        self.running.person_says(text)

    def _look(self, wished: dict[str, str]) -> None:
        self._go("Options")
        self.page.keyboard.press("Enter")
        for name, value in wished.items():
            chosen = self.page.locator(f"send-chat input[name={name}]:checked")
            legend = chosen.evaluate("at => at.closest('label').textContent.trim()")
            while not self._in_group(name):
                self.page.keyboard.press("Tab")
            assert self.focused().startswith(legend)
            while chosen.get_attribute("value") != value:
                self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Escape")
        self.log.wait_for()

    def _in_group(self, name: str) -> bool:
        focused = "document.querySelector('send-chat').shadowRoot.activeElement?.name"
        return bool(self.page.evaluate(focused) == name)

    def _offline(self, value: bool) -> None:
        self.page.context.set_offline(value)

    def _gateway(self, wish: str | dict[str, Any]) -> None:
        canned = self.running.canned
        if wish == "stop":
            self.running.stop()
        elif wish == "forget":
            canned.talks.clear()
        elif wish == "close":
            list(canned.talks.values())[-1].handover = "closed"
        elif isinstance(wish, dict):
            canned.held |= {wish["held"]} if "held" in wish else set()
            if "failing" in wish:
                ending, status = wish["failing"]
                canned.failing[ending] = (status, "Please wait.")


def sent(walker: Walker, ending: str, method: str = "POST") -> list[dict[str, object]]:
    """Return the bodies of the calls to paths with this ending."""
    calls = walker.running.canned.calls
    return [body for verb, path, body in calls if verb == method and path.endswith(ending)]
