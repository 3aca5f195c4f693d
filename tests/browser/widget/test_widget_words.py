"""What a screen reader hears, the strings, the size, and the pure modules in a real browser."""

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.widget.canned_gateway import ROOT
from tests.browser.widget.walker import Walker

pytestmark = pytest.mark.browser
WIDGET = ROOT / "widget"
# Outside the total: chat-page.css is for pages without scripts, which load none of the rest.
DELIVERED = [*WIDGET.glob("*.mjs"), WIDGET / "send-chat.css", *WIDGET.glob("strings/*.json")]
CASES = sorted(path.name for path in (ROOT / "tests/widget").glob("*.test.mjs"))
ANNOUNCERS = """() => [...document.querySelector('send-chat').shadowRoot.querySelectorAll('[role], [aria-live]')]
  .filter((at) => /^(log|alert|status|timer|marquee)$/.test(at.getAttribute('role'))
    || /polite|assertive/.test(at.ariaLive)).map((at) => at.getAttribute('role'))"""
HEARD = """() => {
  const log = document.querySelector('send-chat').shadowRoot.querySelector('[role=log]');
  window.heard = [];
  const off = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[aria-live=off]');
  const words = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll?.('[aria-live=off]').forEach((part) => part.remove());
    return copy.textContent;
  };
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (!off(node)) window.heard.push(words(node));
  }))).observe(log, {childList: true, subtree: true});
}"""


def packed(path: Path) -> int:
    """Return the size in bytes as gzip sends it."""
    return len(gzip.compress(path.read_bytes(), 9))


def test_all_that_is_delivered_keeps_to_the_budget() -> None:
    sizes = {path.name: packed(path) for path in DELIVERED}
    assert len(sizes) >= 6
    assert sum(sizes.values()) <= 20_000, sizes


def test_what_comes_with_the_page_keeps_to_its_budget() -> None:
    assert packed(WIDGET / "send-chat.mjs") + packed(WIDGET / "strings/launcher.json") <= 3000


def test_every_language_has_every_word() -> None:
    launcher = json.loads((WIDGET / "strings/launcher.json").read_text())
    english = json.loads((WIDGET / "strings/en.json").read_text())
    assert "en" in launcher
    for language, words in launcher.items():
        assert words.keys() == launcher["en"].keys()
        assert json.loads((WIDGET / f"strings/{language}.json").read_text()).keys() == english.keys()


def test_every_string_is_used_and_every_used_string_exists() -> None:
    strings = set(json.loads((WIDGET / "strings/en.json").read_text()))
    code = "".join(path.read_text() for path in WIDGET.glob("*.mjs"))
    families = (
        "kind_",
        "from_",
        "fail_",
        "handover_",
        "need_",
        "size_",
        "theme_",
        "space_",
        "font_",
        "reply_",
        "feedback_",
    )
    used = set(re.findall(r"\bt\('(\w+)'", code))
    assert used - strings == set()
    words = set(re.findall(r"\w+", code))
    assert {name for name in strings if name not in words and not name.startswith(families)} == set()


def test_no_markup_is_ever_parsed_and_no_style_attribute_written() -> None:
    code = "".join(path.read_text() for path in WIDGET.glob("*.mjs"))
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|'style'",
            code,
        )
        == []
    )


@pytest.mark.parametrize("name", CASES)
def test_module_cases_in_the_browser(walker: Walker, name: str) -> None:
    walker.page.goto(walker.running.url + "/pages/modules")
    results = walker.page.evaluate(
        "async (name) => { await import(`/tests/widget/${name}`);"
        " const { runAll } = await import('/shims/node_shim.mjs'); return runAll(); }",
        name,
    )
    assert len(results) >= 3
    assert [each for each in results if each["error"]] == []


def test_exactly_one_announcer(walker: Walker) -> None:
    walker.walk("with-person")
    assert walker.page.evaluate(ANNOUNCERS) == ["log"]


def test_each_answer_is_announced_once_and_old_ones_are_not(walker: Walker) -> None:
    walker.walk("answer")
    walker.page.evaluate(HEARD)
    walker.take({"ask": "Show a table"})
    heard = walker.page.evaluate("() => window.heard")
    assert len([line for line in heard if "Pupils by kind of need" in line]) == 1
    assert len([line for line in heard if "Looking that up" in line]) == 1
    assert not any("sets out the help" in line for line in heard)
    assert not any("Listen" in line or "Helpful?" in line for line in heard)


def test_errors_and_notes_are_announced(walker: Walker) -> None:
    walker.walk("answer")
    walker.page.evaluate(HEARD)
    walker.take({"go": "Your question"})
    walker.take({"press": "Enter"})
    walker.take({"see": "Type a question first."})
    walker.running.canned.failing["/messages"] = (500, "broken")
    walker.take({"say": "What is a plan?"})
    walker.take({"see": "cannot be reached"})
    heard = " ".join(walker.page.evaluate("() => window.heard"))
    assert "Type a question first." in heard
    assert "the assistant cannot be reached" in heard


