"""Conversations as the storage contracts need them."""

from assistant.storage.records import Change, NewMessage
from assistant.storage.storage import Storage


def chat(storage: Storage) -> str:
    welcome = [NewMessage(sender="assistant", text="Welcome", status="smalltalk")]
    return storage.conversations.create("hash", reading_mode="standard", audience=None, welcome=welcome)[0].id


def say(storage: Storage, chat_id: str, text: str, *, status: str = "answered", article: str | None = "ehcp") -> str:
    """Store a question with its reply; return the reply's id."""
    message = NewMessage(sender="user", text=text)
    turn = storage.conversations.begin_turn(chat_id, message, client_message_id=None)
    body = {"citations": [{"article_id": article}]} if article else {}
    reply = NewMessage(sender="assistant", text="A reply", status=status, body=body)
    return storage.conversations.finish_turn(turn, [reply], Change())[0].id
