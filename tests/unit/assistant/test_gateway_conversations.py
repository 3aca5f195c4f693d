"""Begin, say, list, choose, rate, save, delete."""

import asyncio
import uuid


async def test_welcome_says_it_is_not_a_person_and_what_is_kept(gateway):
    begun = (await gateway.start()).begun
    text = " ".join(message["text"] for message in begun["messages"])
    assert "not a person" in text
    assert "30 days" in text
    assert begun["messages"][0]["choices"]
    assert begun["expires_at"].endswith("Z")


async def test_easy_mode_gets_an_easy_welcome(gateway):
    easy, standard = await gateway.start(reading_mode="easy"), await gateway.start()
    assert easy.begun["messages"][0]["text"] != standard.begun["messages"][0]["text"]
    assert easy.begun["messages"][0]["reading"]["mode"] == "easy"


async def test_a_reply_has_text_source_and_choices_but_nothing_hidden(chat):
    [reply] = (await chat.say("please explain ehc plans"))["messages"]
    assert reply["status"] == "answered"
    assert reply["citations"][0]["article_id"] == "ehcp"
    assert set(reply["choices"][0]) == {"id", "label"}
    assert "debug" not in reply


async def test_list_gives_everything_in_order_and_after_a_message(chat):
    await chat.say("one")
    everything = await chat.messages()
    assert [message["sender"] for message in everything] == ["assistant", "user", "assistant"]
    later = await chat.get(f"/messages?after={everything[0]['id']}")
    assert later.json()["messages"] == everything[1:]
    assert (await chat.get("/messages?after=unknown")).status_code == 422


async def test_a_retry_returns_the_first_result_and_does_nothing_twice(gateway, chat):
    key = str(uuid.uuid4())
    first = await chat.say("hello", client_message_id=key)
    assert await chat.say("hello", client_message_id=key) == first
    assert len(gateway.rasa.asked) == 1
    assert len(await chat.messages()) == 3


async def test_retries_at_the_same_time_are_one_message(gateway, chat):
    key = str(uuid.uuid4())
    results = await asyncio.gather(*(chat.say("hello", client_message_id=key) for _ in range(5)))
    assert all(result == results[0] for result in results)
    assert len(gateway.rasa.asked) == 1


async def test_a_retry_after_a_restart_returns_the_first_result(open_gateway):
    key = str(uuid.uuid4())
    async with open_gateway() as before:
        chat = await before.start()
        first = await chat.say("hello", client_message_id=key)
    async with open_gateway() as after:
        chat.client = after.client
        assert await chat.say("hello", client_message_id=key) == first
        assert after.rasa.asked == []


async def test_a_message_stored_before_a_crash_is_answered_on_retry(gateway, chat, monkeypatch):
    def crash(*_args):
        raise RuntimeError("killed")

    key, store = str(uuid.uuid4()), gateway.app.state.services.storage.conversations
    with monkeypatch.context() as patched:
        patched.setattr(store, "finish_turn", crash)
        assert (await chat.post(text="hello", client_message_id=key)).status_code == 500
    [reply] = (await chat.say("hello", client_message_id=key))["messages"]
    assert reply["status"] == "answered"
    assert [message["text"] for message in await chat.messages() if message["sender"] == "user"] == ["hello"]


async def test_two_messages_at_once_are_taken_one_after_the_other(gateway, chat):
    await asyncio.gather(*(chat.say(f"message {number}") for number in range(4)))
    assert gateway.rasa.most_at_once == 1
    senders = [message["sender"] for message in await chat.messages()]
    assert senders == ["assistant"] + ["user", "assistant"] * 4
    assert gateway.app.state.services.locks._held == {}


async def test_different_conversations_do_not_wait_for_each_other(gateway):
    chats = [await gateway.start() for _ in range(3)]
    gateway.rasa.gate = asyncio.Event()
    waiting = [asyncio.create_task(chat.say("hello")) for chat in chats]
    async with asyncio.timeout(10):
        while gateway.rasa.running < 3:
            await asyncio.sleep(0)
    gateway.rasa.gate.set()
    await asyncio.gather(*waiting)
    assert gateway.rasa.most_at_once == 3


async def test_dialogue_state_goes_along_and_rasa_does_not_learn_the_id(gateway, chat):
    await chat.say("one")
    await chat.say("two")
    first, second = gateway.rasa.asked
    assert (first.state, second.state) == (None, {"turns": 1})
    assert first.conversation == second.conversation
    assert chat.id not in first.conversation
    assert first.context == {"reading_mode": "standard", "audience": None}


async def test_what_the_dialogue_learns_sticks(gateway, chat, make_payload):
    gateway.rasa.replies = [make_payload(reading_mode="easy", audience="family", handover="collecting")]
    assert (await chat.say("simpler please"))["handover"] == "collecting"
    await chat.say("and now")
    assert gateway.rasa.asked[-1].context == {"reading_mode": "easy", "audience": "family"}


