"""The ways to notify, one by one: encryption, sign-in, what settings make of them."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult

from assistant.errors import SettingsError
from assistant.notify import sender as senders
from assistant.notify.channel import NotDelivered
from assistant.notify.letter import Letter
from assistant.notify.mail import Mail, MailServer
from assistant.settings import Secret, Settings
from assistant.storage.storage import Storage
from tests.unit.assistant.mail_and_hook import Mailbox, mail_server


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def outbox(tmp_path):
    storage = Storage(Settings(data_dir=tmp_path))
    yield storage.outbox
    storage.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's and the client's side of a certificate for 127.0.0.1 of our own."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(plain + signed.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


LETTER = Letter(id="x", kind="test", reference="", created_at=0, subject="Test", text="Test\n", link="")


async def test_starttls_and_sign_in(mailbox, certificate):
    server_side, client_side = certificate

    def authenticate(_server, _session, _envelope, _mechanism, data):
        mailbox.users.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"tls_context": server_side, "authenticator": authenticate, "auth_required": True}
    with mail_server(mailbox, **options) as port:
        server = MailServer("smtp+starttls", "127.0.0.1", port, "chat", "right")
        await Mail(server, sender="a@example.org", to=("b@example.org",), tls=client_side).send(LETTER)
        wrong = MailServer("smtp+starttls", "127.0.0.1", port, "chat", "wrong")
        with pytest.raises(NotDelivered, match="535"):
            await Mail(wrong, sender="a@example.org", to=("b@example.org",), tls=client_side).send(LETTER)
        # A certificate that nobody vouches for is refused.
        with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
            await Mail(server, sender="a@example.org", to=("b@example.org",)).send(LETTER)
    assert mailbox.tls_seen == [True]
    assert mailbox.users[0] == "chat"


async def test_encryption_that_is_wanted_and_not_offered_is_no_delivery(mailbox):
    with mail_server(mailbox) as port:
        server = MailServer("smtp+starttls", "127.0.0.1", port)
        with pytest.raises(NotDelivered, match="SMTPNotSupportedError"):
            await Mail(server, sender="a@example.org", to=("b@example.org",)).send(LETTER)
    assert mailbox.letters == []


def test_a_password_shows_in_no_printed_form():
    assert "hush" not in repr(MailServer("smtps", "mail.example.org", 465, "me", "hush"))


@pytest.mark.parametrize(
    "halves",
    [
        {"smtp_url": Secret("smtp://localhost")},
        {"smtp_url": Secret("smtp://localhost"), "notify_from": "a@example.org"},
        {"webhook_url": "https://example.org/hook"},
    ],
)
def test_a_way_that_is_set_by_halves_stops_the_start(outbox, halves):
    with pytest.raises(SettingsError):
        senders.from_settings(Settings(**halves), outbox, print)


async def test_settings_make_the_ways(outbox):
    settings = Settings(
        smtp_url=Secret("smtps://me%40example.org:p%2Fw@mail.example.org"),
        notify_from="a@example.org",
        notify_to=("b@example.org",),
        webhook_url="https://example.org/hook",
        webhook_secret=Secret("s"),
    )
    made = senders.from_settings(settings, outbox, print)
    assert made.channels == ("mail", "webhook")
    found = Mail.from_settings(settings)._server
    assert (found.host, found.port, found.user, found.password) == ("mail.example.org", 465, "me@example.org", "p/w")
    await made.close()
