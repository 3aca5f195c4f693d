"""E-mail by SMTP, with the standard library's client in a thread."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from urllib.parse import unquote, urlsplit

from anyio.to_thread import run_sync

from assistant.errors import SettingsError
from assistant.notify.channel import NotDelivered
from assistant.notify.letter import Letter
from assistant.settings import Settings
from assistant.storage import moments

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS = 15.0
# A server that drips along never reaches the limit of one step.
_SECONDS_IN_ALL = 40.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; `scheme` is smtp, smtp+starttls or smtps."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Leave name and password out."""
        return f"MailServer({self.scheme}://{self.host}:{self.port})"


class Mail:
    """Sends letters to one or several mailboxes.

    Args:
        server: Where mail is handed in.
        sender: Address of the sender.
        to: Who hears of requests and tests.
        safeguarding_to: Who hears of safeguarding records.
        seconds: Longest wait for one step.
        tls: How the server's certificate is checked; by default as the system does.
    """

    name = "mail"

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        to: tuple[str, ...],
        safeguarding_to: tuple[str, ...] = (),
        seconds: float = _SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Remember the parts."""
        self._server, self._sender, self._to = server, sender, to
        self._safeguarding_to = safeguarding_to or to
        self._seconds, self._tls = seconds, tls or ssl.create_default_context()

    @classmethod
    def from_settings(cls, settings: Settings) -> Mail | None:
        """Return the channel as set; None if there is none.

        Raises:
            SettingsError: A sender or somebody to tell is missing.
        """
        if not settings.smtp_url:
            return None
        if not settings.notify_from or not settings.notify_to:
            raise SettingsError(
                "ASSISTANT_SMTP_URL is set: give ASSISTANT_NOTIFY_FROM and ASSISTANT_NOTIFY_TO as well."
            )
        return cls(
            _server(settings.smtp_url.value),
            sender=settings.notify_from,
            to=settings.notify_to,
            safeguarding_to=settings.notify_safeguarding_to,
        )

    async def send(self, letter: Letter) -> None:
        """Hand a letter in.

        Raises:
            NotDelivered: The server refused it, could not be reached, or took too long.
        """
        message = self._message(letter)
        try:
            async with asyncio.timeout(max(_SECONDS_IN_ALL, self._seconds)):
                await run_sync(partial(self._hand_in, message), abandon_on_cancel=True)
        except smtplib.SMTPResponseException as error:
            # The server's own words can repeat an address.
            raise NotDelivered(f"mail: the server answered {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError, TimeoutError) as error:
            raise NotDelivered(f"mail: {type(error).__name__}") from error

    async def close(self) -> None:
        """Do nothing: each letter has a connection of its own."""

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        to = self._safeguarding_to if letter.kind == "safeguarding" else self._to
        message["From"], message["To"], message["Subject"] = self._sender, ", ".join(to), letter.subject
        message["Date"] = format_datetime(moments.from_ms(letter.created_at))
        message["Message-ID"] = f"<{letter.id}@{self._sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.kind == "safeguarding":
            message["Importance"] = "high"
        message.set_content(letter.text)
        return message

    def _hand_in(self, message: EmailMessage) -> None:
        with self._connected() as client:
            if self._server.user:
                client.login(self._server.user, self._server.password)
            client.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._seconds, context=self._tls)
        client = smtplib.SMTP(server.host, server.port, timeout=self._seconds)
        try:
            client.ehlo()
            if client.has_extn("starttls"):
                client.starttls(context=self._tls)
            elif server.scheme == "smtp+starttls" or (server.user and server.host not in _LOOPBACK):
                raise smtplib.SMTPNotSupportedError("no encryption offered")
        except BaseException:
            client.close()
            raise
        return client


def _server(url: str) -> MailServer:
    parts = urlsplit(url)
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
