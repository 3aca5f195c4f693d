"""Pictures of every state at three widths and at 400 % zoom, by `make shots` or
`python -m tests.browser.widget.screenshots OUTDIR [STATE ...]`.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.widget.running import CHROMIUM, CHROMIUM_ARGS, Running
from tests.browser.widget.walker import STATES, Walker

SIZES = {"desktop": (1280, 900), "tablet": (768, 1024), "phone": (320, 640), "zoomed": (320, 256)}


def take(browser: Browser, running: Running, state: str, target: Path) -> None:
    """Walk to one state at each size and keep a picture of what is on the screen."""
    for name, (width, height) in SIZES.items():
        running.reset()
        running.ensure_started()
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        walker = Walker(context.new_page(), running)
        walker.walk(state)
        walker.page.screenshot(path=target / f"{state}-{name}.png")
        context.close()


def main(target: Path, states: list[str]) -> None:
    """Take all pictures, or those of some states."""
    target.mkdir(parents=True, exist_ok=True)
    running = Running()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for state in STATES:
            if not states or state["id"] in states:
                take(browser, running, state["id"], target)
        browser.close()
    running.ensure_started()
    running.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
