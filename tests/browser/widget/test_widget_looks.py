"""Reflow, zoom, target sizes, contrast in every theme, the host page's colours, and text direction."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.conftest import Opens
from tests.browser.widget.test_widget_states import faults
from tests.browser.widget.walker import Walker

pytestmark = pytest.mark.browser
EVERYTHING = [
    "Show me the steps",
    "Show a table",
    "Give me a contact",
    "Find a service",
    "Which dates?",
    "I am in danger",
]
WIDE = """() => {
  const root = document.querySelector('send-chat').shadowRoot;
  const room = document.documentElement.clientWidth;
  return [...root.querySelectorAll('.panel *')].filter((at) => !at.closest('.wide, .vh') && at.checkVisibility()
    && (at.getBoundingClientRect().right > room + 1 || at.getBoundingClientRect().left < -1))
    .map((at) => at.outerHTML.slice(0, 90));
}"""
# Words within a sentence are exempt (WCAG 2.5.8), as is a native radio or tick whose whole line can be pressed.
SMALL = """() => {
  const root = document.querySelector('send-chat').shadowRoot;
  return [...root.querySelectorAll('button, a, summary, input, textarea, label.tick')]
    .filter((at) => at.checkVisibility() && !at.matches('.term, .tick input, .body > p a, .note a, [hidden] *'))
    .map((at) => [at.getBoundingClientRect(), at])
    .filter(([box]) => box.width && (box.height < 43.9 || box.width < 43.9))
    .map(([box, at]) => `${at.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
}"""
HIDDEN_FOCUS = """() => {
  const at = document.querySelector('send-chat').shadowRoot.activeElement;
  const box = at.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, Math.max(1, box.top + Math.min(box.height / 2, 20))];
  const top = document.querySelector('send-chat').shadowRoot.elementFromPoint(x, y);
  return at.contains(top) || top?.contains(at) ? '' : at.outerHTML.slice(0, 90);
}"""


def say_everything(walker: Walker) -> None:
    """Show every kind of block once."""
    walker.walk("answer")
    for words in EVERYTHING:
        walker.take({"ask": words})


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (640, 320)])
def test_everything_fits_without_sideways_scrolling(opens: Opens, width: int, height: int) -> None:
    walker = opens(viewport={"width": width, "height": height})
    say_everything(walker)
    assert walker.page.evaluate(WIDE) == []
    for page in ("Options", "Talk to a person"):
        walker.take({"go": page})
        walker.take({"press": "Enter"})
        walker.take({"see": "Back to the chat"})
        assert walker.page.evaluate(WIDE) == []
        walker.page.keyboard.press("Escape")
    assert walker.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("height", [640, 256])
def test_targets_are_large_and_the_focus_is_never_hidden(opens: Opens, height: int) -> None:
    walker = opens(viewport={"width": 320, "height": height}, has_touch=True)
    say_everything(walker)
    assert walker.page.evaluate(SMALL) == []
    seen = set()
    for _ in range(60):
        walker.page.keyboard.press("Tab")
        seen.add(walker.focused())
        if walker.page.evaluate("() => document.activeElement.localName === 'send-chat'"):
            assert walker.page.evaluate(HIDDEN_FOCUS) == ""
    assert len(seen) > 15
    walker.take({"go": "Options"})
    walker.take({"press": "Enter"})
    walker.take({"see": "What we keep"})
    assert walker.page.evaluate(SMALL) == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_contrast_holds_in_every_theme(walker: Walker, theme: str) -> None:
    say_everything(walker)
    walker.take({"look": {"theme": theme}})
    walker.page.evaluate(
        "() => document.querySelector('send-chat').shadowRoot.querySelectorAll('details')"
        ".forEach((each) => { each.open = true; })"
    )
    assert faults(walker) == []


def test_the_device_s_dark_mode_and_forced_colours(opens: Opens) -> None:
    walker = opens(color_scheme="dark")
    walker.walk("answer")
    paper = (
        "() => getComputedStyle(document.querySelector('send-chat').shadowRoot.querySelector('.panel')).backgroundColor"
    )
    assert walker.page.evaluate(paper) == "rgb(29, 36, 39)"
    walker.page.emulate_media(forced_colors="active")
    assert faults(walker) == []


@pytest.mark.parametrize(
    ("accent", "expected"),
    [
        ("#4b0082", "rgb(75, 0, 130)"),
        ("rgb(255 212 0)", "rgb(255, 212, 0)"),
        ("no colour", "rgb(11, 86, 84)"),
        ("#0008", "rgb(11, 86, 84)"),
        ("#777", "rgb(11, 86, 84)"),
    ],
)
def test_the_page_s_colour_cannot_break_contrast(walker: Walker, accent: str, expected: str) -> None:
    walker.page.add_init_script(
        "((a) => addEventListener('DOMContentLoaded', () => "
        f"document.querySelector('send-chat').style.setProperty('--send-accent', a)))('{accent}')"
    )
    walker.walk("welcome")
    expect(walker.panel.locator("header")).to_have_css("background-color", expected)
    assert faults(walker) == []


def test_right_to_left_mirrors_the_chat(walker: Walker) -> None:
    walker.walk("right-to-left")
    panel, own = walker.panel.bounding_box(), walker.log.locator(".message.user").last.bounding_box()
    assert panel
    assert own
    assert panel["x"] < 100
    assert own["x"] - panel["x"] < 60


def test_a_phone_gets_a_modal_and_a_desktop_does_not(opens: Opens) -> None:
    desktop, phone = opens(), opens(viewport={"width": 360, "height": 740})
    for walker, modal in ((desktop, False), (phone, True)):
        walker.walk("welcome")
        assert walker.panel.evaluate("(at) => at.matches(':modal')") is modal
        walker.page.keyboard.press("Escape")
        expect(walker.panel).to_be_hidden()
        assert walker.focused().startswith("*")


def test_the_page_does_not_move_when_the_chat_loads_and_opens(walker: Walker) -> None:
    walker.page.add_init_script(
        "window.shift = 0; "
        "new PerformanceObserver((list) => list.getEntries()"
        ".forEach((e) => { if (!e.hadRecentInput) window.shift += e.value; }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    walker.walk("answer")
    assert walker.page.evaluate("() => window.shift") == 0


def test_text_spacing_of_wcag_loses_nothing(opens: Opens) -> None:
    walker = opens(viewport={"width": 320, "height": 640})
    say_everything(walker)
    walker.take({"look": {"size": "3", "space": "wide", "font": "plain"}})
    assert walker.page.evaluate(WIDE) == []


def test_the_keyboard_on_the_screen_never_hides_the_box_for_typing(opens: Opens) -> None:
    walker = opens(viewport={"width": 360, "height": 740})
    walker.walk("answer")
    walker.page.evaluate(
        "() => { for (const [name, value] of [['height', 380], ['offsetTop', 0]])"
        " Object.defineProperty(visualViewport, name, {get: () => value});"
        " visualViewport.dispatchEvent(new Event('resize')); }"
    )
    box, panel = walker.box.bounding_box(), walker.panel.bounding_box()
    assert box
    assert panel
    assert panel["height"] == 380
    assert box["y"] + box["height"] <= 380


@pytest.mark.parametrize(("motion", "expected"), [("reduce", "none"), ("no-preference", "pulse")])
def test_motion_only_where_it_is_liked(opens: Opens, motion: str, expected: str) -> None:
    walker = opens(reduced_motion=motion)
    walker.walk("looking")
    name = walker.log.locator(".typing").evaluate("(at) => getComputedStyle(at, '::before').animationName")
    assert name == expected


def test_the_page_s_own_loading_is_not_held_up(walker: Walker) -> None:
    walker.page.add_init_script(
        "window.largest = []; window.blocked = 0;"
        "new PerformanceObserver((list) => window.largest.push(...list.getEntries().map((e) => e.element?.tagName)))"
        ".observe({type: 'largest-contentful-paint', buffered: true});"
        "new PerformanceObserver((list) => list.getEntries().forEach((e) => {"
        " window.blocked = Math.max(window.blocked, e.processingEnd - e.processingStart); }))"
        ".observe({type: 'event', durationThreshold: 16, buffered: true});"
    )
    walker.walk("answer")
    walker.page.wait_for_function("() => window.largest.length > 0")
    assert "SEND-CHAT" not in walker.page.evaluate("() => window.largest")
    assert walker.page.evaluate("() => window.blocked") < 200, "ms of script in one event; good INP is 200"


def test_words_in_english_say_so_on_a_page_in_another_language(walker: Walker) -> None:
    walker.walk("right-to-left")
    expect(walker.page.locator("send-chat .root")).to_have_attribute("lang", "en")
    expect(walker.page.locator("html")).to_have_attribute("lang", "ar")
