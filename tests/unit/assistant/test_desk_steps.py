"""The steps on a request: what each changes, what is refused, and what the family sees of it."""

import html

import pytest

from tests.unit.assistant.desk_samples import Desk, asked, parts, sign_in


@pytest.fixture
def anna(gateway) -> Desk:
    return sign_in(gateway.app)


@pytest.fixture
def ben(gateway) -> Desk:
    return sign_in(gateway.app, "manager", "Ben")


@pytest.fixture
async def request_id(gateway, chat):
    await chat.say("what is a plan")
    return await asked(chat, gateway.app)


def stored(gateway, request_id):
    return parts(gateway.app).storage.requests.find(request_id)


async def test_take_release_and_give_to_a_colleague(gateway, anna, ben, request_id):
    await anna.act(request_id, "assign", to=anna.account.id)
    assert (stored(gateway, request_id).state, stored(gateway, request_id).assignee) == ("assigned", anna.account.id)
    await anna.act(request_id, "assign", to="")
    assert (stored(gateway, request_id).state, stored(gateway, request_id).assignee) == ("new", None)
    await anna.act(request_id, "assign", to=ben.account.id)
    assert stored(gateway, request_id).assignee == ben.account.id


@pytest.mark.parametrize("to", ["nobody-of-this-id", "editor"])
async def test_a_request_goes_to_nobody_who_may_not_read_it(gateway, anna, request_id, to):
    editor = sign_in(gateway.app, "editor", "Ed")
    response = await anna.act(request_id, "assign", to=editor.account.id if to == "editor" else to)
    assert response.status_code == 422
    assert stored(gateway, request_id).assignee is None


async def test_priority_tags_and_notes(gateway, anna, request_id):
    await anna.act(request_id, "priority", priority=2)
    await anna.act(request_id, "tags", tags="Transport,  annual   review , transport")
    await anna.act(request_id, "notes", note="Rang the school")
    found = stored(gateway, request_id)
    assert (found.priority, found.tags) == (2, ("annual review", "transport"))
    page = await anna.text(f"/requests/{request_id}")
    assert "Rang the school" in page
    with parts(gateway.app).storage.database.read() as connection:
        raw = connection.exec_driver_sql("select sealed from request_notes").scalar()
    assert b"Rang the school" not in bytes(raw)


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("tags", {"tags": "=HYPERLINK(1)"}),
        ("tags", {"tags": ",".join(f"tag {number}" for number in range(9))}),
        ("priority", {"priority": 9}),
        ("notes", {"note": "  "}),
        ("notes", {"note": "x" * 2001}),
        ("reply", {"reply": " \u200b "}),
        ("reply", {"reply": "x" * 2001}),
        ("close", {"reason": "because"}),
        ("close", {"reason": "answered", "words": "x" * 2001}),
    ],
)
async def test_what_cannot_be_used_is_refused_and_kept_in_its_box(gateway, anna, request_id, step, fields):
    before = stored(gateway, request_id)
    response = await anna.act(request_id, step, **fields)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    for name in ("note", "reply", "words", "tags"):
        if name in fields:
            assert html.escape(fields[name].strip()) in response.text
    assert stored(gateway, request_id) == before


async def test_a_reply_reaches_the_chat_and_waits_for_the_family(gateway, anna, chat, request_id):
    response = await anna.act(request_id, "reply", reply="Hello, I am here to help.")
    assert response.status_code == 303
    last = (await chat.messages())[-1]
    assert (last["sender"], last["text"]) == ("person", "Hello, I am here to help.")
    found = stored(gateway, request_id)
    assert (found.state, found.due_at, found.assignee) == ("waiting_family", None, anna.account.id)
    assert found.first_reply_at is not None
    assert (await chat.get()).json()["handover"] == "with_person"
    await anna.act(request_id, "reply", reply="One more thing.")
    assert stored(gateway, request_id).first_reply_at == found.first_reply_at


async def test_the_same_form_sent_twice_is_one_message(anna, chat, request_id):
    page = await anna.text(f"/requests/{request_id}")
    once = page.split('name="once" value="')[1].split('"')[0]
    for _ in range(2):
        response = await anna.post(f"/requests/{request_id}/reply", version=1, once=once, reply="Hello")
        assert response.status_code == 303
    assert [message["text"] for message in await chat.messages()].count("Hello") == 1


