"""What the widget leaves in a browser is what the privacy notice says."""

import pytest

from tests.browser.widget.conftest import Opens
from tests.unit.docs.papers import left_in_browser

pytestmark = pytest.mark.browser
NAMES = "(storage) => Object.keys(window[storage])"


def test_what_stays_is_in_the_privacy_notice(opens: Opens) -> None:
    walker = opens()
    walker.walk("options")
    walker.page.get_by_label("Dark").check()
    for place, storage in (("local storage", "localStorage"), ("session storage", "sessionStorage")):
        told = left_in_browser(place)
        assert told
        assert set(walker.page.evaluate(NAMES, storage)) == told
    assert walker.page.context.cookies() == []
