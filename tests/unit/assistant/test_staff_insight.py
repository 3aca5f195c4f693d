"""Insight, tickets and content: who sees what, figures with small numbers hidden, telling those who asked."""

import csv
import dataclasses
import io
import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.preview import preview
from assistant.review import view
from assistant.review.figures import overview
from assistant.review.grouping import groups
from assistant.review.insight import asked_period
from assistant.review.shelf import shelf
from assistant.storage.insight import Figures, Period, Unanswered
from knowledge.loader import load_contacts
from tests.unit.assistant.desk_samples import FORM, Desk, actions, sign_in

NOT_KNOWN = {"status": "declined_not_known", "citations": []}


@pytest.fixture
def anna(gateway) -> Desk:
    return sign_in(gateway.app)


@pytest.fixture
def ed(gateway) -> Desk:
    return sign_in(gateway.app, "editor", "Ed")


async def unanswered(gateway, make_payload, *texts):
    """Let families ask what nothing answers; return their chats."""
    gateway.rasa.replies = [make_payload("I do not know.", **NOT_KNOWN)]
    chats = [await gateway.start() for _ in texts]
    for chat, text in zip(chats, texts, strict=True):
        await chat.say(text)
    return chats


async def ticket(gateway, desk, make_payload, *texts) -> tuple[int, list]:
    chats = await unanswered(gateway, make_payload, *texts)
    page = (await desk.get("/insight")).text
    ids = re.findall(r'name="message_ids" value="(\w+)"', page)
    made = await desk.post("/insight/ticket", message_ids=ids, summary="Taxis are missing")
    return int(re.search(r"/tickets/(\d+)", made.headers["location"]).group(1)), chats


async def test_with_nothing_there_every_part_says_so(anna):
    page = await anna.text("/insight")
    assert page.count("Nothing in this period") >= 8
    assert "<svg" not in page


async def test_small_numbers_show_neither_on_the_page_nor_in_the_file(gateway, anna):
    for _ in range(3):
        await (await gateway.start()).say("what is an ehcp")
    page = await anna.text("/insight")
    assert "too few to show" in page
    rows = list(csv.DictReader(io.StringIO((await anna.get("/insight.csv")).text)))
    shown = {(row["table"], row["key"]): row["value"] for row in rows}
    assert shown["answers", "answered"] == "hidden"
    assert shown["answers", "total"] == "hidden"
    for _ in range(4):
        await (await gateway.start()).say("what is an ehcp")
    rows = list(csv.DictReader(io.StringIO((await anna.get("/insight.csv")).text)))
    shown = {(row["table"], row["key"]): row["value"] for row in rows}
    assert shown["answers", "answered"] == "7"
    assert shown["conversations", "total"] == "7"
    assert "<svg" in await anna.text("/insight")


async def test_questions_without_an_answer_stand_together_and_go_with_their_conversations(gateway, anna, make_payload):
    asked = ["who pays for a taxi to school", "who pays the school taxi", "can my dog come to class"]
    chats = await unanswered(gateway, make_payload, *asked)
    page = await anna.text("/insight")
    assert page.count("Fewer than 5 times") == 2
    assert "dog" in page
    assert "dog" not in (await anna.get("/insight.csv")).text
    await gateway.client.delete(chats[2].url, headers=chats[2].headers)
    assert "dog" not in await anna.text("/insight")


async def test_editors_see_tickets_and_content_but_neither_insight_nor_requests(gateway, anna, ed, make_payload):
    number, chats = await ticket(gateway, anna, make_payload, "who pays for a taxi, mail me@example.org")
    await chats[0].post("/handover", **FORM)
    for path in ("/insight", "/insight.csv", "/requests", "/settings"):
        assert (await ed.get(path)).status_code == 403
    assert (await ed.post("/insight/ticket", message_ids=["x"])).status_code == 403
    for path in ("/tickets", f"/tickets/{number}", "/content", "/content/ehcp"):
        page = await ed.text(path)
        for private in ("me@example.org", "A Parent", "parent@example.org", "Please explain", chats[0].id):
            assert private not in page
    assert "who pays for a taxi, mail [email]" in await ed.text(f"/tickets/{number}")
    assert "ticket.viewed" in actions(gateway.app, str(number))