async def test_the_dialogue_cannot_claim_that_a_person_is_there(gateway, chat, make_payload):
    gateway.rasa.replies = [make_payload(handover="with_person")]
    assert (await chat.say("hello"))["handover"] == "none"


async def test_a_choice_sends_its_payload_and_can_be_pressed_again(gateway, chat):
    [reply] = (await chat.say("ehcp"))["messages"]
    choice = reply["choices"][0]["id"]
    for _ in range(2):
        assert (await chat.post(choice=choice)).status_code == 200
        assert gateway.rasa.asked[-1].intent == "tell_more"
        assert gateway.rasa.asked[-1].entities == {"article_id": "ehcp"}
        assert gateway.rasa.asked[-1].text is None
    said = [message["text"] for message in await chat.messages() if message["sender"] == "user"]
    assert said == ["ehcp", "Tell me more", "Tell me more"]


async def test_a_choice_of_another_conversation_is_unknown(gateway, chat):
    [reply] = (await chat.say("ehcp"))["messages"]
    other = await gateway.start()
    response = await other.post(choice=reply["choices"][0]["id"])
    assert response.status_code == 422
    assert "not offered" in response.json()["detail"]
    assert len(gateway.rasa.asked) == 1


async def test_only_the_right_token_opens_a_conversation(gateway, chat):
    other = await gateway.start()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": chat.token}, other.headers):
        response = await gateway.client.get(chat.url + "/messages", headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    assert (await gateway.client.get("/api/v1/conversations/nope/messages", headers=chat.headers)).status_code == 404


async def test_token_is_kept_only_as_a_hash(chat, settings):
    await chat.say("hello")
    for file in settings.data_dir.iterdir():
        assert chat.token.encode() not in file.read_bytes()


async def test_changing_the_reading_mode_words_the_last_answer_again(gateway, chat):
    await chat.say("ehcp")
    response = await chat.client.patch(chat.url, json={"reading_mode": "easy"}, headers=chat.headers)
    assert [message["status"] for message in response.json()["messages"]] == ["answered"]
    asked = gateway.rasa.asked[-1]
    assert (asked.intent, asked.entities) == ("choose_option", {"article": "ehcp"})
    assert asked.context["reading_mode"] == "easy"
    same = await chat.client.patch(chat.url, json={"reading_mode": "easy"}, headers=chat.headers)
    assert same.json()["messages"] == []


async def test_easy_words_before_the_first_question_reword_the_welcome(gateway, chat):
    easy = await gateway.start(reading_mode="easy")
    response = await chat.client.patch(chat.url, json={"reading_mode": "easy"}, headers=chat.headers)
    wanted = [message["text"] for message in easy.begun["messages"]]
    assert [message["text"] for message in response.json()["messages"]] == wanted
    assert not gateway.rasa.asked


async def test_the_reading_mode_changes_with_the_dialogue_down(gateway, chat):
    await chat.say("ehcp")
    gateway.rasa.down = True
    response = await chat.client.patch(chat.url, json={"reading_mode": "easy"}, headers=chat.headers)
    assert (response.status_code, response.json()["messages"]) == (200, [])


async def test_feedback_is_taken_for_replies_only(chat):
    [reply] = (await chat.say("hello"))["messages"]
    for helpful in (True, False):
        assert (await chat.post(f"/messages/{reply['id']}/feedback", helpful=helpful)).status_code == 204
    [_, mine, _] = await chat.messages()
    assert (await chat.post(f"/messages/{mine['id']}/feedback", helpful=True)).status_code == 404
    assert (await chat.post(f"/messages/{reply['id']}/feedback", helpful="perhaps")).status_code == 422


async def test_transcript_has_every_word_and_the_sources(chat):
    await chat.say("please explain ehc plans")
    response = await chat.get("/transcript")
    assert response.headers["content-type"].startswith("text/plain")
    for expected in ("You\nplease explain ehc plans", "An answer.", "https://example.org", "not a person"):
        assert expected in response.text


async def test_after_deletion_nothing_is_left(chat, settings):
    await chat.say("a quite unmistakable sentence")
    assert (await chat.client.delete(chat.url, headers=chat.headers)).status_code == 204
    assert (await chat.get()).status_code == 404
    assert (await chat.post(text="hello")).status_code == 404
    stored = b"".join(file.read_bytes() for file in settings.data_dir.iterdir())
    assert b"unmistakable" not in stored


async def test_a_conversation_deleted_during_a_turn_answers_404(gateway, chat):
    gateway.rasa.gate = asyncio.Event()
    turn = asyncio.create_task(chat.post(text="hello"))
    async with asyncio.timeout(10):
        while not gateway.rasa.running:
            await asyncio.sleep(0)
    # From another process, which does not share this one's locks.
    gateway.app.state.services.storage.deletion.delete(chat.id)
    gateway.rasa.gate.set()
    assert (await turn).status_code == 404
