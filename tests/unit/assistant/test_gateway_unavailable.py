"""The dialogue is down or talks nonsense: a kind reply, and nothing typed is lost."""

import pytest


async def test_the_reply_apologises_with_contacts_and_the_words_are_kept(gateway, chat):
    gateway.rasa.down = True
    [reply] = (await chat.say("please explain EHC plans"))["messages"]
    assert reply["status"] == "error_unavailable"
    assert "Sorry" in reply["text"]
    assert any(block["type"] == "contact" and block.get("url") for block in reply["blocks"])
    assert "please explain EHC plans" in [message["text"] for message in await chat.messages()]


async def test_it_recovers(gateway, chat):
    gateway.rasa.down = True
    await chat.say("hello")
    gateway.rasa.down = False
    [reply] = (await chat.say("hello"))["messages"]
    assert reply["status"] == "answered"


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "invented"},
        {"status": None},
        {"text": "", "blocks": []},
        {"choices": [{"intent": "x"}]},
        {"choices": 5},
        {"text": 7},
        {"blocks": [{"type": "steps"}], "text": None},
    ],
)
async def test_a_payload_of_the_wrong_shape_is_the_same_to_the_reader(gateway, chat, make_payload, broken):
    gateway.rasa.replies = [make_payload(**broken)]
    [reply] = (await chat.say("hello"))["messages"]
    assert reply["status"] == "error_unavailable"
    assert len(await chat.messages()) == 3