async def test_reviewers_read_tickets_but_do_not_change_them(gateway, anna, make_payload):
    number, _ = await ticket(gateway, anna, make_payload, "who pays for a taxi")
    page = await anna.text(f"/tickets/{number}")
    assert "Taxis are missing" in page
    assert "Work on it" not in page
    assert (await anna.post(f"/tickets/{number}", state="mended", version="1")).status_code == 403


async def test_those_who_asked_are_told_once_in_their_chat(gateway, anna, ed, make_payload):
    number, chats = await ticket(gateway, anna, make_payload, "who pays for a taxi", "who pays for the taxi")
    await gateway.client.delete(chats[1].url, headers=chats[1].headers)
    form = {"state": "mended", "owner": ed.account.id, "articles": "ehcp", "work_note": "Written", "tell": "yes"}
    saved = await ed.post(f"/tickets/{number}", **form, version="1")
    assert saved.headers["location"].endswith("said=askers_told")
    told = (await chats[0].messages())[-1]
    assert told["sender"] == "system"
    assert "mended" in told["text"]
    [choice] = told["choices"]
    gateway.rasa.replies = [make_payload()]
    await chats[0].post(choice=choice["id"])
    assert gateway.rasa.asked[-1].entities == {"article": "ehcp"}
    count = len(await chats[0].messages())
    again = await ed.post(f"/tickets/{number}", **form, version="2")
    assert again.headers["location"].endswith("said=ticket_changed")
    assert len(await chats[0].messages()) == count
    assert "told that it is mended" in await ed.text(f"/tickets/{number}")


async def test_a_stale_or_wrong_ticket_form_keeps_what_was_typed(gateway, anna, ed, make_payload):
    number, _ = await ticket(gateway, anna, make_payload, "who pays for a taxi")
    form = {"state": "in_progress", "work_note": "I look at it", "articles": "ehcp"}
    wrong = await ed.post(f"/tickets/{number}", **(form | {"articles": "nothing-such"}), version="1")
    assert wrong.status_code == 422
    assert "I look at it" in wrong.text
    stranger = await ed.post(f"/tickets/{number}", **form, owner=anna.account.id, version="1")
    assert stranger.status_code == 422
    await ed.post(f"/tickets/{number}", **form, version="1")
    stale = await ed.post(f"/tickets/{number}", **(form | {"work_note": "Mine"}), version="1")
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert (await ed.post("/tickets/999", **form, version="1")).status_code == 404
    assert (await ed.get("/tickets/999")).status_code == 404


async def test_a_ticket_of_ones_own(ed):
    made = await ed.post("/tickets", summary="<b>Old fees</b> in the attendance article")
    page = (await ed.get(made.headers["location"].removeprefix("/staff").partition("?")[0])).text
    assert "&lt;b&gt;Old fees&lt;/b&gt;" in page
    assert (await ed.post("/tickets", summary="   ")).status_code == 422
    assert "Noticed by staff" in await ed.text("/tickets")
    assert "You look after no open ticket" in await ed.text("/tickets?mine=1")
    assert "No ticket has been mended" in await ed.text("/tickets?done=1")


async def test_an_unhelpful_answer_with_a_line_becomes_a_ticket(gateway, ed, chat):
    reply = (await chat.say("what is an ehcp"))["messages"][0]
    await chat.post(f"/messages/{reply['id']}/feedback", helpful=False, comment="too long, write to me@example.org")
    page = await ed.text("/tickets/1")
    assert "too long, write to [email]" in page
    assert "a family, with a comment" in page


