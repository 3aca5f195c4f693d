"""One family's conversation with the running service, over the public API alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import httpx

# A busy machine answers late; a test waits rather than fails.
_SECONDS = 60.0
_CARDS = ("contact", "service", "table")


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came back for one turn: the HTTP status and the messages that are not the family's own."""

    code: int
    messages: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any]

    @property
    def statuses(self) -> list[str]:
        """The status of each message."""
        return [str(message["status"]) for message in self.messages]

    @property
    def text(self) -> str:
        """All messages as plain text, in lower case, spaces evened out."""
        said = " ".join(str(message["text"]) for message in self.messages)
        return " ".join(said.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().split())

    @property
    def cited(self) -> list[str]:
        """The article that each message rests on: the first that it cites, those of its parents come after."""
        return [message["citations"][0]["article_id"] for message in self.messages if message["citations"]]

    @property
    def labels(self) -> list[str]:
        """What the choices say."""
        return [choice["label"] for message in self.messages for choice in message["choices"]]

    @property
    def words(self) -> int:
        """How many words there are to read, cards and tables left out."""
        blocks = [block for message in self.messages for block in message["blocks"] if block["type"] not in _CARDS]
        lines = [line for block in blocks for line in (block.get("text"), *block.get("items", ())) if line]
        return sum(len(str(line).split()) for line in lines)


class Talk:
    """A conversation: begins at once, remembers the choices that were offered last."""

    def __init__(self, url: str, **wishes: str) -> None:
        """Begin a conversation with wishes such as `reading_mode="easy"`."""
        self.client = httpx.Client(base_url=f"{url}/api/v1", timeout=_SECONDS, trust_env=False)
        made = self.client.post("/conversations", json=wishes)
        assert made.status_code == 201, made.text
        self.id, self.token = made.json()["conversation_id"], made.json()["token"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        self.welcome = _reply(made)
        self.last = self.welcome

    def __enter__(self) -> Talk:
        """Keep the connection open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.client.close()

    @property
    def path(self) -> str:
        """Where its messages are."""
        return f"/conversations/{self.id}/messages"

    def say(self, text: str) -> Reply:
        """Type something."""
        return self.send({"text": text})

    def press(self, label: str) -> Reply:
        """Press the choice of the last messages whose label holds these words."""
        offered = [choice for message in self.last.messages for choice in message["choices"]]
        found = [choice["id"] for choice in offered if label.lower() in choice["label"].lower()]
        assert found, f"no choice {label!r} among {[choice['label'] for choice in offered]}"
        return self.send({"choice": found[0]})

    def send(self, body: Mapping[str, Any]) -> Reply:
        """Send a body as it is."""
        reply = _reply(self.client.post(self.path, json=body))
        if reply.code == 200:
            self.last = reply
        return reply

    def history(self) -> list[Mapping[str, Any]]:
        """Return all messages that are kept."""
        found = self.client.get(self.path)
        assert found.status_code == 200, found.text
        return list(found.json()["messages"])


def _reply(response: httpx.Response) -> Reply:
    body = response.json() if "json" in response.headers.get("content-type", "") else {}
    said = [message for message in body.get("messages", ()) if message["sender"] != "user"]
    return Reply(response.status_code, tuple(said), body)
