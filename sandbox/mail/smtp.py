"""The SMTP server: STARTTLS and a login before anything else, and the faults that can be switched on."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# It warns of its own deprecated attributes at every login.
logging.getLogger("mail.log").setLevel(logging.ERROR)

Deliver = Callable[[str, list[str], bytes], None]


@dataclass
class SmtpFaults:
    """Faults of the server; all can be changed at any time."""

    starttls: bool = True
    """STARTTLS is offered."""
    relay: bool = True
    """Mail is accepted for recipients elsewhere."""
    refused: set[str] = field(default_factory=set)
    """Addresses that do not exist."""
    busy: bool = False
    """Everything is answered with «try again later»."""
    hang_up: bool = False
    """The connection breaks after a mail is taken, before the answer."""


class SmtpServer:
    """Listens on loopback, in the running event loop."""

    def __init__(
        self, context: ssl.SSLContext, user: str, password: str, deliver: Deliver, faults: SmtpFaults
    ) -> None:
        self._context = context
        self._login = (user.encode(), password.encode())
        self._deliver = deliver
        self.faults = faults
        self.greetings: set[str] = set()
        """The names by which those who sent a mail called themselves (EHLO)."""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[SMTP] = set()

    async def start(self) -> None:
        """Listen; on the same port as before, if there was one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host="127.0.0.1", port=self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and cut who is connected."""
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

    # What aiosmtpd asks of its handler

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
        content = envelope.original_content or b""
        self._deliver(envelope.mail_from or "", envelope.rcpt_tos, content)
        if self.faults.hang_up:
            _cut(server)
        return "250 OK"


def _cut(connection: SMTP) -> None:
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()


class _Quiet(SMTP):
    """A client that goes away in the middle of something is nothing to speak of here."""

    async def handle_exception(self, error: Exception) -> str:
        """The answer to an error in a handler."""
        return "451 4.3.0 Local error"
