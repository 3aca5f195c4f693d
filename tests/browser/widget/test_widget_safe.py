"""Nothing that comes from outside becomes markup, a script or a bad link; nothing is asked of third parties."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.canned_answers import XSS
from tests.browser.widget.walker import Walker

pytestmark = pytest.mark.browser
FOREIGN = """() => {
  const root = document.querySelector('send-chat').shadowRoot;
  const bad = [...root.querySelectorAll('img, script, iframe, object, embed, style, link, [onerror], [style*=url]')];
  const links = [...root.querySelectorAll('a')].filter((a) => !/^(https|tel|sms|mailto):/.test(a.href));
  return [window.hacked ?? 'clean', bad.length, links.map((a) => a.href)];
}"""


def attack(walker: Walker, step: dict[str, str]) -> None:
    """Take a step and see that nothing of it ran or became an element."""
    walker.take(step)
    assert walker.page.evaluate(FOREIGN) == ["clean", 0, []]


def test_hostile_answers_stay_text(walker: Walker) -> None:
    walker.walk("welcome")
    attack(walker, {"ask": "hostile"})
    shown = walker.log.locator(".message.assistant").last
    kinds = [
        "p",
        "h3",
        ".notice",
        "ol li",
        "ul li",
        "th",
        "td",
        "caption",
        ".card .name",
        "dd",
        ".note",
        ".sources li",
        "button",
    ]
    for kind in kinds:
        expect(shown.locator(kind, has_text="<img src=x").first).to_be_attached()
    attack(walker, {"go": XSS[:12]})


def test_hostile_words_of_a_reader_and_a_person_stay_text(walker: Walker) -> None:
    walker.walk("handover-waiting")
    attack(walker, {"ask": XSS})
    attack(walker, {"person": XSS})
    walker.log.locator(".message.person", has_text="<img").wait_for()
    assert walker.page.evaluate(FOREIGN) == ["clean", 0, []]


def test_hostile_problem_details_stay_text(walker: Walker) -> None:
    walker.walk("welcome")
    walker.running.canned.failing["/messages"] = (422, XSS)
    attack(walker, {"say": "x"})
    walker.take({"see": "That could not be sent. <img"})
    assert walker.page.evaluate(FOREIGN) == ["clean", 0, []]


def test_only_this_origin_is_asked(walker: Walker) -> None:
    asked: list[str] = []
    walker.page.on("request", lambda request: asked.append(request.url))
    walker.walk("with-person")
    assert asked
    assert [url for url in asked if not url.startswith(walker.running.url)] == []


def test_little_is_loaded_before_the_chat_is_opened(walker: Walker) -> None:
    asked: list[str] = []
    walker.page.on("request", lambda request: asked.append(request.url.removeprefix(walker.running.url)))
    walker.walk("closed")
    loaded = [path for path in asked if path.startswith("/widget/") and "chat-page" not in path]
    assert sorted(set(loaded) - {"/widget/send-chat.css"}) == [
        "/widget/send-chat.mjs",
        "/widget/strings/launcher.json",
    ]


def test_an_older_browser_keeps_the_page_s_own_link(walker: Walker) -> None:
    walker.page.add_init_script("delete AbortSignal.any")
    walker.page.goto(walker.running.url)
    walker.page.wait_for_function("() => customElements.get('send-chat')")
    expect(walker.page.get_by_role("link", name="works without scripts")).to_be_visible()
    assert walker.page.evaluate("() => document.querySelector('send-chat').shadowRoot") is None


def test_without_its_words_there_is_no_nameless_launcher(walker: Walker) -> None:
    walker.page.route("**/launcher.json", lambda route: route.abort())
    walker.page.goto(walker.running.url)
    walker.page.locator("send-chat .launcher").wait_for(state="attached")
    expect(walker.page.locator("send-chat .launcher")).to_be_hidden()
    expect(walker.page.get_by_role("link", name="works without scripts")).to_be_visible()
    walker.page.unroute_all()


def test_modules_that_do_not_load_leave_the_contact_link_and_say_so(walker: Walker) -> None:
    walker.page.route("**/panel.mjs", lambda route: route.abort())
    walker.load()
    walker.take({"go": "*"})
    walker.page.keyboard.press("Enter")
    expect(walker.page.locator("send-chat .failed")).to_be_focused()
    expect(walker.page.get_by_role("link", name="works without scripts")).to_be_visible()
    walker.page.unroute_all()


def test_the_element_leaves_nothing_running_when_removed(walker: Walker) -> None:
    walker.walk("handover-waiting")
    calls = walker.running.canned.calls
    walker.page.evaluate("() => document.querySelector('send-chat').remove()")
    before = len(calls)
    walker.running.person_says("Anyone?")
    walker.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert walker.page.locator("send-chat").count() == 0
    assert len(calls) == before


def test_the_element_can_be_moved_while_open(walker: Walker) -> None:
    walker.walk("answer")
    walker.page.evaluate("() => document.body.prepend(document.querySelector('send-chat'))")
    expect(walker.log).to_contain_text("sets out the help")
    expect(walker.panel).to_have_count(1)
