"""The queue: states, filters, search, pages, export and the list for other programs; safeguarding on top."""

import csv
import io
import time

import pytest
import sqlalchemy as sa

from assistant.commands.seed import samples
from assistant.review.filters import Filters, page_number
from assistant.storage import moments
from assistant.storage.desk_records import Wanted
from tests.unit.assistant.desk_samples import Desk, actions, asked, parts, sign_in


@pytest.fixture
def anna(gateway) -> Desk:
    return sign_in(gateway.app)


def seeded(gateway, requests, flags=0):
    storage = parts(gateway.app).storage
    staff = [state.account.id for state in storage.staff.all()]
    storage.seeding.fill(samples(), requests=requests, flags=flags, staff=staff)
    return storage


async def test_an_empty_queue_says_what_will_come(anna):
    page = await anna.text("/requests")
    assert "Nobody has asked for a person yet" in page
    assert "No message needs attention" in page


async def test_a_request_appears_with_state_and_due_time_but_no_words_of_the_family(gateway, anna, chat):
    await asked(chat, gateway.app)
    page = await anna.text("/requests")
    assert "Due " in page
    assert "In this chat" in page
    for hidden in ("Please explain", "A Parent", "parent@example.org"):
        assert hidden not in page


async def test_counts_and_states_agree(gateway, anna):
    storage = seeded(gateway, 60)
    counts = storage.queue.counts().requests
    assert sum(counts.values()) == 60
    for state, count in counts.items():
        rows, total = storage.queue.page(Wanted(state=state), limit=100)
        assert total == count == len(rows)
        assert {row.state for row in rows} == {state}
        assert f"{count} request" in await anna.text(f"/requests?state={state}")


async def test_urgent_ones_come_first_then_those_due_soonest(gateway):
    rows, _ = seeded(gateway, 80).queue.page(Wanted(state="open"), limit=100)
    never = float("inf")
    keys = [(-row.priority, never if row.due_at is None else row.due_at) for row in rows]
    assert keys == sorted(keys)


async def test_pages_hold_every_request_once(gateway, anna):
    storage = seeded(gateway, 60)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = await anna.text(f"/requests?state=all&page={number}")
        seen += [row.id for row in storage.queue.all(Wanted()) if f'/staff/requests/{row.id}"' in page]
    assert len(seen) == len(set(seen)) == 60
    assert "Page 3 of 3" in await anna.text("/requests?state=all&page=99")


async def test_search_finds_references_however_typed_and_tags_but_no_contact_details(gateway, anna, chat):
    request_id = await asked(chat, gateway.app)
    await anna.act(request_id, "tags", tags="annual review")
    reference = parts(gateway.app).storage.requests.find(request_id).reference
    for words in (reference, reference.lower().replace("-", " "), reference[:4], "Annual  Review"):
        assert reference in await anna.text(f"/requests?q={words}"), words
    for words in ("parent@example.org", "A Parent", "explain", "annual", "%", "_" * 4):
        assert "No request matches" in await anna.text(f"/requests?q={words}"), words


async def test_each_filter_narrows(gateway, anna):
    storage = seeded(gateway, 80)
    every = storage.queue.all(Wanted())
    now = moments.to_ms(storage.now())
    checks = {
        "who=me": lambda row: row.assignee == anna.account.id,
        "who=nobody": lambda row: row.assignee is None,
        "priority=2": lambda row: row.priority == 2,
        "way=phone": lambda row: row.preferred_contact == "phone",
        "tag=tribunal": lambda row: "tribunal" in row.tags,
        "late=1": lambda row: row.due_at is not None and row.due_at < now,
        "until=2001-01-01": lambda row: False,
        "since=2001-01-01": lambda row: True,
    }
    for query, holds in checks.items():
        found = (await anna.get(f"/api/v1/handovers?state=all&{query}")).json()
        assert {row["id"] for row in found["handovers"]} == {row.id for row in every if holds(row)}, query
    assert 0 < sum(map(checks["late=1"], every)) < len(every)


@pytest.mark.parametrize(
    "query", ["state=x", "priority=9", "page=x", "page=-1", "page=999999999", "since=x", "late=", "q=%00"]
)
async def test_an_address_that_was_played_with_still_shows_a_page(anna, query):
    assert (await anna.get(f"/requests?{query}")).status_code == 200


def test_filters_are_read_strictly():
    assert Filters.read({"state": "nowhere", "priority": "9", "since": "2026-13-01", "who": " me "}) == Filters(
        who="me"
    )
    assert [page_number({"page": value}) for value in ("0", "7", "", "٣")] == [1, 7, 1, 1]


