"""One turn: what happens between a person's message and the replies to it.

The order is fixed: Unicode and size, idempotency, safeguarding on the words as typed, redaction,
storing, conduct, dialogue. What is stored or sent on is always the redacted text.
"""

import dataclasses
import logging
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from anyio.to_thread import run_sync

from assistant.errors import RasaUnavailable, StorageError
from assistant.gateway import rendering, tokens
from assistant.gateway.broker import News
from assistant.gateway.desk import reply_due, tell_staff
from assistant.gateway.operator import switched_off, wants_person
from assistant.gateway.ports import Payload, RasaReply, RasaTurn, Verdict
from assistant.gateway.problems import ProblemError
from assistant.gateway.services import Services
from assistant.gateway.text import for_dialogue
from assistant.log import event, hashed
from assistant.storage import moments
from assistant.storage.records import SILENT, Change, Conversation, Flag, Message, NewMessage, Turn

_logger = logging.getLogger(__name__)
_PLACEHOLDER = re.compile(r"\[[A-Za-z ]+\]")
# Choices of ours that the dialogue never sees: the family wants the assistant back; whether the person helped.
_HAND_BACK = "gateway_hand_back"
_RATE_PERSON = "gateway_rate_person"
OWN_INTENTS = frozenset({_HAND_BACK, _RATE_PERSON})
_MODES = frozenset({"standard", "easy"})
_AUDIENCES = frozenset({"family", "young_person", "professional"})
# What the dialogue may say of the hand-over; everything beyond is decided here.
_DIALOGUE_HANDOVERS = frozenset({"none", "collecting"})