async def test_the_family_writes_and_it_waits_for_us(gateway, anna, chat, request_id):
    await chat.say("are you there?")
    assert stored(gateway, request_id).state == "new"
    await anna.act(request_id, "reply", reply="Yes.")
    answer = await chat.say("thank you")
    assert answer["messages"][0]["sender"] == "user"
    found = stored(gateway, request_id)
    assert found.state == "waiting_us"
    assert found.due_at is not None
    assert "thank you" in await anna.text(f"/requests/{request_id}")
    assert gateway.rasa.asked[1:] == []


async def test_a_reply_by_phone_is_noted(gateway, anna, request_id):
    await anna.act(request_id, "replied")
    found = stored(gateway, request_id)
    assert found.state == "waiting_family"
    assert found.first_reply_at is not None


async def test_closing_tells_the_family_and_wakes_the_assistant_and_they_can_rate(gateway, anna, chat, request_id):
    await anna.act(request_id, "reply", reply="Here is what I know.")
    response = await anna.act(request_id, "close", reason="answered", words="All the best.")
    assert response.status_code == 303
    *_, person, notice = await chat.messages()
    assert (person["sender"], person["text"], notice["sender"]) == ("person", "All the best.", "system")
    found = stored(gateway, request_id)
    assert (found.state, found.close_reason, found.helped) == ("closed", "answered", None)
    helped = next(choice for choice in notice["choices"] if choice["label"].startswith("Yes"))
    thanks = (await chat.post(choice=helped["id"])).json()
    assert "Thank you" in thanks["messages"][-1]["text"]
    assert stored(gateway, request_id).helped is True
    assert (await chat.say("what is a plan"))["messages"][-1]["status"] == "answered"
    assert "says that the person helped" in await anna.text(f"/requests/{request_id}")


async def test_closing_is_refused_if_the_family_has_written_since(gateway, anna, chat, request_id):
    page = await anna.text(f"/requests/{request_id}")
    newest = page.split('name="newest" value="')[1].split('"')[0]
    await chat.say("one more question")
    closing = {"version": 1, "newest": newest, "reason": "answered", "words": "Goodbye"}
    response = await anna.post(f"/requests/{request_id}/close", **closing)
    assert response.status_code == 409
    assert "one more question" in response.text
    assert "Goodbye" in response.text
    assert stored(gateway, request_id).state == "new"
    assert (await anna.act(request_id, "close", reason="answered")).status_code == 303


async def test_a_closed_request_is_opened_again(gateway, anna, chat, request_id):
    await anna.act(request_id, "close", reason="no_answer")
    assert (await anna.act(request_id, "reply", reply="Hello")).status_code == 422
    assert (await anna.act(request_id, "reopen")).status_code == 303
    found = stored(gateway, request_id)
    assert (found.state, found.closed_at, found.close_reason) == ("waiting_us", None, None)
    assert (await chat.get()).json()["handover"] == "with_person"
    assert (await chat.messages())[-1]["sender"] == "system"


async def test_a_closed_request_stays_closed_beside_a_newer_one(gateway, anna, chat, request_id):
    await anna.act(request_id, "close", reason="answered")
    newer = await asked(chat, gateway.app)
    assert newer != request_id
    response = await anna.act(request_id, "reopen")
    assert response.status_code == 422
    assert "another request" in response.text


async def test_back_from_the_assistant_it_is_our_turn(gateway, anna, chat, request_id):
    await anna.act(request_id, "reply", reply="Hello")
    note = (await chat.say("hm"))["messages"][-1]
    await anna.act(request_id, "replied")
    await chat.post(choice=note["choices"][0]["id"])
    assert (await chat.get()).json()["handover"] == "none"
    assert "went back to the assistant" in await anna.text(f"/requests/{request_id}")
    await asked(chat, gateway.app)
    assert stored(gateway, request_id).state == "waiting_us"


async def test_a_deleted_chat_keeps_what_was_shared_and_takes_no_reply(gateway, anna, chat, request_id):
    await chat.client.delete(chat.url, headers=chat.headers)
    page = await anna.text(f"/requests/{request_id}")
    assert "what is a plan" in page
    assert "deleted the chat" in page
    response = await anna.post(f"/requests/{request_id}/reply", version=1, once="x", reply="Are you well?")
    assert response.status_code == 422
    assert (await anna.act(request_id, "close", reason="withdrawn")).status_code == 303