async def test_export_has_one_row_a_request_and_nothing_typed_by_families(gateway, anna, chat):
    request_id = await asked(chat, gateway.app)
    await anna.act(request_id, "tags", tags="transport, tribunal")
    await anna.act(request_id, "reply", reply="secret words")
    await anna.act(request_id, "close", reason="answered")
    response = await anna.get("/export/requests.csv")
    assert "attachment" in response.headers["content-disposition"]
    [row] = csv.DictReader(io.StringIO(response.text))
    assert (row["id"], row["state"], row["tags"]) == (request_id, "closed", "transport | tribunal")
    assert row["first_reply_at"]
    assert row["closed_at"].endswith("Z")
    as_json = await anna.get("/export/requests.json")
    [same] = as_json.json()["requests"]
    assert same["tags"] == ["transport", "tribunal"]
    for text in (response.text, as_json.text):
        assert not any(hidden in text for hidden in ("explain", "Parent", "example.org", "secret"))
    assert actions(gateway.app, "").count("requests.exported") == 2


async def test_the_list_for_programs_needs_a_session(gateway, anna, chat):
    refused = await gateway.client.get("/staff/api/v1/handovers")
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    await asked(chat, gateway.app)
    answer = (await anna.get("/api/v1/handovers")).json()
    assert (answer["total"], answer["counts"]["requests"]) == (1, {"new": 1})
    assert set(answer["handovers"][0]) >= {"reference", "state", "created_at", "expected_by", "assigned_to"}


@pytest.mark.parametrize(
    "path", ["/requests", "/requests?state=all&page=40", "/requests?state=closed", "/requests?q=ab"]
)
async def test_three_thousand_requests_take_as_few_statements_as_thirty_and_little_time(gateway, anna, path):
    storage = seeded(gateway, 3000, flags=30)
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_more):
        statements.append(statement)

    await anna.text(path)
    sa.event.listen(storage.database._engine, "before_cursor_execute", count)
    started = time.perf_counter()
    await anna.text(path)
    taken = time.perf_counter() - started
    assert len([one for one in statements if one.startswith("SELECT")]) <= 14
    # The aim is 0.3 s; a machine that runs other tests beside this one gets more.
    assert taken < 1.5


async def test_someone_in_danger_is_on_top_with_redacted_words(gateway, anna, chat):
    await chat.say("I am in danger, write to me@example.org")
    page = await anna.text("/requests")
    assert "Safeguarding: 1 open, 1 new" in page
    assert "Self-harm or suicidal thoughts" in page
    assert "[email]" in page
    assert "me@example.org" not in page
    assert "safeguarding.listed" in actions(gateway.app, "")


async def flag_of(gateway, chat):
    await chat.say("I am in danger")
    return parts(gateway.app).storage.flags.page(closed=False)[0][0].id


async def test_a_record_goes_through_its_states_with_a_history(gateway, anna, chat):
    flag_id = await flag_of(gateway, chat)
    steps = [
        ("new", "acknowledged", ""),
        ("acknowledged", "in_progress", "Rang the school"),
        ("in_progress", "closed", "Safe"),
    ]
    for seen, to, note in steps:
        response = await anna.post(f"/safeguarding/{flag_id}", seen=seen, to=to, note=note)
        assert response.status_code == 303
    page = await anna.text(f"/safeguarding/{flag_id}")
    for shown in ("Acknowledged", "In progress", "Closed", "Rang the school", "Anna"):
        assert shown in page
    assert "No message needs attention" in await anna.text("/requests")
    assert flag_id in await anna.text("/safeguarding?closed=1")
    assert actions(gateway.app, flag_id).count("safeguarding.moved") == 3
    found = parts(gateway.app).storage.flags.find(flag_id)
    assert [step.new_state for step in found.history] == ["new", "acknowledged", "in_progress", "closed"]
    assert found.closed_at is not None


@pytest.mark.parametrize(
    ("seen", "to", "note", "status"),
    [
        ("acknowledged", "closed", "done", 409),
        ("new", "closed", "", 422),
        ("new", "new", "", 422),
        ("new", "nowhere", "x", 422),
        ("new", "acknowledged", "x" * 2001, 422),
    ],
)
async def test_an_impossible_step_changes_nothing_and_keeps_the_note(gateway, anna, chat, seen, to, note, status):
    flag_id = await flag_of(gateway, chat)
    response = await anna.post(f"/safeguarding/{flag_id}", seen=seen, to=to, note=note)
    assert response.status_code == status
    assert note in response.text
    assert parts(gateway.app).storage.flags.find(flag_id).state == "new"


async def test_a_closed_record_is_opened_again_with_a_reason(gateway, anna, chat):
    flag_id = await flag_of(gateway, chat)
    await anna.post(f"/safeguarding/{flag_id}", seen="new", to="closed", note="done")
    for to, status in (("new", 422), ("in_progress", 303)):
        response = await anna.post(f"/safeguarding/{flag_id}", seen="closed", to=to, note="more")
        assert response.status_code == status
    found = parts(gateway.app).storage.flags.find(flag_id)
    assert (found.state, found.closed_at) == ("in_progress", None)


async def test_a_record_of_a_deleted_chat_has_no_words(gateway, anna, chat):
    flag_id = await flag_of(gateway, chat)
    await chat.client.delete(chat.url, headers=chat.headers)
    assert "The writer deleted the chat" in await anna.text(f"/safeguarding/{flag_id}")
    assert (await anna.get(f"/safeguarding/{'0' * 32}")).status_code == 404
