"""The desk's pages: axe, keyboard, without scripts, and at 320 pixels, with few and with many requests."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from assistant.commands.seed import samples
from assistant.storage.desk_records import Wanted
from assistant.storage.staff_records import Account
from tests.browser.staff.conftest import Opens
from tests.browser.staff.desk_running import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOCUSED = """() => {
  const at = document.activeElement;
  return at === document.body ? '' : (at.labels?.[0] ?? at).textContent.trim();
}"""
# Anything pressed with a finger is at least this high (CSS pixels); links in running text are exempt.
SMALL_BUTTONS = """() => {
  const controls = 'button, select, input:not([type=hidden], [type=checkbox]), summary';
  const small = (each) => each.offsetParent && each.getBoundingClientRect().height < 43.5;
  return [...document.querySelectorAll(controls)].filter(small).map((each) => each.outerHTML);
}"""
OPEN_ALL = "all => all.forEach((each) => { each.parentElement.open = true; })"


def faults(page: Page) -> list[str]:
    """Return what axe finds on the page, one line each."""
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{page.url} {each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.fixture
def anna(running: Running) -> Account:
    """Somebody with thirty requests and three safeguarding records on the desk."""
    anna, ben = running.account("Anna"), running.account("Ben", "manager")
    running.storage.seeding.fill(samples(), requests=30, flags=3, staff=[anna.id, ben.id])
    running.storage.operator.save_canned_reply("Closed today", "We are closed today.", by=ben.id)
    return anna


def addresses(running: Running) -> list[str]:
    by_state = {one.state: one.id for one in running.storage.queue.all(Wanted())}
    flag = running.storage.flags.page(closed=False)[0][0].id
    pages = ["/requests", "/requests?q=nothing&state=closed", "/requests?state=all&page=2", "/safeguarding"]
    pages += ["/safeguarding?closed=1", f"/safeguarding/{flag}"]
    pages += [f"/requests/{one}" for one in by_state.values()]
    return [*pages, f"/requests/{by_state['closed']}/print"]


def test_no_page_has_a_fault_that_axe_can_find(chromium, running: Running, anna: Account) -> None:
    # Not through `opens`: axe tries an inline style, which the content policy rightly refuses.
    context = chromium.new_context()
    context.add_cookies([running.cookie(anna)])
    page = context.new_page()
    found: list[str] = []
    for address in addresses(running):
        page.goto(f"{running.url}/staff{address}")
        page.locator("details > summary").evaluate_all(OPEN_ALL)
        found += faults(page)
    request_id = running.storage.queue.page(Wanted(state="new"))[0][0].id
    page.goto(f"{running.url}/staff/requests/{request_id}")
    page.get_by_role("button", name="Show contact details").click()
    expect(page.get_by_text("E-mail", exact=True)).to_be_visible()
    found += faults(page)
    page.locator("form[action$='/tags'] input[name=tags]").fill("=1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += faults(page)
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_every_page_fits_and_buttons_are_large_enough(
    opens: Opens, running: Running, anna: Account, width: int
) -> None:
    """320 CSS pixels are also what is left of 1280 at 400 % zoom."""
    page = opens(anna, viewport={"width": width, "height": 800})
    for address in addresses(running):
        page.goto(f"{running.url}/staff{address}")
        page.locator("details > summary").evaluate_all(OPEN_ALL)
        sizes = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert sizes[0] <= sizes[1], address
        assert page.evaluate(SMALL_BUTTONS) == [], address


def go(page: Page, name: str) -> None:
    """Press Tab until the focus is on something whose name begins so; it must be visible there."""
    for _ in range(150):
        if str(page.evaluate(FOCUSED)).startswith(name):
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", name
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_a_request_is_worked_on_by_keyboard_alone(opens: Opens, running: Running, anna: Account) -> None:
    [wanted, *_], _ = running.storage.queue.page(Wanted(state="new"))
    page = opens(anna)
    page.goto(f"{running.url}/staff/requests")
    go(page, "Skip to main content")
    page.keyboard.press("Enter")
    go(page, wanted.reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{wanted.id}")
    go(page, "Ready replies")
    page.keyboard.press("ArrowDown")
    go(page, "Put into the reply")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your reply")).to_be_focused()
    expect(page.get_by_label("Your reply")).to_have_value("We are closed today.")
    page.keyboard.type(" Back tomorrow.")
    go(page, "Send reply")
    page.keyboard.press("Enter")
    expect(page.locator("#chat").get_by_text("We are closed today. Back tomorrow.")).to_be_visible()
    go(page, "Reason")
    page.keyboard.type("Answered")
    go(page, "Close request")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The request is closed.")).to_be_visible()
    assert running.storage.requests.find(wanted.id).close_reason == "answered"


def test_a_live_change_keeps_the_focus_and_what_is_typed(opens: Opens, running: Running, anna: Account) -> None:
    [wanted, *_], _ = running.storage.queue.page(Wanted(state="new", assignee=""))
    page = opens(anna)
    page.goto(f"{running.url}/staff/requests/{wanted.id}")
    page.get_by_role("button", name="Show contact details").click()
    expect(page.locator("#contact dl")).to_be_visible()
    expect(page.locator("html[data-live]")).to_be_attached()
    page.get_by_label("Tags", exact=True).fill("half a ta")
    page.get_by_role("button", name="Take it").focus()
    running.storage.desk.note(wanted.id, text="A colleague's note", by=anna.id)
    expect(page.get_by_text("A colleague's note")).to_be_visible()
    expect(page.get_by_role("button", name="Take it")).to_be_focused()
    expect(page.get_by_label("Tags", exact=True)).to_have_value("half a ta")
    expect(page.locator("#live-note")).to_contain_text("has changed")
    expect(page.locator("#contact dl")).to_be_visible()


def test_everything_works_without_scripts(opens: Opens, running: Running, anna: Account) -> None:
    [wanted, *_], _ = running.storage.queue.page(Wanted(state="new"))
    page = opens(anna, java_script_enabled=False)
    page.goto(f"{running.url}/staff/requests")
    page.get_by_text("Search and filter").click()
    page.get_by_label("Reference or tag").fill(wanted.reference.lower())
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name=wanted.reference).click()
    expect(page.locator("#ready")).to_be_hidden()
    page.get_by_text("Ready replies to copy").click()
    expect(page.get_by_text("We are closed today.")).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("You look after this request now.")).to_be_visible()
    page.get_by_label("Priority", exact=True).select_option("Urgent")
    page.get_by_role("button", name="Set").click()
    page.get_by_label("New note").fill("Rang the school")
    page.get_by_role("button", name="Add note").click()
    page.get_by_label("Your reply").fill("Hello")
    page.get_by_role("button", name="Send reply").click()
    page.get_by_role("button", name="Show contact details").click()
    expect(page.locator("#contact dl")).to_be_visible()
    page.get_by_label("Reason").select_option("passed_on")
    page.get_by_role("button", name="Close request").click()
    page.get_by_role("button", name="Open it again").click()
    found = running.storage.requests.find(wanted.id)
    assert (found.state, found.priority, found.assignee) == ("waiting_us", 2, anna.id)
    page.get_by_role("link", name="Page for printing").click()
    expect(page.get_by_text("Rang the school")).to_be_visible()
    page.goto(f"{running.url}/staff/safeguarding")
    page.locator(".lane a").first.click()
    page.get_by_label("What was done").fill("Rang social care")
    page.get_by_role("button", name="Close the record").click()
    expect(page.get_by_text("Rang social care")).to_be_visible()
