"""The report page of an evaluation, as a browser shows it: no fault that axe can find, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, sync_playwright

from assistant.evaluation import report
from assistant.evaluation.cases import Case
from assistant.evaluation.client import Reply
from assistant.evaluation.offline import look_up
from assistant.evaluation.score import judge
from tests.browser.widget.running import CHROMIUM, CHROMIUM_ARGS
from tests.unit.assistant.evaluation_samples import ASKED, tiny_parts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parts = tiny_parts()
    missed = judge(
        Case("T1", "process", ("how long " * 20,), ("plan",), (("20",),)), Reply("answered", "", (), (), 0.1)
    )
    found = report.retrieved(look_up(parts, ASKED), parts)
    return report.write(tmp_path_factory.mktemp("report"), [missed], found, {"commit": "abc"})


@pytest.mark.parametrize("width", [1200, 320])
def test_the_report_has_no_fault_and_fits(chromium: Browser, page_file: Path, width: int) -> None:
    with chromium.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(page_file.as_uri())
        faults = [rule["id"] for rule in Axe().run(page).response["violations"]]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert faults == []
    assert wider <= 0
