"""Fills a database with invented requests, to look at the staff pages and to measure them."""

import dataclasses
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assistant.errors import StaffError
from assistant.storage import moments
from assistant.storage.database import Database
from assistant.storage.desk_records import CLOSE_REASONS
from assistant.storage.desk_tables import request_notes, request_tags
from assistant.storage.handovers import new_reference
from assistant.storage.sealing import Seal
from assistant.storage.tables import conversations, flag_history, handovers, messages, safeguarding_flags

_HOUR = 60 * 60 * 1000
_SPREAD_DAYS = 60
# Of a hundred requests: most are closed after some weeks of work.
_STATES = ("new", "assigned", "waiting_us", "waiting_family", "closed")
_SHARES = (8, 7, 8, 12, 65)
# A few records wait for somebody; the others are closed.
_OPEN_FLAGS = ("new", "acknowledged", "in_progress", "new", "in_progress")
# SQLite takes a limited number of values in one statement.
_ROWS = 500
Rows = dict[sa.Table, list[dict[str, Any]]]


@dataclasses.dataclass(frozen=True)
class Samples:
    """Invented content.

    Args:
        requests: Each with `note`, `turns` (pairs of question and answer), `reply`, `answer`.
        flags: Each with `kind`, `category`, `text`.
        notes: Private notes.
        tags: Tags.
        close: What the family is told at the end.
    """

    requests: Sequence[Mapping[str, Any]]
    flags: Sequence[Mapping[str, str]]
    notes: Sequence[str]
    tags: Sequence[str]
    close: str