def test_a_conversation_as_a_screen_reader_meets_it(walker: Walker) -> None:
    walker.walk("steps")
    expect(walker.page.get_by_role("dialog", name="SEND assistant")).to_match_aria_snapshot("""
      - dialog "SEND assistant":
        - heading "SEND assistant" [level=2]
        - button "Leave quickly"
        - button "Close the chat"
        - group "Help and options":
          - button "Talk to a person"
          - switch "Easy words"
          - button "Options"
        - log "Conversation":
          - list:
            - listitem:
              - paragraph: Assistant (not a person)
              - paragraph: /Hello. I am an assistant/
              - list "Choose one":
                - listitem:
                  - button "What is SEN support?"
                - listitem:
                  - button "Who can help me?"
            - listitem:
              - paragraph: You
              - paragraph: Show me the steps
            - listitem:
              - paragraph: Assistant (not a person)
              - paragraph: You can ask for an assessment yourself.
              - heading "What to do" [level=3]
              - list:
                - listitem: Write to the council.
                - listitem: Say what help is needed.
                - listitem: Keep a copy of the letter.
              - list:
                - listitem: School reports
                - listitem: Letters from doctors
              - paragraph: You do not need the school to agree.
              - group
              - group "About this answer":
                - text: Helpful?
                - button "Yes, helpful"
                - button "No, not helpful"
                - button "Listen"
                - button "Copy"
        - text: Your question
        - textbox "Your question"
        - button "Send"
        - paragraph: /Leave out names/
    """)


def test_an_explanation_can_be_dismissed_and_hovered(walker: Walker) -> None:
    walker.walk("term")
    tip = walker.panel.get_by_role("tooltip")
    expect(tip).to_be_visible()
    walker.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(walker.panel).to_be_visible()
    walker.panel.get_by_role("button", name="LA", exact=True).hover()
    expect(tip).to_have_text("Local authority: the council.")
    tip.hover()
    expect(tip).to_be_visible()


def test_a_contact_card_says_when_it_is_open_and_when_it_was_checked(walker: Walker) -> None:
    walker.walk("contact")
    full, sparse = walker.log.locator(".card").all()
    rows = dict(zip(full.locator("dt").all_inner_texts(), full.locator("dd").all_inner_texts(), strict=True))
    assert rows["Open"] == "Monday to Friday, 9am to 5pm"
    assert rows["Checked"] == "1 November 2026"
    addresses = full.locator("a").evaluate_all("(all) => all.map((at) => at.getAttribute('href'))")
    assert addresses == [
        "tel:01632960001",
        "tel:01632960002",
        "sms:85258",
        "mailto:help@example.org",
        "https://example.org/help",
    ]
    expect(sparse).to_contain_text("We do not have a phone number yet.")
    expect(sparse.locator("a[href^=tel]")).to_have_count(0)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("law", "Law"),
        ("national_guidance", "National guidance"),
        ("council", "Council"),
        ("sendias", "SENDIAS"),
        ("nhs", "NHS"),
        ("charity", "Charity"),
        ("blog", "Source"),
    ],
)
def test_each_kind_of_source_has_its_word(walker: Walker, kind: str, label: str) -> None:
    walker.page.goto(walker.running.url + "/pages/modules")
    shown = walker.page.evaluate(
        """async (kind) => {
          const strings = await (await fetch('/widget/strings/en.json')).json();
          const { transcript } = await import('/widget/render.mjs');
          const t = (key, other) => strings[key] ?? strings[other] ?? key;
          const made = transcript({t, language: 'en-GB', explain: String});
          document.body.append(made.log);
          const citations = [{title: 'x', source: {title: 'x', url: 'https://example.org', kind}}];
          made.show({messages: [{id: '1', sender: 'assistant', text: 'x', citations}]});
          return made.log.querySelector('.kind').textContent;
        }""",
        kind,
    )
    assert shown == label


def test_a_talk_with_a_person_as_a_screen_reader_meets_it(walker: Walker) -> None:
    walker.walk("handover-closed")
    expect(walker.page.get_by_role("dialog", name="SEND assistant")).to_match_aria_snapshot("""
      - log "Conversation":
        - list:
          - listitem:
            - paragraph: Assistant (not a person)
            - paragraph: /Hello. I am an assistant/
            - list "Choose one":
              - listitem:
                - button "What is SEN support?"
              - listitem:
                - button "Who can help me?"
          - listitem:
            - paragraph: About this chat
            - paragraph: Your request is ABC-123.
          - listitem:
            - paragraph: A person is writing to you
            - paragraph: Hello, this is Sam.
      - paragraph: /Your talk with a person has ended/
      - text: Your question
      - textbox "Your question"
    """)
