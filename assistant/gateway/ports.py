"""What the gateway needs from others, as Protocols; `create_app` chooses what fills them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Verdict(Protocol):
    """What a safeguarding check found in a message."""

    @property
    def kind(self) -> str:
        """What it is about, such as `crisis_immediate`."""

    @property
    def category(self) -> str | None:
        """What it is about, finer than the article; chooses the first words of the reply."""

    @property
    def score(self) -> float:
        """How sure the check is, 0 to 1."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Which pattern or classifier decided; never the text itself."""

    @property
    def informational(self) -> bool:
        """True if the subject is only asked about: the answer is given and the help lines are shown."""

    @property
    def article_id(self) -> str:
        """The article with the words to reply."""


class Guard(Protocol):
    """Looks at a message before anything else does."""

    def check(self, text: str, previous: Sequence[str] = ()) -> Verdict | None:
        """Return what was found, or None for an ordinary message.

        Args:
            text: The message as typed (Unicode-normalised, not redacted).
            previous: The writer's last few messages, oldest first, redacted.
        """


@dataclass(frozen=True)
class Redaction:
    """A text with personal data replaced by placeholders, and which kinds were replaced."""

    text: str
    kinds: tuple[str, ...] = ()


class Redactor(Protocol):
    """Takes personal data out of a text."""

    def redact(self, text: str) -> Redaction:
        """Return the text as it may be kept; doing it twice changes nothing more."""


@dataclass(frozen=True)
class Misconduct:
    """A message that is no question.

    Attributes:
        kind: What it does instead, such as `insult`; chooses the reply.
        citations: Where the reply comes from.
    """

    kind: str
    citations: Sequence[Mapping[str, Any]] = ()


class Conduct(Protocol):
    """Tells questions from insults, swearing, and orders to the machine."""

    def check(self, text: str) -> Misconduct | None:
        """Return what a message does instead of asking; None for everything that is to be answered."""

    def plain(self, text: str) -> str:
        """Return a message without its swear words."""


@dataclass(frozen=True)
class RasaReply:
    """What one turn of the dialogue gives back."""

    messages: tuple[Mapping[str, Any], ...]
    state: Mapping[str, Any] | None


@dataclass(frozen=True)
class RasaTurn:
    """One turn for the dialogue: either `text` or `intent` with `entities`."""

    conversation: str
    text: str | None = None
    intent: str | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


class Rasa(Protocol):
    """The dialogue."""

    async def say(self, turn: RasaTurn) -> RasaReply:
        """Take one turn.

        Raises:
            RasaUnavailable: No usable answer within the time allowed.
        """

    async def health(self) -> Mapping[str, bool]:
        """Tell of each part behind the gateway (`rasa`, `actions`) whether it answers."""

    async def close(self) -> None:
        """Let go of connections."""


Payload = Mapping[str, Any]


class Replies(Protocol):
    """The gateway's own sentences, kept in content files; payloads of the shape that Rasa sends."""

    def welcome(self, mode: str, *, keep_days: int | None = None) -> Sequence[Payload]:
        """Return the first messages: what this is, that it is not a person, what is kept and how long."""

    def unavailable(self, mode: str) -> Payload:
        """Return the apology with contacts for when the dialogue cannot answer."""

    def safeguarding(self, article_id: str, mode: str, category: str | None = None) -> Payload:
        """Return the reply to a safeguarding message; must work with everything else down."""

    def help_lines(self, mode: str) -> Payload:
        """Return the help lines that go under an answer about a safeguarding subject."""

    def hidden_data(self, kinds: Sequence[str], mode: str, *, nothing_left: bool) -> Payload:
        """Say what was hidden and why; with `nothing_left`, also ask for the question."""

    def with_person(self, mode: str) -> Payload:
        """Say once that a person has the conversation and the assistant is silent."""

    def handed_back(self, mode: str) -> Payload:
        """Say that the assistant answers again, as the family wished."""

    def handed_over(self, mode: str, *, reference: str, expected: str) -> Payload:
        """Confirm a request for a person, with its reference and when to expect a reply."""

    def notice(self, key: str, mode: str, **values: str) -> Payload:
        """Return a notice of the text file: `person_closed`, `person_back`, `person_rated`, `switched_off` (reason)."""

    def phrase(self, key: str) -> str:
        """Return one of the short sentences, such as a problem's detail."""


class NoGuard:
    """Finds nothing; for tests of other things."""

    def check(self, text: str, previous: Sequence[str] = ()) -> Verdict | None:
        """Return None."""
        return None


class NoConduct:
    """Finds nothing; for tests of other things."""

    def check(self, text: str) -> Misconduct | None:
        """Return None."""
        return None

    def plain(self, text: str) -> str:
        """Return the text unchanged."""
        return text


class NoRedactor:
    """Hides nothing; for tests of other things."""

    def redact(self, text: str) -> Redaction:
        """Return the text unchanged."""
        return Redaction(text)
