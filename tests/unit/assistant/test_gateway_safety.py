"""Safeguarding before everything else, and no personal data anywhere."""

import logging
import uuid

from sqlalchemy import create_engine, text

SECRET = "someone.private@example.org"


def rows(settings, query):
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    engine.dispose()
    return found


async def test_a_safeguarding_message_is_answered_with_everything_else_down(gateway, chat):
    gateway.rasa.down = True
    [reply] = (await chat.say("I am in danger"))["messages"]
    assert reply["status"] == "safeguarding"
    assert "116 123" in reply["text"]
    assert "automatic" in reply["text"]
    assert gateway.rasa.asked == []


async def test_it_raises_one_record_with_history_and_notification(gateway, chat, settings):
    key = str(uuid.uuid4())
    for _ in range(2):
        await chat.say(f"danger, write to {SECRET}", client_message_id=key)
    [flag] = rows(settings, "select kind, category, text, state from safeguarding_flags")
    assert tuple(flag) == ("crisis", "self_harm", "danger, write to [email]", "new")
    assert [tuple(row) for row in rows(settings, "select actor, new_state from flag_history")] == [("assistant", "new")]
    [(payload,)] = rows(settings, "select payload from outbox")
    assert "danger" not in payload


async def test_the_guard_sees_the_raw_text_and_earlier_redacted_ones(gateway, chat):
    await chat.say(f"mail {SECRET}")
    await chat.say(f"again {SECRET}")
    assert gateway.guard.seen[-1] == (f"again {SECRET}", ("mail [email]",))


async def test_an_open_form_is_left(gateway, chat, make_payload):
    gateway.rasa.replies = [make_payload(handover="collecting")]
    await chat.say("a person please")
    assert (await chat.say("danger"))["handover"] == "none"
    await chat.say("hello")
    assert gateway.rasa.asked[-1].state == {}


async def test_a_question_about_the_subject_is_answered_with_the_lines_and_not_flagged(gateway, chat, settings):
    [reply] = (await chat.say("policy on danger"))["messages"]
    assert reply["status"] == "answered"
    assert reply["text"].startswith("An answer.")
    assert "116 123" in reply["text"]
    assert reply["blocks"][0]["text"] == "An answer."
    assert rows(settings, "select * from safeguarding_flags") == []


async def test_it_is_answered_even_when_nothing_can_be_stored(gateway, chat, monkeypatch):
    from assistant.errors import StorageError

    def fail(*_args, **_more):
        raise StorageError("disk full")

    for name in ("begin_turn", "previous_texts"):
        monkeypatch.setattr(gateway.app.state.services.storage.conversations, name, fail)
    [reply] = (await chat.say("danger"))["messages"]
    assert reply["status"] == "safeguarding"
    assert (await chat.post(text="hello")).status_code == 503


async def test_personal_data_is_hidden_explained_and_the_question_answered(gateway, chat):
    notice, answer = (await chat.say(f"I am {SECRET}, please explain EHC plans?"))["messages"]
    assert (notice["sender"], notice["status"]) == ("system", "blocked_personal_data")
    assert "e-mail address" in notice["text"]
    assert answer["status"] == "answered"
    assert gateway.rasa.asked[-1].text == "I am [email], please explain EHC plans?"


async def test_a_message_of_nothing_but_personal_data_asks_for_the_question(gateway, chat):
    [reply] = (await chat.say(f"{SECRET}!"))["messages"]
    assert (reply["sender"], reply["status"]) == ("assistant", "blocked_personal_data")
    assert gateway.rasa.asked == []


async def test_while_a_form_collects_the_placeholder_reaches_the_dialogue(gateway, chat, make_payload):
    gateway.rasa.replies = [make_payload(handover="collecting")]
    await chat.say("a person please")
    await chat.say(SECRET)
    assert gateway.rasa.asked[-1].text == "[email]"


async def test_no_secret_survives_in_any_file_log_line_or_metric(gateway, chat, settings, caplog):
    caplog.set_level(logging.DEBUG)
    [reply] = (await chat.say(f"mail {SECRET} about danger"))["messages"]
    await chat.say(f"mail {SECRET}")
    await chat.post(f"/messages/{reply['id']}/feedback", helpful=False, comment=f"write to {SECRET}")
    form = {"email": SECRET, "preferred_contact": "email", "summary": f"ask {SECRET}", "consent": True}
    assert (await chat.post("/handover", **form, share_transcript=True)).status_code == 201
    await chat.say(f"also {SECRET}")
    # The test's own client logs addresses; that is not the product.
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    metrics = (await chat.client.get("/metrics")).text
    stored = b"".join(file.read_bytes() for file in settings.data_dir.iterdir())
    assert b"[email]" in stored
    for place in (stored.decode("latin-1"), logged, metrics, (await chat.get("/transcript")).text):
        assert SECRET not in place
    assert "turn" in logged
    assert chat.id not in logged
    assert chat.token not in logged
    assert [entry.text for entry in gateway.rasa.asked if SECRET in (entry.text or "")] == []