class Seeding:
    """Writes invented requests and safeguarding records.

    Args:
        database: Where to.
        seal: Encrypts notes and contact details.
        now: Clock, aware UTC.
    """

    def __init__(self, database: Database, seal: Seal, *, now: Callable[[], datetime] = moments.now) -> None:
        """Remember the parts."""
        self._database, self._seal, self._now = database, seal, now

    def fill(self, samples: Samples, *, requests: int, flags: int, staff: Sequence[str], seed: int = 1) -> None:
        """Write so many requests and safeguarding records in one transaction.

        Args:
            samples: Invented content.
            requests: How many requests.
            flags: How many safeguarding records.
            staff: Ids of accounts that look after them; may be empty.
            seed: The same seed gives the same spread.

        Raises:
            StaffError: There are conversations already: invented requests must not stand among real ones.
        """
        dice, rows = random.Random(seed), defaultdict[sa.Table, list[dict[str, Any]]](list)
        at = moments.to_ms(self._now())
        for _ in range(requests):
            self._request(rows, dice, samples, staff, at)
        for state in [*_OPEN_FLAGS, *["closed"] * flags][:flags]:
            self._flag(rows, dice, samples, at, state)
        with self._database.write() as connection:
            if connection.execute(sa.select(conversations.c.id).limit(1)).first() is not None:
                raise StaffError(
                    "Invented requests are written into an empty database only: choose another data folder."
                )
            for table, values in rows.items():
                for start in range(0, len(values), _ROWS):
                    connection.execute(table.insert(), values[start : start + _ROWS])

    def _request(self, rows: Rows, dice: random.Random, samples: Samples, staff: Sequence[str], now: int) -> None:
        sample = dice.choice(samples.requests)
        state = dice.choices(_STATES, _SHARES)[0]
        age = (
            dice.randrange(6 * _HOUR, _SPREAD_DAYS * moments.DAY)
            if state == "closed"
            else dice.randrange(4 * moments.DAY)
        )
        asked = now - age
        chat = _chat(asked - _HOUR // 4, now, {"closed": "closed", "new": "waiting", "assigned": "waiting"}.get(state))
        rows[conversations].append(chat)
        owner = dice.choice(staff) if staff and state != "new" else None
        request = self._values(dice, sample, chat, state=state, asked=asked, now=now, owner=owner)
        rows[handovers].append(request)
        _talk(rows, sample, chat, request, samples.close)
        for tag in dice.sample(list(samples.tags), dice.randrange(3)):
            rows[request_tags].append({"handover_id": request["id"], "tag": tag})
        if owner and dice.random() < 0.5:
            sealed = self._seal.close({"text": dice.choice(samples.notes)})
            note = {"handover_id": request["id"], "at": request["updated_at"], "author": owner, "sealed": sealed}
            rows[request_notes].append(note)

    def _values(
        self,
        dice: random.Random,
        sample: Mapping[str, Any],
        chat: Mapping[str, Any],
        *,
        state: str,
        asked: int,
        now: int,
        owner: str | None,
    ) -> dict[str, Any]:
        due = asked + dice.randrange(8, 72) * _HOUR
        first = asked + (now - asked) // 3 if state in ("waiting_us", "waiting_family", "closed") else None
        way = dice.choice(("chat", "chat", "email", "phone"))
        contact = {"email": {"email": "family@example.org"}, "phone": {"phone": "01632 960000"}}.get(way, {})
        details = {"name": None, "email": None, "phone": None, "summary": sample["note"], **contact}
        closed = asked + (now - asked) // 2 if state == "closed" else None
        return {
            "id": uuid.uuid4().hex,
            "reference": new_reference(),
            "conversation_id": chat["id"],
            "digest": uuid.uuid4().hex,
            "state": state,
            "version": 1,
            "preferred_contact": way,
            "share_transcript": dice.random() < 0.7,
            "details": self._seal.close(details),
            "expected_by": due,
            "due_at": due if state in ("new", "assigned", "waiting_us") else None,
            "first_reply_at": first,
            "created_at": asked,
            "updated_at": closed or first or asked,
            "closed_at": closed,
            "close_reason": dice.choice(CLOSE_REASONS) if closed else None,
            "helped": dice.choice((True, True, False, None)) if closed else None,
            "assignee": owner,
            "about": sample["turns"][-1]["article"],
            "priority": dice.choices((0, 1, 2), (85, 10, 5))[0],
        }

    def _flag(self, rows: Rows, dice: random.Random, samples: Samples, now: int, state: str) -> None:
        age = dice.randrange(20 * moments.DAY)
        at = now - (age if state == "closed" else age // 10)
        chat = _chat(at, now, None)
        rows[conversations].append(chat)
        flag = {
            "id": uuid.uuid4().hex,
            "conversation_id": chat["id"],
            **dice.choice(samples.flags),
        }
        rows[safeguarding_flags].append(
            {
                **flag,
                "score": 1.0,
                "reasons": [],
                "state": state,
                "created_at": at,
                "closed_at": at if state == "closed" else None,
            }
        )
        step = {"flag_id": flag["id"], "at": at, "actor": "assistant", "old_state": None, "new_state": "new"}
        rows[flag_history].append(step)


def _chat(at: int, now: int, handover: str | None) -> dict[str, Any]:
    # The token hash is of no token, so nobody can open these conversations.
    return {
        "id": uuid.uuid4().hex,
        "token_hash": uuid.uuid4().hex,
        "created_at": at,
        "last_active": at,
        "expires_at": now + 30 * moments.DAY,
        "reading_mode": "standard",
        "handover": handover or "with_person",
        "silence_noted": False,
    }


def _talk(
    rows: Rows, sample: Mapping[str, Any], chat: Mapping[str, Any], request: Mapping[str, Any], close: str
) -> None:
    """Write the conversation before and after the request."""

    def say(sender: str, text: str, at: int, **more: Any) -> str:
        message = {
            "id": uuid.uuid4().hex,
            "conversation_id": chat["id"],
            "sender": sender,
            "created_at": at,
            "text": text,
        }
        empty: dict[str, Any] = {"status": None, "body": {}, "hidden": {}, "reply_to": None}
        rows[messages].append({**message, **empty, **more})
        return str(message["id"])

    for place, turn in enumerate(sample["turns"]):
        at = chat["created_at"] + place * 60_000
        question = say("user", turn["question"], at)
        source = {"title": turn["source"], "section": turn.get("section"), "url": turn["url"], "kind": "law"}
        cited = [{"article_id": turn["article"], "title": turn["source"], "source": source}]
        debug = {"debug": {"probability": turn["probability"], "article_ids": [turn["article"]]}}
        say(
            "assistant",
            turn["answer"],
            at + 1000,
            status="answered",
            body={"citations": cited},
            hidden=debug,
            reply_to=question,
        )
    if request["first_reply_at"] is not None:
        say("person", sample["reply"], request["first_reply_at"], hidden={"by": request["assignee"]})
    if request["state"] == "waiting_us":
        say("user", sample["answer"], request["first_reply_at"] + _HOUR // 2)
    if request["closed_at"] is not None:
        say("system", close, request["closed_at"], status="handover_done")