@dataclasses.dataclass(frozen=True)
class Said:
    """What a person sent, cleaned: a text, or a choice with its label and payload."""

    text: str
    choice: Mapping[str, Any] | None = None
    client_message_id: str | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The messages to send back and who has the conversation now."""

    messages: tuple[Message, ...]
    handover: str


@dataclasses.dataclass(frozen=True)
class Draft:
    """Replies that are not stored yet and what they change."""

    replies: Sequence[NewMessage]
    change: Change = dataclasses.field(default_factory=Change)


async def take_turn(parts: Services, conversation: Conversation, said: Said) -> Outcome:
    """Deal with one message; a message sent before gets the first result again.

    Raises:
        ProblemError: 404 if the conversation was deleted meanwhile.
    """
    started = time.perf_counter()
    async with parts.locks.hold(conversation.id):
        verdict = await _verdict(parts, conversation.id, said)
        try:
            outcome = await _locked_turn(parts, conversation.id, said, verdict)
        except StorageError:
            if verdict is None or verdict.informational:
                raise
            outcome = _unstored(parts, conversation, verdict)
    if outcome.handover != conversation.handover:
        # Other tabs of the same family.
        await parts.broker.publish(conversation.id, News("handover", {"handover": outcome.handover}))
    if conversation.handover in SILENT or (verdict is not None and not verdict.informational):
        await tell_staff(parts)
    for message in outcome.messages:
        if message.status:
            parts.metrics.reply(message.status)
    event(
        _logger,
        "turn",
        conversation=hashed(conversation.id),
        status=",".join(message.status or "-" for message in outcome.messages),
        ms=(time.perf_counter() - started) * 1000,
    )
    return outcome


async def _verdict(parts: Services, conversation_id: str, said: Said) -> Verdict | None:
    if said.choice is not None:
        return None
    try:
        previous = await parts.read(parts.storage.conversations.previous_texts, conversation_id)
    except StorageError:
        previous = ()
    return parts.guard.check(said.text, previous)


def _unstored(parts: Services, conversation: Conversation, verdict: Verdict) -> Outcome:
    """Someone may be in danger: they get the lines even when nothing can be stored."""
    event(_logger, "safeguarding_not_stored", level=logging.ERROR, conversation=hashed(conversation.id))
    reply = _safeguarding(parts, conversation, verdict)
    message = Message(id=uuid.uuid4().hex, created_at=moments.to_ms(moments.now()), **vars(reply))
    return Outcome((message,), conversation.handover)


def _safeguarding(parts: Services, conversation: Conversation, verdict: Verdict) -> NewMessage:
    # A young person gets the easy words whatever the page is set to.
    mode = "easy" if conversation.audience == "young_person" else conversation.reading_mode
    payload = parts.replies.safeguarding(verdict.article_id, mode, _plain(verdict.category))
    return rendering.from_payload(payload, mode=mode)


async def _locked_turn(parts: Services, conversation_id: str, said: Said, verdict: Verdict | None) -> Outcome:
    redaction = parts.redactor.redact(said.text)
    hidden = {"hidden_kinds": list(redaction.kinds)}
    message = NewMessage(sender="user", text=redaction.text, hidden=hidden)
    turn = await run_sync(
        lambda: parts.storage.conversations.begin_turn(
            conversation_id,
            message,
            client_message_id=said.client_message_id,
            flag=_flag(verdict, redaction.text),
        )
    )
    if turn is None:
        raise ProblemError(404, "no_conversation")
    if turn.replies is not None:
        return Outcome(_shown(turn, turn.replies), turn.user.outcome or "none")
    draft = await _reply(parts, turn, said, verdict, redaction.kinds)
    due = reply_due(parts) if turn.conversation.handover in SILENT else None
    stored = await run_sync(
        lambda: parts.storage.conversations.finish_turn(turn, draft.replies, draft.change, reply_due=due)
    )
    if stored is None:
        raise ProblemError(404, "no_conversation")
    return Outcome(_shown(turn, stored), draft.change.handover or turn.conversation.handover)


def _shown(turn: Turn, replies: tuple[Message, ...]) -> tuple[Message, ...]:
    """While nobody answers at once, the sender gets the own message back as a sign that it arrived."""
    return replies if turn.conversation.handover not in SILENT else (turn.user, *replies)


def _flag(verdict: Verdict | None, text: str) -> Flag | None:
    if verdict is None or verdict.informational:
        return None
    category = verdict.category
    return Flag(
        kind=_plain(verdict.kind),
        category=_plain(category) if category else None,
        score=float(verdict.score),
        reasons=tuple(verdict.reasons),
        text=text,
    )


def _plain(value: object) -> str:
    return str(getattr(value, "value", value))


async def _reply(parts: Services, turn: Turn, said: Said, verdict: Verdict | None, kinds: Sequence[str]) -> Draft:
    mode = turn.conversation.reading_mode
    if verdict is not None and not verdict.informational:
        # An open form is left: nobody in distress should be asked for the next field.
        left = "none" if turn.conversation.handover == "collecting" else None
        return Draft([_safeguarding(parts, turn.conversation, verdict)], Change(handover=left, dialogue_state={}))
    if (said.choice or {}).get("intent") == _HAND_BACK:
        payload = parts.replies.handed_back(mode)
        return Draft([rendering.from_payload(payload, mode=mode)], Change(handover="none"))
    if said.choice is not None and said.choice["intent"] == _RATE_PERSON:
        return await _rated(parts, turn, said.choice)
    if turn.conversation.handover in SILENT:
        return _silent(parts, turn, mode)
    off = switched_off(parts.storage.operator, parts.replies, mode=mode, verdict=verdict)
    if off is not None and not wants_person(said.choice):
        return Draft([off])
    nothing_left = bool(kinds) and not _PLACEHOLDER.sub("", turn.user.text).strip(" .,;:!?-")
    if nothing_left and turn.conversation.handover != "collecting":
        payload = parts.replies.hidden_data(kinds, mode, nothing_left=True)
        return Draft([rendering.from_payload(payload, mode=mode)])
    notices = [parts.replies.hidden_data(kinds, mode, nothing_left=False)] if kinds else []
    draft = _declined(parts, turn, said, verdict) or await _dialogue(parts, turn, said, verdict)
    told = [rendering.from_payload(notice, mode=mode, sender="system") for notice in notices]
    return dataclasses.replace(draft, replies=[*told, *draft.replies])


async def _rated(parts: Services, turn: Turn, choice: Mapping[str, Any]) -> Draft:
    helpful = choice["entities"]["helpful"] == "yes"
    await run_sync(lambda: parts.storage.handovers.rate(turn.conversation.id, helpful=helpful))
    await tell_staff(parts)
    mode = turn.conversation.reading_mode
    return Draft([rendering.from_payload(parts.replies.notice("person_rated", mode), mode=mode, sender="system")])


def _silent(parts: Services, turn: Turn, mode: str) -> Draft:
    if turn.conversation.silence_noted:
        return Draft([])
    note = rendering.from_payload(parts.replies.with_person(mode), mode=mode, sender="system")
    return Draft([note], Change(silence_noted=True))


def _declined(parts: Services, turn: Turn, said: Said, verdict: Verdict | None) -> Draft | None:
    """Answer calmly what is no question, such as an insult or an order to the machine; None for a question."""
    mode, found = turn.conversation.reading_mode, parts.conduct.check(turn.user.text) if said.choice is None else None
    if found is None:
        return None
    payload: Payload = {**parts.replies.notice(f"conduct_{found.kind}", mode), "citations": found.citations}
    if verdict is not None:
        payload = rendering.with_help(payload, parts.replies.help_lines(mode))
    return Draft([rendering.from_payload(payload, mode=mode)])


async def _dialogue(parts: Services, turn: Turn, said: Said, verdict: Verdict | None) -> Draft:
    conversation, mode = turn.conversation, turn.conversation.reading_mode
    lines = parts.replies.help_lines(mode) if verdict is not None else None
    asked = rasa_turn(conversation, parts.conduct.plain(turn.user.text), said.choice)
    draft = await ask_dialogue(parts, conversation, asked, help_lines=lines)
    return draft or Draft([rendering.from_payload(parts.replies.unavailable(mode), mode=mode)])


async def ask_dialogue(
    parts: Services, conversation: Conversation, asked: RasaTurn, *, help_lines: Payload | None = None
) -> Draft | None:
    """Return what the dialogue answers, with help lines under it if given; None if it cannot answer."""
    try:
        reply = await parts.rasa.say(asked)
        payloads = list(reply.messages)
        if help_lines is not None:
            payloads[-1] = rendering.with_help(payloads[-1], help_lines)
        change = _change(reply)
        mode = change.reading_mode or conversation.reading_mode
        return Draft([rendering.from_payload(item, mode=mode) for item in payloads], change)
    except (RasaUnavailable, ValueError, TypeError, KeyError, AttributeError) as error:
        # The other errors mean that a payload is not of the agreed shape: to the reader it is the same.
        event(_logger, "dialogue_failed", level=logging.WARNING, kind=type(error).__name__)
        return None


def rasa_turn(conversation: Conversation, text: str, choice: Mapping[str, Any] | None) -> RasaTurn:
    """Return what Rasa is asked: a pressed choice, or the redacted text."""
    context = {"reading_mode": conversation.reading_mode, "audience": conversation.audience}
    turn = RasaTurn(conversation=tokens.rasa_name(conversation.id), state=conversation.dialogue_state, context=context)
    if choice is not None:
        return dataclasses.replace(turn, intent=choice["intent"], entities=choice.get("entities") or {})
    return dataclasses.replace(turn, text=for_dialogue(text))


def _change(reply: RasaReply) -> Change:
    def last(key: str, allowed: frozenset[str]) -> str | None:
        values = [item[key] for item in reply.messages if item.get(key) in allowed]
        return values[-1] if values else None

    return Change(
        reading_mode=last("reading_mode", _MODES),
        audience=last("audience", _AUDIENCES),
        handover=last("handover", _DIALOGUE_HANDOVERS),
        dialogue_state=dict(reply.state) if reply.state is not None else None,
    )
