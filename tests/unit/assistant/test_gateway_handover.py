"""Asking for a person, and the silence afterwards."""

import asyncio

import pytest
from sqlalchemy import create_engine, text

from assistant.storage.records import Change, NewMessage

FORM = {
    "name": "A Parent",
    "email": "parent@example.org",
    "preferred_contact": "email",
    "summary": "Please call about a plan",
    "share_transcript": True,
    "consent": True,
}


def table(settings, name):
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        found = connection.execute(text(f"select * from {name}")).mappings().all()
    engine.dispose()
    return found


async def test_it_gives_a_reference_and_an_expected_time(gateway, chat, settings):
    response = await chat.post("/handover", **FORM)
    assert response.status_code == 201
    answer = response.json()
    assert answer["state"] == "waiting"
    assert answer["reference"]
    assert "not been confirmed" in answer["expected_reply"]
    [row] = table(settings, "handovers")
    assert b"parent@example.org" not in row["details"]
    details = gateway.app.state.services.storage.handovers.details(row["id"])
    assert details == {key: FORM.get(key) for key in ("name", "email", "phone", "summary")}


@pytest.mark.parametrize(
    "change",
    [
        {"consent": False},
        {"consent": None},
        {"email": None},
        {"email": "   "},
        {"email": "not an address"},
        {"preferred_contact": "phone"},
        {"preferred_contact": "phone", "phone": "hello"},
        {"preferred_contact": "pigeon"},
        {"summary": " \u200b "},
        {"summary": "x" * 2001},
    ],
)
async def test_without_consent_or_a_way_to_reply_it_is_refused(chat, settings, change):
    response = await chat.post("/handover", **(FORM | change))
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert table(settings, "handovers") == []


@pytest.mark.parametrize(
    "way",
    [
        {"preferred_contact": "chat", "email": None},
        {"preferred_contact": "phone", "phone": "01634 333 333"},
        {"preferred_contact": "phone", "phone": "+44 (0)7700 900123"},
    ],
)
async def test_every_way_to_reply_is_taken(chat, way):
    assert (await chat.post("/handover", **(FORM | way))).status_code == 201


async def test_the_same_submission_twice_is_one_request(chat, settings):
    answers = await asyncio.gather(*(chat.post("/handover", **FORM) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(table(settings, "handovers")) == len(table(settings, "outbox")) == 1


async def test_a_correction_changes_the_open_request(gateway, chat, settings):
    first = (await chat.post("/handover", **FORM)).json()
    second = (await chat.post("/handover", **(FORM | {"email": "other@example.org"}))).json()
    assert second["reference"] == first["reference"]
    [row] = table(settings, "handovers")
    assert row["version"] == 2
    assert gateway.app.state.services.storage.handovers.details(row["id"])["email"] == "other@example.org"


async def test_the_assistant_is_silent_and_says_so_once(gateway, chat):
    await chat.post("/handover", **FORM)
    first, second = await chat.say("/restart"), await chat.say("hello?")
    assert [message["sender"] for message in first["messages"]] == ["user", "system"]
    assert [message["sender"] for message in second["messages"]] == ["user"]
    assert first["handover"] == second["handover"] == "waiting"
    assert gateway.rasa.asked == []


async def test_the_family_can_hand_back_and_ask_for_the_person_again(gateway, chat):
    reference = (await chat.post("/handover", **FORM)).json()["reference"]
    note = (await chat.say("hello?"))["messages"][-1]
    back = (await chat.post(choice=note["choices"][0]["id"])).json()
    assert back["handover"] == "none"
    assert gateway.rasa.asked == []
    assert (await chat.say("please explain EHC plans"))["messages"][-1]["status"] == "answered"
    again = await chat.post("/handover", **FORM)
    assert again.json()["reference"] == reference
    assert (await chat.say("hello?"))["handover"] == "waiting"


async def test_safeguarding_still_watches(chat):
    await chat.post("/handover", **FORM)
    answer = await chat.say("I am in danger")
    assert [message["status"] for message in answer["messages"]] == [None, "safeguarding"]
    assert answer["handover"] == "waiting"


async def test_the_assistant_answers_again_when_the_request_is_closed(gateway, chat):
    await chat.post("/handover", **FORM)
    gateway.app.state.services.storage.conversations.add(
        chat.id, NewMessage(sender="person", text="All done."), Change(handover="closed")
    )
    answer = await chat.say("please explain EHC plans")
    assert answer["messages"][-1]["status"] == "answered"
    assert answer["handover"] == "closed"


@pytest.mark.parametrize(("shared", "kept"), [(True, ["before", "after"]), (False, ["after"])])
async def test_deletion_keeps_only_what_consent_covers(gateway, chat, settings, shared, kept):
    await chat.say("before")
    await chat.post("/handover", **(FORM | {"share_transcript": shared}))
    await chat.say("after")
    await chat.client.delete(chat.url, headers=chat.headers)
    [row] = table(settings, "handovers")
    assert row["conversation_id"] is None
    opened = gateway.app.state.services.storage.handovers._seal.open(row["kept_transcript"])
    assert [message["text"] for message in opened["messages"] if message["sender"] == "user"] == kept
    assert table(settings, "messages") == []