async def test_content_is_listed_narrowed_and_shown_in_both_texts(ed):
    page = await ed.text("/content")
    assert re.search(r"\d+ articles", page)
    assert "page 1 of" in page
    one = await ed.text("/content?q=ehcp")
    assert 'href="/staff/content/ehcp"' in one
    assert "No article fits" in await ed.text("/content?q=zzzz")
    assert (await ed.get("/content?page=999&look=late&topic=nothing")).status_code == 200
    preview = await ed.text("/content/ehcp")
    for heading in ("Standard", "Easy", "Where this comes from", "What each question gets first"):
        assert heading in preview
    assert (await ed.get("/content/../secrets")).status_code in (404, 403)
    assert (await ed.get("/content/no-such-article")).status_code == 404


def test_what_an_article_holds_is_shown_as_text_never_as_markup(gateway):
    entry = shelf().entries["ehcp"]
    shown = preview(Path(entry.article.path), contacts=load_contacts())
    marked = dataclasses.replace(entry.article, for_audience={"family": "<b>bold</b>"}, next_steps=("<i>go</i>",))
    environment = view.build(frozenset(), zone=ZoneInfo("Europe/London")).templates.env
    block = {"type": "paragraph", "text": "<script>"}
    page = environment.get_template("preview_body.html").render(
        article=marked, problems=(), standard=[block], easy=[block], details=[("<u>", [block])]
    )
    assert shown.article == entry.article
    for markup in ("<b>", "<i>", "<u>", "<script>"):
        assert markup not in page
        assert markup.replace("<", "&lt;").replace(">", "&gt;") in page


def test_statuses_and_topics_have_labels(gateway):
    import yaml

    from assistant.paths import ROOT

    texts = yaml.safe_load((ROOT / "assistant/review/texts.yml").read_text(encoding="utf-8"))
    statuses = yaml.safe_load((ROOT / "knowledge/schema/statuses.yml").read_text(encoding="utf-8"))
    assert texts["insight"]["labels"]["answers"] == statuses


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "2026-10-27", "2026-11-23"),
        ({"since": "2026-11-01", "until": "2026-11-05"}, "2026-11-01", "2026-11-05"),
        ({"since": "2026-11-09", "until": "2026-11-05"}, "2026-11-05", "2026-11-05"),
        ({"since": "2000-01-01", "until": "2030-01-01"}, "2025-11-23", "2026-11-23"),
        ({"since": "soon"}, "2026-10-27", "2026-11-23"),
    ],
)
def test_periods_that_make_no_sense_are_put_right(query, first, last):
    assert asked_period(query, today=TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_hours_are_local_and_long_periods_are_counted_by_week():
    counts = {("2026-07-01", "handover.hour.23"): 6, ("2026-12-01", "handover.hour.23"): 7}
    counts |= {("2026-07-01", "conversation"): 5, ("2026-07-03", "conversation"): 6}
    period = Period(date(2026, 7, 1), date(2026, 12, 1))
    found = overview(Figures(counts), period, zone=ZoneInfo("Europe/London"), topic=str)
    hours = {cell.key: cell.value for cell in found.chart("hours").table.cells}
    assert (hours["00"], hours["23"]) == (6, 7)
    weeks = found.chart("conversations").table.cells
    assert (weeks[0].key, weeks[0].value) == ("2026-06-29", 11)
    assert len(weeks) == 23


def test_questions_alike_stand_together():
    texts = [
        "How long does an EHC plan take?",
        "how long does a EHC plan take",
        "EHC plan: how long??",
        "free swimming",
    ]
    found = groups([Unanswered(str(n), text, "declined_not_known") for n, text in enumerate(texts)])
    assert [(group.count, group.message_ids[0]) for group in found] == [(3, "0"), (1, "3")]


def test_grouping_thousands_of_questions_is_quick():
    import time

    words = [
        "plan",
        "school",
        "taxi",
        "bus",
        "club",
        "reading",
        "writing",
        "maths",
        "lunch",
        "autumn",
        "winter",
        "garden",
        "music",
        "sport",
    ]
    asked = [Unanswered(str(n), " ".join(words[(n * k) % 14] for k in range(1, 5)), "x") for n in range(500)]
    begun = time.perf_counter()
    groups(asked)
    assert time.perf_counter() - begun < 2
