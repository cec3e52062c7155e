"""The bot's mail servers, and everybody's mailboxes and calendars."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ipaddress
import logging
import re
import ssl
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sandbox.clock import MovableClock
from sandbox.mail import clients
from sandbox.mail.calendar import Entry, PartStat, PersonalCalendar
from sandbox.mail.clients import Client
from sandbox.mail.imap import ImapServer, Mailbox

USER = "tot"
PASSWORD = "sandbox mail"  # noqa: S105  (opens nothing but this sandbox)
ADDRESS = "kalender@kommune.example"
#: The receiving server's name in Authentication-Results.
AUTHSERV_ID = "mx.kommune.example"


@dataclass(frozen=True)
class SentMail:
    """A mail that the bot has sent."""

    at: datetime
    sender: str
    recipient: str
    raw: bytes

    def read(self) -> tuple[EmailMessage, str]:
        """Return the parsed mail and its plain text."""
        mail = email.message_from_bytes(self.raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        return mail, body.get_content().strip() if body is not None else ""


class MailServers:
    """Mail servers for the bot, which run inside an `async with`. The bot's address is `address`."""

    def __init__(self, clock: MovableClock) -> None:
        self.address = ADDRESS
        self.authserv_id = AUTHSERV_ID
        self.sent: list[SentMail] = []
        self.faults = SmtpFaults()
        self._clock = clock
        self._listeners: list[Callable[[SentMail], None]] = []
        self._mailboxes: dict[str, Mailbox] = {}
        self._calendars: dict[str, PersonalCalendar] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-mail-")
        self.authority = make_certificate(Path(self._folder.name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority)
        self.smtp = SmtpServer(context, self._take, self.faults)
        self.imap = ImapServer(context, USER, PASSWORD, self.mailbox(ADDRESS))

    @property
    def smtp_url(self) -> str:
        """The URL for the bot to send mail."""
        return f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@localhost:{self.smtp.port}"

    @property
    def imap_url(self) -> str:
        """The URL for the bot to read mail."""
        return f"imaps://{USER}:{PASSWORD.replace(' ', '%20')}@localhost:{self.imap.port}"

    async def __aenter__(self) -> MailServers:
        await self.smtp.start()
        await self.imap.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.smtp.stop()
        await self.imap.stop()
        self._folder.cleanup()

    # --- mailboxes and calendars ---------------------------------------------------------------------------

    def mailbox(self, address: str) -> Mailbox:
        """Return the mailbox of an address, without the part from «+» to «@»."""
        name = re.sub(r"\+[^@]*@", "@", address.lower())
        return self._mailboxes.setdefault(name, Mailbox(name))

    def calendar(self, address: str) -> PersonalCalendar:
        return self._calendars.setdefault(address.lower(), PersonalCalendar())

    def invited(self, address: str) -> list[Entry]:
        """Return the meetings in this address's calendar, soonest first."""
        return self.calendar(address).standing()

    def on_sent(self, listener: Callable[[SentMail], None]) -> None:
        """Call `listener` with every mail that the bot sends."""
        self._listeners.append(listener)

    def _take(self, sender: str, recipients: list[str], raw: bytes) -> None:
        for recipient in recipients:
            sent = SentMail(self._clock.now(), sender, recipient, raw)
            self.sent.append(sent)
            for listener in self._listeners:
                listener(sent)
            self.mailbox(recipient).put(raw)
            self.calendar(recipient).receive(raw)

    # --- what people do ---------------------------------------------------------------------

    def answer(
        self,
        address: str,
        partstat: PartStat,
        client: Client = "outlook",
        *,
        comment: str = "",
        uid: str = "",
    ) -> None:
        """Answer the soonest invitation, or that of `uid`. Raise LookupError if there is none to answer."""
        calendar = self.calendar(address)
        entry = next(iter(calendar.standing()), None) if not uid else calendar.entries.get(uid)
        if entry is None or entry.cancelled:
            raise LookupError(f"nothing to answer in the calendar of {address}")
        calendar.answered(entry.uid, partstat)
        raw = clients.reply(client, entry, partstat, self._clock.now(), comment=comment)
        self.deliver(entry.organizer, raw)

    def write_back(self, address: str, text: str) -> None:
        """Answer the newest mail to this address in words. Raise LookupError if there is none."""
        got = [sent for sent in self.sent if sent.recipient.lower() == address.lower()]
        if not got:
            raise LookupError(f"{address} has got no mail")
        raw = clients.written(got[-1].raw, address, text, self._clock.now())
        self.deliver(parseaddr(str(email.message_from_bytes(raw)["To"]))[1], raw)

    def answer_as(self, invited: str, other: str, partstat: PartStat) -> None:
        """Answer an invitation as `other`, to whom it was forwarded."""
        entry = self.calendar(invited).standing()[0]
        raw = clients.reply("google", replace(entry, attendee=other), partstat, self._clock.now())
        self.deliver(entry.organizer, raw)

    def deliver(
        self, recipient: str, raw: bytes, *, sent_by: str | None = None, found: Sequence[str] = ()
    ) -> None:
        """Deliver a mail to a mailbox, with the header fields that a receiving mail server adds.

        `sent_by` is the domain whose server really sends it, by default that of From. SPF and DKIM pass for
        it, and DMARC if it is the domain of From. `found` replaces these results, one header for each.
        Results from outside under this server's own name are removed (RFC 8601, 5).
        """
        verdicts = found or [_found_of(raw, sent_by)]
        trace = [f"Delivered-To: {recipient}", *(f"{_RESULTS}: {AUTHSERV_ID}; {each}" for each in verdicts)]
        trace.append(f"Received: from {sent_by or 'mx.example'} by {AUTHSERV_ID}")
        self.mailbox(recipient).put("".join(f"{line}\r\n" for line in trace).encode() + _without_ours(raw))

    async def read(self, within: float = 60.0) -> None:
        """Wait until the bot has read its mailbox. Raise TimeoutError if it takes too long."""
        inbox = self.mailbox(ADDRESS)
        async with asyncio.timeout(within):
            while inbox.unseen:
                await inbox.changed()


_RESULTS = "Authentication-Results"
_OURS = re.compile(
    rb"^%b:[ \t\r\n]*%b\b.*\r?\n(?:[ \t].*\r?\n)*" % (_RESULTS.encode(), re.escape(AUTHSERV_ID.encode())),
    re.IGNORECASE | re.MULTILINE,
)

_SENDER = re.compile(rb"^From:[^\r\n]{0,500}@([a-z0-9.-]+)", re.IGNORECASE | re.MULTILINE)
_LARGEST_HEAD = 100_000


def _without_ours(raw: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    return _OURS.sub(b"", head + b"\r\n")[:-2] + blank + body


def _found_of(raw: bytes, sent_by: str | None) -> str:
    """Return the results for a mail sent by this domain's server (RFC 8601, 2.7; RFC 7489, 3.1)."""
    head = raw[:_LARGEST_HEAD].partition(b"\r\n\r\n")[0]
    sender = _SENDER.search(head)
    domain = sender[1].decode("ascii", "replace").lower() if sender is not None else ""
    by = domain if sent_by is None else sent_by
    if not domain or not by:
        return "none"
    dmarc = "pass" if by == domain else "fail"
    return f"spf=pass smtp.mailfrom={by}; dkim=pass header.d={by}; dmarc={dmarc} header.from={domain}"


def make_certificate(folder: Path) -> Path:
    """Write a self-signed certificate and key for loopback to `mail.pem` in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox mail")])
    now = datetime.now(UTC)
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "mail.pem"
    file.write_bytes(pem)
    file.chmod(0o600)
    return file


# aiosmtpd warns of its own deprecated attributes at every login.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass
class SmtpFaults:
    """Faults of the SMTP server, which can be changed at any time."""

    starttls: bool = True
    """Offer STARTTLS."""
    relay: bool = True
    """Accept mail to other servers' recipients."""
    sender: bool = True
    """Accept the sender's address."""
    content: bool = True
    """Accept the content."""
    refused: set[str] = field(default_factory=set)
    """Addresses that do not exist."""
    busy: bool = False
    """Refuse every recipient with «try again later»."""
    hang_up: bool = False
    """Break the connection after a mail is accepted, before the answer."""


class SmtpServer:
    """Listens on loopback, in the running event loop, and requires STARTTLS and a login."""

    def __init__(
        self, context: ssl.SSLContext, deliver: Callable[[str, list[str], bytes], None], faults: SmtpFaults
    ) -> None:
        self._context = context
        self._login = (USER.encode(), PASSWORD.encode())
        self._deliver = deliver
        self.faults = faults
        self.greetings: set[str] = set()
        """The names by which those who sent a mail called themselves (EHLO)."""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[SMTP] = set()

    async def start(self) -> None:
        """Listen, on the earlier port after a restart."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host="127.0.0.1", port=self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and cut all connections."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for protocol in list(self._open):
            _cut(protocol)
        self._open.clear()

    def _protocol(self) -> SMTP:
        encrypted = self.faults.starttls
        protocol = _Quiet(
            self,
            hostname="localhost",
            ident="sandbox",
            tls_context=self._context if encrypted else None,
            require_starttls=encrypted,
            auth_required=encrypted,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )
        self._open.add(protocol)
        return protocol

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == self._login
        return AuthResult(success=right, handled=right)

    # The handler methods that aiosmtpd calls

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.faults.sender:
            return "553 5.7.1 Sender address rejected"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.faults.relay:
            return "554 5.7.1 <recipient>: Relay access denied"
        if self.faults.busy:
            return "451 4.3.0 Try again later"
        if address.lower() in self.faults.refused:
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.greetings.add(str(session.host_name))
        if not self.faults.content:
            return "554 5.6.0 Message refused"
        content = envelope.original_content or b""
        self._deliver(envelope.mail_from or "", envelope.rcpt_tos, content)
        if self.faults.hang_up:
            _cut(server)
        return "250 OK"


def _cut(connection: SMTP) -> None:
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()


class _Quiet(SMTP):
    """An SMTP protocol that logs no error when a client disconnects."""

    async def handle_exception(self, error: Exception) -> str:
        """Return the answer to an error in a handler."""
        return "451 4.3.0 Local error"
