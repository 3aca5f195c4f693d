"""The audit log for managers: words for every action, filters, pages."""

import re

import pytest
import yaml

from assistant.paths import ROOT
from tests.unit.assistant.desk_samples import Desk, sign_in
from tests.unit.assistant.staff_samples import parts

TEXTS = yaml.safe_load((ROOT / "assistant" / "review" / "texts.yml").read_text(encoding="utf-8"))
SOURCES = [path for folder in ("review", "storage") for path in (ROOT / "assistant" / folder).glob("*.py")]
ACTION = re.compile(r'"((?:access|account|requests?|safeguarding|staff|ticket)\.[a-z_]{5,})"')


@pytest.fixture
def chief(gateway) -> Desk:
    return sign_in(gateway.app, "manager", name="Chief")


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(\d+)</th>', page)


def record(gateway, count: int, **entry: str) -> None:
    for number in range(count):
        parts(gateway.app).storage.audit.record(
            None, **({"actor": "command", "action": "account.unlocked", "subject": str(number)} | entry)
        )


def test_every_action_has_words():
    used = {name for path in SOURCES for name in ACTION.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 25
    assert used <= set(TEXTS["actions"])


async def test_entries_come_newest_first_in_pages_of_fifty(gateway, chief):
    record(gateway, 60)
    total = parts(gateway.app).storage.audit.verify().entries
    first = await chief.text("/audit")
    assert rows(first) == [str(total - number) for number in range(50)]
    assert "Page 1 of 2" in first
    assert rows(await chief.text("/audit?page=2")) == [str(number) for number in range(total - 50, 0, -1)]
    assert rows(await chief.text("/audit?page=99")) == []


async def test_the_filter_stays_on_the_next_page(gateway, chief):
    record(gateway, 60)
    page = await chief.text("/audit?actor=command&action=account.unlocked")
    assert "60 entries" in page
    [link] = re.findall(r'rel="next" href="/staff([^"]+)"', page)
    assert len(rows(await chief.text(link))) == 10


async def test_names_and_words_stand_for_ids(gateway, chief):
    page = await chief.text(f"/audit?actor={chief.account.id}")
    assert '<td data-label="Who">Chief</td>' in page
    assert '<td data-label="What">Signed in</td>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("subject=7", 1),
        ("subject=%207%20", 1),
        ("since=2999-01-01", 0),
        ("until=2000-01-01", 0),
        ("since=tomorrow", 10),
    ],
)
async def test_filters(gateway, chief, query, found):
    record(gateway, 10)
    assert len(rows(await chief.text(f"/audit?actor=command&{query}"))) == found


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999", f"subject={'x' * 121}"])
async def test_what_makes_no_sense_is_refused_with_a_page(chief, query):
    response = await chief.get(f"/audit?{query}")
    assert response.status_code == 422
    assert "Something in the form is missing or too long" in response.text


async def test_what_was_recorded_cannot_become_markup(gateway, chief):
    record(gateway, 1, actor="<b>bold</b>", action="<i>x</i>", subject="<script>")
    page = (await chief.get("/audit")).text
    assert "<b>bold" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
